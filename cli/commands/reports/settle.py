"""`grant settle`: what is recognised, who owes whom, and the workbook to hand in."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import at_operation
from cli.terminal.operation import at_option
from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import percent_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from cli.commands.reports.what_if import WhatIfOptions
    from ledger.case.recovery import Ending
    from ledger.case.settlement import CaseSettlement
    from ledger.case.settlement import Stage
    from ledger.loading.loader import Loaded
    from ledger.schemes.model import EndKind


@command("settle")
@click.argument("folder", metavar="CASE", type=path_type)
@option("--stage", type=click.Choice(["interim", "final"]), default="final", help="期中或期末")
@as_of_option
@option("--interim-date", type=date_type, help="前期(期中)報告的資料截止日;彙總表分列前期與本期")
@option("-o", "output", type=path_type, help="結算報表(xlsx)")
@option("--pdf", type=path_type, help="同一份報表(pdf)")
@option("--strike", multiple=True, metavar="VOUCHER[=AMOUNT]", help="試算:剔除這張憑證(可重複)")
@option("--park", multiple=True, metavar="VOUCHER", help="試算:這張憑證待補正(可重複)")
@option("--end", type=click.Choice(["terminated", "rescinded"]), help="試算:主管機關終止契約,或解除、撤銷")
@option("--end-date", type=date_type, help="試算終止或解除的日期(預設為資料截止日)")
@option("--rate", type=percent_type, help="試算應繳回補助款的年利率(%)")
@at_option
@json_option
@language_option
def settle_command(
    folder: Path,
    *,
    operation: str,
    stage: str,
    as_of: datetime.date | None,
    interim_date: datetime.date | None,
    output: Path | None,
    pdf: Path | None,
    strike: tuple[str, ...],
    park: tuple[str, ...],
    end: EndKind | None,
    end_date: datetime.date | None,
    rate: Decimal | None,
    as_json: bool,
) -> None:
    """結算:認列金額、尾款、應繳國庫;-o 產生報表。--strike、--park、--end 只試算,不動帳本。"""
    from cli.commands.reports.what_if import TriedEnd
    from cli.commands.reports.what_if import WhatIfOptions
    from ledger.loading.loader import load_case

    if end is None and (end_date or rate is not None):
        fail(_("--end-date 與 --rate 是試算終止或解除用的,請一併寫 --end"))
    asked = WhatIfOptions(strike, park, TriedEnd(end, end_date, rate) if end else None)
    if asked and (output or pdf):
        fail(_("試算不產生報表;請去掉 -o 與 --pdf"))
    at: Stage = "interim" if stage == "interim" else "final"
    if interim_date is not None and as_of is not None and interim_date >= as_of:
        fail(_("前期的截止日 {date} 要在本期之前").format(date=interim_date))
    loaded = load_case(at_operation(folder, operation), as_of)
    _tell(loaded, at, asked, as_json=as_json)
    if loaded.errors:
        first = loaded.errors[0]
        message = _("帳本有讀不懂的地方,以上金額不能作準:{file} 第 {line} 行:{message}")
        fail(message.format(file=Path(first.filename).name, line=first.lineno, message=first.message))
    if output is not None or pdf is not None:
        write_settlement_of(loaded, at, xlsx=output, pdf=pdf, interim=interim_date)
        for path in filter(None, (output, pdf)):
            click.echo(_("已產生結算報表 {path}").format(path=path), err=as_json)


def _tell(loaded: Loaded, stage: Stage, asked: WhatIfOptions, *, as_json: bool) -> None:
    """Show the settlement, or what it would be in a trial."""
    from cli.commands.reports.what_if import show_what_if
    from cli.commands.reports.what_if import tried_settlement
    from cli.commands.reports.what_if import what_if_json
    from ledger.case.settlement import settle_case

    if asked:
        before, settlement = tried_settlement(loaded, stage, asked)
        if as_json:
            print_json(what_if_json(before, settlement))
            return
        show_settlement(settlement)
        show_what_if(before, settlement)
        return
    settlement = settle_case(loaded.case, stage)
    if as_json:
        print_json(settlement.as_json() | _beside(loaded, settlement))
    else:
        show_settlement(settlement)
        _show_missing(loaded)


def _beside(loaded: Loaded, settlement: CaseSettlement) -> dict[str, Any]:
    """What stands beside the figures: how much of what is recognised is in error, and the papers still missing."""
    from checks.engine.runner import run_checks
    from checks.runs.check_case import settings_of
    from checks.runs.in_error import in_error
    from ledger.case.papers.checklist import missing_evidence
    from ledger.case.settlement import settle_case

    case = loaded.case
    found = run_checks(case, settings=settings_of(loaded.options))
    at_stake = in_error(
        case,
        loaded.entries,
        found,
        lambda tried: settle_case(tried, settlement.stage).whole.recognised_government,
    )
    return {"in_error": at_stake, "evidence_missing": [wanted.as_json() for wanted in missing_evidence(case)]}


def _show_missing(loaded: Loaded) -> None:
    """The checklist's missing papers, a line a kind, with when they are due and what they cost."""
    from cli.terminal.papers import print_missing

    print_missing(loaded.case)


