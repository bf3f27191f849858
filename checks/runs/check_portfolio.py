"""Judging several cases together: what is found stands in the case of the later claim, or is waived there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import Finding
from checks.engine.finding import order
from checks.engine.portfolio_registry import PortfolioCheck
from checks.engine.portfolio_registry import PortfolioFound
from checks.engine.runner import graded
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from checks.engine.waivers import Waived
from checks.engine.waivers import Waivers
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import portfolio
from checks.portfolio.snapshot import snapshot
from ledger.case.case import Case

_Key = tuple[str, ...]


class Member(NamedTuple):
    """A case among others: what they need of it, and how to take what is found in it. Keeps no entries alive."""

    case: CaseSnapshot
    waivers: Waivers
    settings: Settings


class Verdict(NamedTuple):
    """What stands against one case because of the others, and what would if it were not waived."""

    findings: list[Finding]
    waived: list[Waived]


def member(case: Case, settings: Settings = BY_DEFAULT) -> Member | None:
    """A case as a member of a portfolio; None where it has no award by known rules."""
    taken = snapshot(case)
    return None if taken is None else Member(taken, Waivers(case), settings)


def judge_together(members: Sequence[Member | None]) -> list[Verdict]:
    """What the cases have against each other: a verdict for each, in the order given; nothing of one alone.

    In which order the cases are given changes nothing of what is found. What is found in a case is taken by the
    settings of that case.
    """
    present = [each for each in members if each is not None]
    cases = portfolio(each.case for each in present)
    found: dict[_Key, list[Finding]] = defaultdict(list)
    for name, check in portfolio_catalogue().items():
        if all(name in each.settings.off for each in present):
            continue
        for each in check.function(cases):
            found[each.case.order].append(_finding(check, each))
    return [
        _verdict(each, found.get(each.case.order, [])) if each is not None else Verdict([], [])
        for each in members
    ]


def _verdict(case: Member, found: list[Finding]) -> Verdict:
    """What is found in a case, by its waivers and settings."""
    kept = [finding for finding in found if finding.check not in case.settings.off]
    open_findings, waived = [], []
    for finding in sorted(map(graded(case.settings), kept), key=order):
        each = case.waivers.confirmed(finding)
        if each is None:
            open_findings.append(case.waivers.claimed(finding))
        else:
            waived.append(each)
    return Verdict(sorted(open_findings, key=order), waived)


def _finding(check: PortfolioCheck, found: PortfolioFound) -> Finding:
    return Finding(
        check=check.name,
        severity=found.severity or check.severity,
        message=found.message,
        date=found.at.date,
        file=found.at.file,
        line=found.at.line,
        amount=found.amount,
        voucher=found.voucher,
    )
