"""How much a case deserves a look: points with the reason of each, and which look it gets by them.

Points and thresholds are data (`rules.toml`); nothing here decides alone, and every point is told.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

import duckdb

from ledger.errors import GrantError
from ledger.schemes.loader import load_scheme
from ledger.util.i18n import _
from portfolio.cross_checks import CrossFinding
from portfolio.rules import Rules

LOOKS = ("on_site", "full", "sample", "desk")


class Reason(NamedTuple):
    """Points and where they come from."""

    points: int
    why: str


class CaseRisk(NamedTuple):
    """A case with its figures (a row of the table `cases` by column), its points, and the look that it gets."""

    path: str
    case: dict[str, Any]
    reasons: tuple[Reason, ...]
    look: str

    @property
    def points(self) -> int:
        """All points."""
        return sum(reason.points for reason in self.reasons)


def look_name(look: str) -> str:
    """What a look is called on screens and sheets."""
    return {"on_site": _("實地查核"), "full": _("全部查核"), "sample": _("抽查"), "desk": _("書面審查")}[look]


@functools.lru_cache(maxsize=256)
def scheme_name(scheme: str) -> str:
    """What a scheme is called; its id where it is a case's own."""
    try:
        return load_scheme(scheme).name
    except GrantError:
        return scheme


def rank(
    connection: duckdb.DuckDBPyConnection, crossed: Sequence[CrossFinding], dismissed: set[str], rules: Rules
) -> list[CaseRisk]:
    """All cases, the riskiest first."""
    across: dict[str, list[CrossFinding]] = defaultdict(list)
    for finding in crossed:
        if finding.id not in dismissed:
            for path in finding.cases:
                across[path].append(finding)
    cursor = connection.execute("SELECT * FROM cases ORDER BY path")
    names = [column[0] for column in cursor.description or ()]
    ranked = []
    for row in cursor.fetchall():
        case = dict(zip(names, row, strict=True))
        reasons = tuple(reason for reason in _reasons(case, across[case["path"]], rules) if reason.points)
        points = sum(reason.points for reason in reasons)
        ranked.append(CaseRisk(case["path"], case, reasons, _look(points, rules)))
    return sorted(ranked, key=lambda risk: (-risk.points, risk.path))


def _look(points: int, rules: Rules) -> str:
    return next((look for look in LOOKS[:-1] if points >= rules["assurance"][look]), LOOKS[-1])


def _reasons(case: dict[str, Any], across: Sequence[CrossFinding], rules: Rules) -> list[Reason]:
    points = rules["risk"]
    serious = [finding for finding in across if finding.severity == "error"]
    cost, stake = case["accepted"] or 0, min(case["at_stake"] or 0, case["accepted"] or 0)
    reasons = [
        Reason(int(case["errors"] * points["error"]), _("{count} 個錯誤").format(count=case["errors"])),
        Reason(int(case["warnings"] * points["warning"]), _("{count} 個提醒").format(count=case["warnings"])),
        Reason(int(len(serious) * points["cross_error"]), _("{count} 個跨案錯誤").format(count=len(serious))),
        Reason(
            int((len(across) - len(serious)) * points["cross_warning"]),
            _("{count} 個跨案提醒").format(count=len(across) - len(serious)),
        ),
    ]
    if cost:
        share = int(points["stake_share"] * stake // cost)
        reasons.append(Reason(share, _("錯誤涉及認列支出的 {percent}%").format(percent=100 * stake // cost)))
    if case["approved_government"] >= points["large_grant_from"]:
        reasons.append(Reason(int(points["large_grant"]), _("核定補助款金額大")))
    return reasons
