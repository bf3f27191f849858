"""Beancount plugins that say, at entry, what an auditor would object to later.

`plugin "checks"` runs all of them; `plugin "checks.account"` runs one family. Both take a config that selects and
ignores checks and changes their severity; see `checks.engine.settings`.
"""

from __future__ import annotations

from typing import Any

from beancount.core import data

from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin

__plugins__ = ("all_checks",)


def all_checks(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """Every check of the catalogue."""
    return run_plugin(entries, options, config)
