"""The what-if of `grant settle`: vouchers struck or parked, or the case ended, shown step by step; nothing written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.case.settlement import CaseSettlement
    from ledger.case.settlement import Stage
    from ledger.case.what_if import Change
    from ledger.loading.loader import Loaded
    from ledger.schemes.model import EndKind


class TriedEnd(NamedTuple):
    """That the authority ended the case on a day; `rate` is yearly interest in percent."""

    kind: EndKind
    day: datetime.date | None  # None: the day that the case is looked at on
    rate: Decimal | None


class WhatIfOptions(NamedTuple):
    """What is tried."""

    strike: Sequence[str]
    park: Sequence[str]
    end: TriedEnd | None = None

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.strike or self.park or self.end)


def tried_settlement(
    loaded: Loaded, stage: Stage, asked: WhatIfOptions
) -> tuple[CaseSettlement, CaseSettlement]:
    """The settlement as the books stand, and as it would be with what is tried.

    Raises WhatIfError where a voucher is not there or the case is ended already, NoAwardError where there is nothing
    to settle by.
    """
    from ledger.case.settlement import settle_case
    from ledger.case.what_if import ended_case
    from ledger.case.what_if import read_tried
    from ledger.case.what_if import tried_acts
    from ledger.case.what_if import with_acts

    case, end = loaded.case, asked.end
    tried = [read_tried(case, text, "disallowed") for text in _split(asked.strike)]
    tried += [read_tried(case, text, "parked") for text in _split(asked.park)]
    entries = [*loaded.entries, *tried_acts(case, tried)]
    if end is None:
        return settle_case(case, stage), settle_case(with_acts(case, entries, []), stage)
    after = ended_case(case, entries, end.kind, end.day or case.as_of, end.rate)
    return settle_case(case, stage), settle_case(after, stage)


def _split(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split("、") if part.strip()]


def what_if_json(before: CaseSettlement, after: CaseSettlement) -> dict[str, Any]:
    """The trial's settlement with the keys of `grant settle --json`, its steps, and what stands now."""
    from ledger.case.what_if import changes

    steps = [change.as_json() for change in changes(before.whole, after.whole)]
    return after.as_json() | {"steps": steps, "before": before.as_json()}


def show_what_if(before: CaseSettlement, after: CaseSettlement) -> None:
    """Step by step: as the books stand, in the trial, and the difference."""
    from ledger.case.what_if import changes

    rows = [_row(change) for change in changes(before.whole, after.whole)]
    headings = [_("步驟"), _("現況"), _("試算"), _("增減")]
    print_table(_("試算各步驟(帳本沒有更動)"), headings, rows, numbers=range(1, 4))


def _row(change: Change) -> list[object]:
    names = {
        "accepted": _("認列支出"),
        "share": _("各科目應計補助款"),
        "category": _("科目上限後"),
        "ratio": _("補助比率後"),
        "approved": _("認列補助款(不逾核定)"),
        "deductions": _("績效扣款"),
        "tail_payment": _("尾款(負數為應繳回)"),
        "surplus": _("應繳回之補助款"),
        "due": _("尚應繳國庫(含孳息)"),
    }
    label = names[change.step]
    if change.step in {"ratio", "approved"}:
        label = _("{step}(上限 {limit})").format(step=label, limit=f"{change.limit_after:,}")
    return [label, change.before, change.after, change.change]
