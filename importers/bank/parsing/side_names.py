"""Names of a debit and a credit."""

from __future__ import annotations

import re

_SIDE = re.compile(r"借方|貸方|^[借貸]$|debit|credit|^[dc]r?$")


def is_ledger_side(name: str) -> bool:
    """Whether a folded column name, or a value of the 借貸別 column, is a debit's or a credit's."""
    return _SIDE.search(name) is not None
