"""The Python functions of computecalc, and the steps that they share with the commands.

* `outcomes`: raw scenarios to estimates.
* `judging`: budgets against estimates.
* `searching`, `service_searching`: the best runs and services.
* `sweeping`: plans and limits of sweeps.
* `arguments`, `subjects`: what Python callers give, as the scenario that flags and files give too.
* `estimating`, `optimizing`, `checking`: the public functions.
* `results`, `found`, `judged`: what they return; `notebook` shows it.

What is public, and stays, is in ``computecalc.__all__``; the modules here are not.
"""
