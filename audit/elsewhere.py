"""Findings on like vouchers in other cases, handed to the pages as data: the pages know no other case than their own.

Who knows the portfolio (the server) puts a function into the environment of a request; where nobody does, as in plain
Fava, nothing is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from ledger.model.records import Voucher

ELSEWHERE = "grantledger.elsewhere"
ACROSS = "grantledger.across"


class FindingElsewhere(NamedTuple):
    """An auditor's finding in another case; NT$. `item` is what the voucher bought."""

    case: str
    company: str
    voucher: str
    seller: str
    item: str
    state: str
    declared: int
    deducted: int
    clause: str
    comment: str


class FindingAcross(NamedTuple):
    """What this case and others have against each other; NT$.

    `message` is empty where it is about a case that who asks may not see. `cases` are the others, with their addresses.
    """

    id: str
    check: str
    severity: str
    message: str
    amount: int | None
    voucher: str
    cases: tuple[tuple[str, str], ...]
    dismissed: str = ""


class Across(NamedTuple):
    """The findings across cases that are about one case, and whether they are of the cases as they were last indexed."""

    findings: Sequence[FindingAcross] = ()
    is_current: bool = True


Find = Callable[[Voucher], Sequence[FindingElsewhere]]


def across_of(environ: Mapping[str, Any]) -> Across:
    """What the other cases have against the one that is asked about; nothing where no portfolio is known."""
    tell: Callable[[], Across] = environ.get(ACROSS, Across)
    return tell()


def finder_of(environ: Mapping[str, Any]) -> Find:
    """What finds findings on like vouchers for who asks; nothing where no portfolio is known."""
    find: Find = environ.get(ELSEWHERE, _none)
    return find


def _none(_voucher: Voucher) -> Sequence[FindingElsewhere]:
    return ()
