"""`grant revise`: what the authority approved anew, and which booked vouchers begin or cease to pass by it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import operate
from cli.terminal.operation import operation_options
from cli.terminal.operation import options_of
from cli.terminal.output import AmountType
from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import option
from cli.terminal.output import path_type
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.operations.apply import Ready
    from ledger.operations.edit import Context
    from ledger.operations.revise import Revision


@command("revise")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("file", metavar="[FILE.xlsx]", required=False, type=path_type)
@option("--category", default="", help="變更預算的會計科目(或品項所屬的科目)")
@option("--government", type=AmountType(), help="核定的政府補助款(元)")
@option("--self", "self_funded", type=AmountType(), help="核定的業者自籌款(元)")
@option("--item", default="", help="變更或新增的品項名稱")
@option("--quantity", type=str, help="品項的數量")
@option("--unit", default="", help="品項的單位")
@option("--supplier", default="", help="品項的供應商或受託單位")
@option("--person", default="", help="變更或新增的人員姓名")
@option("--role", default="", help="人員的職稱")
@option("--months", type=str, help="人員的計畫人月(可有小數)")
@option("--since", type=date_type, help="人員的第一天")
@option("--until", type=date_type, help="人員的最後一天")
@option("--insured/--not-insured", default=None, help="人員是否在本公司投保勞保")
@option("--salary", type=AmountType(min=0), help="人員的規劃月薪(元)")
@option("--end", type=date_type, help="計畫的新結束日")
@option("--account", default="", help="新的專戶帳號")
@option("--bank", default="", help="新的專戶銀行")
@option("--party", default="", help="合作業者的統編(不填為主導業者)")
@option("--approval", required=True, help="核定變更的文號")
@operation_options
def revise_command(folder: Path, file: Path | None, approval: str, **values: Any) -> None:
    """核定變更:預算、品項、人員、計畫期間、專戶。FILE 是改好的核定資料表;先顯示對已入帳憑證的影響。--date 是生效日(預設為今天)。"""
    from ledger.operations.apply import ready
    from ledger.operations.revise import plan_revise
    from ledger.operations.revise import revision_of

    options = options_of(values)
    date = options.date or datetime.date.today()

    def plan(context: Context) -> Ready:
        if file is not None:
            award = context.case.award
            if award is None:
                fail(_("案件沒有可用的核定資料"))
            revision = revision_of(_award_file(file), award)
        else:
            revision = _revision(values)
        return ready(plan_revise(context, revision, approval, date), by=options.by)

    operate(folder, options, plan)


def _award_file(path: Path) -> Any:
    """The award form or award.toml at a path."""
    from ledger.files.award_file import parse_award
    from ledger.files.award_file import read_award_file

    if path.suffix.lower() not in {".xlsx", ".ods"}:
        return read_award_file(path)
    from importers.templates.forms import read_award_form

    return parse_award(read_award_form(path), path.name)


def _revision(values: dict[str, Any]) -> Revision:
    """The revision that the options tell."""
    from ledger.operations.revise import BudgetChange
    from ledger.operations.revise import ItemChange
    from ledger.operations.revise import PersonChange
    from ledger.operations.revise import Revision
    from ledger.schemes.categories import category_named

    category = category_named(values["category"]) or values["category"]
    amounts = (values["government"], values["self_funded"])
    told = None not in amounts
    party = values["party"]
    if (values["item"] or category) and not (category and told):
        fail(_("預算或品項的變更要有 --category、--government 與 --self"))
    budgets, items, persons = [], [], []
    if values["item"]:
        quantity = _decimal(values["quantity"], "--quantity")
        items.append(
            ItemChange(
                category, values["item"], *amounts, quantity, values["unit"], values["supplier"], party
            )
        )
    elif category:
        budgets.append(BudgetChange(category, *amounts, party))
    if values["person"]:
        since, until = (values[key] for key in ("since", "until"))
        months = _decimal(values["months"], "--months")
        said = (values["insured"], months, until, party, since, values["salary"])
        persons.append(PersonChange(values["person"], values["role"], *said))
    elif any(values[key] for key in ("role", "months", "since", "until", "salary")):
        fail(_("人員的變更要有 --person"))
    end = values["end"]
    account = (values["account"], values["bank"]) if values["account"] else None
    return Revision(budgets, items, persons, end, account)


def _decimal(text: str | None, name: str) -> Decimal | None:
    from decimal import InvalidOperation

    try:
        number = None if text is None else Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not (number.is_finite() and number >= 0):
        fail(_("{name} 要填數字").format(name=name))
    return number
