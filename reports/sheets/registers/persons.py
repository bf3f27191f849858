"""人事費 by person: months, hours and cost beside what was planned, under the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context
from decimal import Decimal
from fractions import Fraction

from ledger.model.award import Person
from ledger.util.i18n import _
from ledger.util.text import fold
from reports.data.cost_rows import DetailRow
from reports.data.cost_rows import Pay
from reports.data.report import SettlementReport
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


def person_month(pay: Pay | None) -> Decimal | None:
    """The person-month that a payroll row is: hours by the month's hours, one at most; None where it tells no hours."""
    if pay is None or pay.hours is None or not pay.total_hours:
        return None
    return round(min(pay.hours / pay.total_hours, Decimal(1)), 15)  # as many digits as a spreadsheet keeps


def write_persons(sheet: Sheet, report: SettlementReport, placed: Placed, rows: Sequence[DetailRow]) -> None:
    """A row a person, planned or paid: person-months and pay against the plan."""
    section(sheet, _("各人投入與規劃對照"))
    written = _rows(report, placed, rows)
    if not written:
        sheet.line(_("沒有投入人力規劃,也沒有薪資憑證。"), "field")
        return
    write_table(sheet, _columns(sheet.width), written, _("合計"))
    sheet.line(
        _("投入人月 = 專案工時 ÷ 總工時,每月最多 1;沒有工時的薪資不計人月。規劃薪資 = 規劃月薪 × 規劃人月。"),
        "note",
    )


def _columns(width: int) -> list[Column]:
    """Over the columns of the table above: the words take what the figures leave."""
    columns = [
        Column("name", _("姓名"), 10, "center"),
        Column("role", _("職稱"), 20, span=2),
        Column("insured", _("投保"), 8, "center"),
        Column("planned", _("規劃人月"), 8, "share"),
        Column("worked", _("投入人月"), 8, "share"),
        Column("left", _("人月差異"), 8, "share"),
        Column("other", _("其他計畫人月"), 8, "share"),
        Column("salary", _("規劃月薪"), 16, "amount", span=2),
        Column("plan", _("規劃薪資"), 11, "amount", total=True),
        Column("accepted", _("認列薪資"), 12, "amount", total=True),
        Column("difference", _("薪資差異"), 12, "amount", total=True),
    ]
    taken = sum(column.span for column in columns)
    return [*columns, Column("note", _("說明"), 12, "remark", span=max(1, width - taken))]


def _rows(report: SettlementReport, placed: Placed, rows: Sequence[DetailRow]) -> list[TableRow]:
    staff = {(person.party, fold(person.name)): person for person in report.tables.award.persons}
    lines: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(rows):
        name = fold(row.supplier)
        party = next((key[0] for key in staff if key[1] == name), row.party)
        lines.setdefault((party, name), []).append(index)
    return [_row(staff.get(key), lines.get(key, []), placed, rows) for key in {**staff, **lines}]


def _row(
    person: Person | None,
    own: Sequence[int],
    placed: Placed,
    rows: Sequence[DetailRow],
) -> TableRow:
    def cells(column: str, which: Sequence[int]) -> str:
        letter = placed.letters[column]
        return "+".join(f"{letter}{placed.first + index}" for index in which)

    told = [index for index in own if person_month(rows[index].pay) is not None]
    parts = [rows[index].pay for index in told]
    worked = _exact([part for part in parts if part is not None])
    cost = sum(rows[index].accepted for index in own)
    values: dict[str, Value] = {
        "name": person.name if person else rows[own[0]].supplier,
        "role": person.role if person else (rows[own[0]].pay or Pay("", None, None, None)).role,
        "accepted": Formula("=" + (cells("accepted", own) or "0"), cost),
        "worked": Formula("=" + (cells("share", told) or "0"), _digits(worked), "person-month"),
        "note": "" if person else _("不在投入人力規劃"),
    }
    if person is not None:
        planned = person.months
        values |= {
            "insured": _("是") if person.insured else _("否"),
            "planned": planned,
            "other": person.other_months or None,
            "left": Formula("=ROUND({planned}-{worked},4)", round(planned - _digits(worked), 4)),
        }
        if person.salary is not None:
            whole = int(person.salary * planned)
            values |= {
                "salary": person.salary,
                "plan": Formula("=INT({salary}*{planned})", whole),
                "difference": Formula("={plan}-{accepted}", whole - cost),
            }
    return TableRow(values, (person.entry,) if person else ())


def _exact(parts: Sequence[Pay]) -> Fraction:
    """The sum of person-months."""
    total = Fraction(0)
    for part in parts:
        if part.hours is not None and part.total_hours:
            total += min(Fraction(part.hours) / Fraction(part.total_hours), Fraction(1))
    return total


def _digits(number: Fraction) -> Decimal:
    """A number to as many digits as a spreadsheet keeps."""
    return Context(prec=15).divide(Decimal(number.numerator), Decimal(number.denominator))
