"""比較: what came, went and changed between two points of a case's history, in words and figures."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from audit.web.query import Query
from checks.runs.judge import judge
from desk.case_desk import CaseDesk
from desk.pages.vouchers import name_of
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.settlement import settle_case
from ledger.files.history import Operation
from ledger.loading.loader import load_case
from ledger.operations.as_of import case_at
from ledger.operations.edit import Effect
from ledger.operations.edit import effect_of
from ledger.util.dates import parse_date
from ledger.util.i18n import _


class Figure(NamedTuple):
    """A figure of the case at both points, NT$ or a count."""

    name: str
    before: int
    after: int


class VoucherRow(NamedTuple):
    """A voucher that came, went or changed; where it changed `changes` are (field, before, after). Money is NT$.

    `name` opens it on its page; empty where it is not in the books of today.
    """

    name: str
    number: str
    booked: datetime.date
    seller: str
    cost: int
    changes: tuple[tuple[str, str, str], ...] = ()


class Difference(NamedTuple):
    """What two states of a case do not have in common."""

    figures: list[Figure]
    added: list[VoucherRow]
    removed: list[VoucherRow]
    changed: list[VoucherRow]


@dataclasses.dataclass(frozen=True, slots=True)
class ComparePage:
    """The page: what was asked for, why it cannot be shown (`problem`), the operations between, and what they changed."""

    since: str
    until: str
    problem: str = ""
    first: Operation | None = None
    last: Operation | None = None
    operations: Sequence[Operation] = ()
    difference: Difference | None = None
    effect: Effect | None = None


def compare_page(desk: CaseDesk, query: Query) -> ComparePage:
    """The comparison of the points `since` and `until`: days, or numbers of operations; `until` is the last by itself."""
    since, until = query.text("since"), query.text("until")
    operations = desk.operations
    if not since or not operations:
        return ComparePage(since, until)
    first, last = _point(operations, since), _point(operations, until or operations[-1].id)
    if first is None or last is None:
        wrong = since if first is None else until
        return ComparePage(since, until, _no_point(wrong, operations))
    first, last = sorted((first, last), key=lambda each: int(each.id))
    between = operations[int(first.id) : int(last.id)]
    day = desk.case.as_of
    with case_at(desk.folder, first.id) as was, case_at(desk.folder, last.id) as became:
        before, after = load_case(was, day).case, load_case(became, day).case
        return ComparePage(
            since,
            until,
            "",
            first,
            last,
            between[::-1],
            difference_of(before, after, desk.case),
            effect_of(before, after, judge),
        )


def _point(operations: Sequence[Operation], said: str) -> Operation | None:
    """The operation of a number, or the last one of a day or before it; None where there is none."""
    if said.isascii() and said.isdigit() and len(said) < 7:  # longer ones are days: 1120615
        return operations[int(said) - 1] if 0 < int(said) <= len(operations) else None
    day = parse_date(said)
    if day is None:
        return None
    return next((each for each in reversed(operations) if each.date <= day), None)


def _no_point(said: str, operations: Sequence[Operation]) -> str:
    return _("「{said}」不是這個案件的時點;請填 {first} 以後的日期,或 1 到 {last} 的紀錄編號").format(
        said=said, first=operations[0].date, last=len(operations)
    )


def difference_of(before: Case, after: Case, now: Case) -> Difference:
    """What the two states of a case do not have in common; `now` is the case whose vouchers can be opened."""
    was, became = _by_name(before), _by_name(after)
    known = {name_of(each) for each in now.vouchers}
    changed = [
        _row(voucher, known, _changes(was[key], voucher))
        for key, voucher in became.items()
        if key in was and _told(was[key]) != _told(voucher)
    ]
    return Difference(
        [each for each in _figures(before, after) if each.before != each.after],
        [_row(voucher, known) for key, voucher in became.items() if key not in was],
        [_row(voucher, known) for key, voucher in was.items() if key not in became],
        changed,
    )


def _by_name(case: Case) -> dict[tuple[str, int], Voucher]:
    """The vouchers by what names them; those that share a name by their order."""
    seen: Counter[str] = Counter()
    found = {}
    for voucher in case.vouchers:
        name = name_of(voucher)
        found[name, seen[name]] = voucher
        seen[name] += 1
    return found


def _row(voucher: Voucher, known: set[str], changes: tuple[tuple[str, str, str], ...] = ()) -> VoucherRow:
    name = name_of(voucher)
    return VoucherRow(
        name if name in known else "",
        voucher.number,
        voucher.booked,
        voucher.seller_name,
        voucher.booked_cost,
        changes,
    )


def _told(voucher: Voucher) -> Mapping[str, object]:
    """What is compared of a voucher, by the names that the page gives it."""
    lines = voucher.lines
    return {
        _("憑證號碼"): voucher.number,
        _("日期"): voucher.date,
        _("入帳日"): voucher.booked,
        _("對象"): voucher.seller_name,
        _("會計科目"): tuple(dict.fromkeys(line.category for line in lines)),
        _("品名"): tuple(line.item for line in lines),
        _("成本"): voucher.cost,
        _("政府補助款"): voucher.government,
        _("不予認列"): voucher.disallowed,
        _("稅額"): voucher.input_tax,
        _("附件"): voucher.documents,
    }


def _changes(was: Voucher, became: Voucher) -> tuple[tuple[str, str, str], ...]:
    old, new = _told(was), _told(became)
    return tuple((name, _shown(old[name]), _shown(new[name])) for name in old if old[name] != new[name])


def _shown(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return _("、").join(map(str, value)) if isinstance(value, tuple) else str(value)


def _figures(before: Case, after: Case) -> list[Figure]:
    named = [
        (_("憑證張數"), len(before.vouchers), len(after.vouchers)),
        (_("已月結的月份"), len(before.closed_months), len(after.closed_months)),
    ]
    was, became = (
        settle_case(case, "final").whole if case.award and case.scheme else None for case in (before, after)
    )
    if was is not None and became is not None:
        named += [
            (_("認列支出"), was.accepted, became.accepted),
            (_("認列補助款"), was.recognised_government, became.recognised_government),
            (_("已撥付"), was.flows.received, became.flows.received),
            (_("結餘款"), was.surplus, became.surplus),
            (_("尚應繳國庫"), was.due_to_treasury, became.due_to_treasury),
        ]
    return [Figure(*each) for each in named]
