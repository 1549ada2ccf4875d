"""A plan from Python: estimate a run, find a better layout, hold it to a budget, and compare sizes of cluster.

    python examples/python-api.py

Every function takes what the commands take; docs/python-api.md tells more.
"""

import computecalc as cc

PRICE = "2.50 USD/accelerator/h"


def main() -> None:
    """Print what a run takes, and what would make it cheaper."""
    run = cc.estimate(
        "llama-3.1-8b",
        tokens="15T tokens",
        sequence_length=8192,
        global_batch="4M tokens",
        accelerator="h100-sxm",
        count=512,
        price=PRICE,
        region="US-VA",
    )
    print(run)
    print()

    cost, driver = run["cost.total"], run["cost.total"].driver
    print(f"The cost is {cost.to('MUSD')}; its range comes from {driver}: {run.inputs.get(driver or '', 'a prior')}")
    print(f"Water is {run['water.total']}: {run['water.total'].reason}")
    print()

    verdicts = cc.check(run, "cost.total <= 2 MUSD", "time.wall <= 60 d", "memory.fits == 1")
    print(verdicts)
    print()

    best = cc.optimize(
        "llama-3.1-8b",
        tokens="15T tokens",
        sequence_length=8192,
        global_batch="4M tokens",
        accelerator=["h100-sxm", "h200-sxm"],
        count=[256, 512],
        price=PRICE,
        by="cost",
        limits="time.wall <= 60 d",
        top=3,
        quick=True,
    )
    print(best)
    print()

    sizes = cc.estimate_all(
        {
            "version": 1,
            "scenarios": {
                "sizes": {
                    "kind": "train",
                    "model": "llama-3.1-8b",
                    "data": {"tokens": "15T tokens"},
                    "cluster": {"accelerator": "h100-sxm"},
                    "efficiency": {"mfu": "0.35..0.40..0.45"},
                    "money": {"price": PRICE},
                    "matrix": {"cluster.count": [256, 512, 1024]},
                }
            },
        }
    )
    for each in sizes:
        print(f"{each.name:<12} {each['time.wall']!s:>26} {each['cost.total']!s:>30}")


if __name__ == "__main__":
    main()
