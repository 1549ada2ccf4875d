"""Charts: what is drawn, on a terminal by `--plot`, and as pictures by `-o png=PATH` and `-o svg=PATH`.

* `charts`: bars of estimates, their lengths and the texts beside them.
* `search_charts`: the same of searches.
* `terminal`: bars and points of characters.
* `pictures`: PNG and SVG, by matplotlib, which comes with the extra ``plot``.
"""
