"""The what-if of `grant settle`: vouchers struck or parked in a trial, shown step by step, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.case.settlement import CaseSettlement
    from ledger.case.settlement import Stage
    from ledger.case.what_if import Change
    from ledger.loading.loader import Loaded


def tried_settlement(
    loaded: Loaded, stage: Stage, strike: Sequence[str], park: Sequence[str]
) -> tuple[CaseSettlement, CaseSettlement]:
    """The settlement as the books stand, and with the vouchers of `strike` and `park` taken out.

    Raises WhatIfError where a voucher is not there, NoAwardError where there is nothing to settle by.
    """
    from ledger.case.settlement import settle_case
    from ledger.case.what_if import read_tried
    from ledger.case.what_if import tried_case

    case = loaded.case
    tried = [read_tried(case, text, "disallowed") for text in _split(strike)]
    tried += [read_tried(case, text, "parked") for text in _split(park)]
    return settle_case(case, stage), settle_case(tried_case(case, loaded.entries, tried), stage)


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
