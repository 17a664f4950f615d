"""How the documentation is built: `just docs`, or `.venv/bin/sphinx-build docs docs/_build`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

project = "Uppsikt"
author = "The Uppsikt developers"
copyright = "the Uppsikt developers, EUPL-1.2"  # the name that Sphinx looks for
release = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
language = "en"

extensions = ["myst_parser", "duties_table"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_ext", "decisions/README.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Uppsikt"
html_copy_source = False
