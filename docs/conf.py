"""Settings of the documentation site: `make site` builds it with Sphinx, MyST and furo, without any network.

The folder of sources is the checkout, so that links between pages, and from pages to the README or an example, are the
same in the site as on a code host. Pages are named below; links to any other file are kept by `repository_files`.
"""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "computecalc"
version = release = installed_version("computecalc")
author = "computecalc developers"
language = "en"

extensions = ["myst_parser", "contents", "mathml", "repository_files"]
root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/**.md", "validation/README.md"]
exclude_patterns = [".*", "build", "dist", "src", "tests", "catalogs", "docs/_*"]
templates_path = ["_templates"]

myst_enable_extensions = ["dollarmath"]
myst_dmath_allow_space = False
myst_dmath_allow_digits = False
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4
"""Headings get the anchors that code hosts give them."""

nitpicky = True
highlight_language = "none"
html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"computecalc {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_additional_pages = {"index": "front.html"}
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
html_use_index = False
