"""The page: one self-contained HTML file for estimates, comparisons, checks and searches."""
