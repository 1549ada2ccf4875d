"""The catalog: accelerators, models, precisions, grids, sites, prices and priors, each figure with its source.

* `attributes`: the table of labels and figures of each kind, which everything else reads.
* `provenance`, `entries`: what a loaded figure and a loaded entry are.
* `loading` (with `entry_reading`, `figures`, `sources`, `findings`): a file to entries, all problems at once.
* `index`, `indexing`, `excerpts`, `locating`, `layers`: the shipped folder, its index, and overlays.
* `lookup`: `Catalog`, the door for the rest of the program.
* `architecture`, `shorthand`: the shape of a model, and the short form of it; the only modules with pydantic.
"""
