"""The `grant` command: a module a command group; no rule and no arithmetic here."""

import os
import sys

# `python -m cli.main` puts the folder that one stands in first on the import path. That may be a stranger's case, so
# it goes before anything else is imported, unless this very program lies in it.
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 -- pathlib could be the case's
sys.path[:] = [
    each
    for each in sys.path
    if each and (os.path.abspath(each) != os.getcwd() or os.path.abspath(each) == _HERE)  # noqa: PTH100, PTH109
]
