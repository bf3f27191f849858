"""`grant settle`: what is recognised, who owes whom, and the workbook to hand in."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import as_of_option
from cli.output import command
from cli.output import day
from cli.output import fail
from cli.output import json_option
from cli.output import language_option
from cli.output import option
from cli.output import print_json
from cli.output import print_table
from ledger.i18n import _

if TYPE_CHECKING:
    from checks.finding import Finding
    from ledger.case_settlement import CaseSettlement
    from ledger.case_settlement import Stage
    from ledger.loading import Loaded


@command("settle")
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@option("--stage", type=click.Choice(["interim", "final"]), default="final", help="期中或期末")
@as_of_option
@option("-o", "output", type=click.Path(path_type=Path), help="結算報表(xlsx)")
@json_option
@language_option
def settle_command(
    folder: Path, stage: str, as_of: datetime.datetime | None, output: Path | None, as_json: bool
) -> None:
    """結算:認列金額、尾款、應繳國庫;-o 產生報表。"""
    from ledger.case_settlement import NoAwardError
    from ledger.case_settlement import settle_case
    from ledger.loading import CaseNotFoundError
    from ledger.loading import load_case

    try:
        loaded = load_case(folder, day(as_of))
        settlement = settle_case(loaded.case, "interim" if stage == "interim" else "final")
    except CaseNotFoundError as error:
        fail(error)
    except NoAwardError:
        fail(_("{case} 沒有可用的核定資料,無法結算").format(case=folder))
    if as_json:
        print_json(settlement.as_json())
    else:
        show_settlement(settlement)
    if loaded.errors:
        first = loaded.errors[0]
        message = _("帳本有讀不懂的地方,以上金額不能作準:{file} 第 {line} 行:{message}")
        fail(message.format(file=Path(first.filename).name, line=first.lineno, message=first.message))
    if output is not None:
        write_workbook(loaded, settlement.stage, output)
        click.echo(_("已產生結算報表 {path}").format(path=output), err=as_json)


def write_workbook(loaded: Loaded, stage: Stage, path: Path) -> None:
    """Write the settlement workbook of a loaded case, with what stands against it."""
    from checks.catalogue import waived_findings
    from checks.certify import judge
    from reports.settlement import write_settlement
    from reports.tables import FindingRow

    def row(finding: Finding) -> FindingRow:
        return FindingRow(
            finding.check, finding.severity, finding.date, finding.voucher, finding.amount, finding.message
        )

    standing = [row(finding) for finding in judge(loaded)]
    waived = [row(waived.finding) for waived in waived_findings(loaded.case)]
    write_settlement(loaded.case, stage, path, standing, waived)


def show_settlement(settlement: CaseSettlement) -> None:
    """The settlement as tables on the screen."""
    from ledger.accounts import category_name

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
        [_("已繳國庫"), flows.remitted],
        [_("尚應繳國庫"), whole.due_to_treasury],
    ]
    print_table("", [_("項目"), _("金額")], foot, numbers=(1,))