def write_settlement_of(
    loaded: Loaded,
    stage: Stage,
    *,
    xlsx: Path | None = None,
    pdf: Path | None = None,
    interim: datetime.date | None = None,
) -> None:
    """Write the settlement report of a loaded case, with what the checks say of it."""
    from audit.check_results import check_results
    from reports.settlement import write_settlement

    write_settlement(loaded.case, stage, check_results(loaded), xlsx=xlsx, pdf=pdf, interim=interim)


def _ending_words(ending: Ending) -> str:
    """What the authority's decision means for the money, and how sure that is."""
    from reports.labels import confidence_name

    if ending.returns_all:
        message = _("主管機關於 {date} 解除契約或撤銷補助:已撥款項全數應繳回,{by} 前繳還")
        if ending.rate:
            message += _(";年利率 {rate}%").format(rate=f"{(ending.rate * 100).normalize():f}")
    else:
        message = _("主管機關於 {date} 終止契約:不再撥款,未支用的補助款與孳息應於 {by} 前繳回")
    sure = confidence_name(ending.confidence)
    return message.format(date=ending.date, by=ending.return_by) + _("({confidence})").format(confidence=sure)


def show_settlement(settlement: CaseSettlement) -> None:
    """The settlement as tables on the screen."""
    from ledger.schemes.categories import category_name

    whole = settlement.whole
    rows: list[list[object]] = [
        [
            category_name(line.category),
            line.approved.government,
            line.approved.self_funded,
            line.accepted,
            line.disallowed,
            line.government,
            line.self_funded,
        ]
        for line in whole.categories
    ]
    rows.append(
        [
            _("合計"),
            whole.approved_government,
            whole.approved_self,
            whole.accepted,
            sum(line.disallowed for line in whole.categories),
            sum(line.government for line in whole.categories),
            sum(line.self_funded for line in whole.categories),
        ]
    )
    stage = _("期中") if settlement.stage == "interim" else _("期末")
    title = _("{case} {stage}結算({date})").format(
        case=settlement.case_id, stage=stage, date=settlement.as_of
    )
    headings = [_("科目"), _("核定補助"), _("核定自籌"), _("認列支出"), _("剔除"), _("補助款"), _("自籌款")]
    print_table(title, headings, rows, numbers=range(1, 7))
    flows = whole.flows
    binding = {
        "category": _("科目上限"),
        "ratio": _("補助比率"),
        "approved": _("核定補助款"),
        "none": _("無"),
    }
    foot: list[list[object]] = [
        [_("認列補助款"), whole.recognised_government],
        [_("生效的限制"), binding[whole.binding]],
        [_("已撥付"), flows.received],
        [_("已提領"), flows.withdrawn],
        [_("績效扣款"), flows.deductions],
        [_("尾款(負數為應繳回)"), whole.tail_payment],
        [_("孳息(扣稅前)"), flows.interest_gross],
        [_("利息扣繳稅款"), flows.tax_withheld],
        [_("結餘款"), whole.surplus],
        *([[_("應繳回補助款之利息"), flows.recall_interest]] if flows.recall_interest else []),
        *([[_("其他應繳國庫之收入"), flows.other_income]] if flows.other_income else []),
        [_("已繳國庫"), flows.remitted],
        [_("尚應繳國庫"), whole.due_to_treasury],
    ]
    parked = sum(settlement.parked.values())
    if parked:
        foot.append([_("待補正(未計入以上各項)"), parked])
        foot.append([_("待補正全數認列時,尚應繳國庫"), settlement.if_accepted.whole.due_to_treasury])
    print_table("", [_("項目"), _("金額")], foot, numbers=(1,))
    if settlement.ending is not None:
        click.echo(_ending_words(settlement.ending))
    if whole.forfeited:
        click.echo(_("計畫已結束而未附特定工廠登記證明:不予撥付尾款,已撥款項全數應繳回。"))
