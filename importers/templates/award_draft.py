"""An award while somebody is filling it in: every cell as text with its place, and all that is wrong with it at once.

A draft comes from a filled form, from award.toml or from the fields of a page. The same cells give the same award and
the same faults whichever way they came. A cell is named by its place in award.toml, lists counted from 0:
`award.start`, `budget.0.category`, `partner.1.account.bank`.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from importers.records import ReadError
from importers.sources.delimited import Row
from importers.sources.source import Source
from importers.templates.award_form import HEAD
from importers.templates.award_form import HEAD_SHEET
from importers.templates.award_form import LISTS
from importers.templates.award_form import OTHER_SHEETS
from importers.templates.award_form import FormField
from importers.templates.award_form import ListSheet
from importers.templates.award_form import allowed_words
from importers.templates.award_form import value_of
from importers.templates.award_form import word_of
from importers.vouchers.columns import find_table
from importers.vouchers.values import is_example
from importers.vouchers.values import is_total
from importers.vouchers.values import plain
from ledger.files.award_file import AwardFile
from ledger.files.award_file import BudgetLine
from ledger.files.award_file import ItemLine
from ledger.files.award_file import award_mistakes
from ledger.schemes.loader import know_shipped_categories
from ledger.schemes.loader import load_scheme
from ledger.schemes.model import SchemeError
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import whole_number
from ledger.util.toml_file import parse_toml

MOST_ROWS = 500  # of one list on a page
_HEAD_FIELDS = {field.path: field for field in HEAD}
_LIST_SHEETS = {form.key: form for form in LISTS}
_MONEY = ("government", "self")
_IN_LIST = re.compile(r"(?P<key>[a-z_]+)\.(?P<row>\d{1,4})\.(?P<path>[a-z_.]+)")
_THOUSANDS = re.compile(r"新?[臺台]?幣?[千仟萬]元")
_TITLE_ROWS = 10  # in which a sheet says its unit


class Cell(NamedTuple):
    """What stands in a cell, and where: sheet, row and column from 1; no sheet where it was typed on a page."""

    text: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def name(self) -> str:
        """`B5`; empty where the cell is of no sheet."""
        return f"{get_column_letter(self.column)}{self.row}" if self.sheet and self.column else ""


class AwardFault(NamedTuple):
    """One thing that is wrong: the cell's name in award.toml (empty: of the whole), the reason with what is allowed.

    `text` is the same with its place in words; `sheet` and `cell` (`B5`) are where it stands in a workbook.
    """

    at: str
    reason: str
    text: str
    sheet: str = ""
    cell: str = ""


class Checked(NamedTuple):
    """A draft held against everything: the award where nothing is wrong, and what is wrong."""

    award: AwardFile | None
    faults: tuple[AwardFault, ...]

    def of(self, at: str) -> str:
        """What is wrong with a cell; empty where nothing is."""
        return ";".join(fault.reason for fault in self.faults if fault.at == at)


Cells = dict[str, Cell]


@dataclasses.dataclass(slots=True)
class AwardDraft:
    """The cells of an award; `rest` are tables that award.toml does not know, `faults` what is wrong with the sheets."""

    head: Cells = dataclasses.field(default_factory=dict)
    lists: dict[str, list[Cells]] = dataclasses.field(default_factory=dict)
    rest: dict[str, Any] = dataclasses.field(default_factory=dict)
    faults: list[AwardFault] = dataclasses.field(default_factory=list)
    numbers: dict[str, list[int]] = dataclasses.field(default_factory=dict)  # of a page's rows, by list

    def name_on_page(self, at: str) -> str:
        """The name under which a cell stands on the page that the draft was typed on."""
        found = _IN_LIST.fullmatch(at)
        numbers = self.numbers.get(found["key"], []) if found else []
        if found is None or int(found["row"]) >= len(numbers):
            return at
        return f"{found['key']}.{numbers[int(found['row'])]}.{found['path']}"

    def text(self, at: str) -> str:
        """What stands in a cell."""
        cell = self.cell(at)
        return cell.text if cell else ""

    def cell(self, at: str) -> Cell | None:
        """A cell by its name; None where it is empty."""
        found = _IN_LIST.fullmatch(at)
        if found is None:
            return self.head.get(at)
        rows = self.lists.get(found["key"], [])
        return rows[int(found["row"])].get(found["path"]) if int(found["row"]) < len(rows) else None

    def rows(self, key: str) -> list[Cells]:
        """The rows of a list."""
        return self.lists.get(key, [])

    def tables(self) -> tuple[dict[str, Any], list[AwardFault]]:
        """The tables as `tomllib` gives them for award.toml, what is empty left out; and the cells that cannot be read.

        Dates are dates, sums and months integers, a quantity is an integer or a Decimal, yes and no are booleans.
        """
        know_shipped_categories()
        faults = list(self.faults)
        tables: dict[str, Any] = {}
        for path, cell in self.head.items():
            _put(tables, _HEAD_FIELDS[path], cell, path, faults)
        for key, rows in self.lists.items():
            made = [_table(_LIST_SHEETS[key], number, row, faults) for number, row in enumerate(rows)]
            if made:
                tables[key] = made
        return tables | self.rest, faults

    def checked(self) -> Checked:
        """The award, or everything that keeps it from being one."""
        tables, faults = self.tables()
        award, mistakes = award_mistakes({"award": {}, "company": {}} | tables)
        marked = {fault.at for fault in faults}
        for mistake in mistakes:
            at = ".".join(map(str, mistake.loc))
            if at not in marked:
                faults.append(self.fault(at, mistake.reason))
        scheme = str(tables.get("award", {}).get("scheme", ""))
        if scheme and "award.scheme" not in marked:
            try:
                load_scheme(award.award.scheme if award else scheme)
            except SchemeError as error:
                faults.append(self.fault("award.scheme", str(error)))
        return Checked(None if faults else award, tuple(faults))

    def fault(self, at: str, reason: str) -> AwardFault:
        """A fault of a cell, which may be empty, with its place in words."""
        cell = self.cell(at) or Cell("")
        found = _IN_LIST.fullmatch(at)
        label = _label(at, found)
        place = at
        if found is not None and label:
            sheet = _LIST_SHEETS[found["key"]].sheet
            place = _("「{sheet}」第 {number} 筆「{field}」").format(
                sheet=sheet, number=int(found["row"]) + 1, field=label
            )
            row = next(iter(self.lists[found["key"]][int(found["row"])].values()), Cell(""))
            cell = cell if cell.sheet else Cell("", row.sheet, row.row)
        elif label:
            place = _("「{field}」").format(field=label)
        return AwardFault(
            at, reason, _("{place}:{reason}").format(place=place, reason=reason), cell.sheet, cell.name
        )


def _label(at: str, found: re.Match[str] | None) -> str:
    if found is None:
        return _HEAD_FIELDS[at].label if at in _HEAD_FIELDS else ""
    form = _LIST_SHEETS.get(found["key"])
    return next((field.label for field in form.fields if field.path == found["path"]), "") if form else ""


def lines_of(tables: Mapping[str, Any]) -> tuple[list[BudgetLine], list[ItemLine]]:
    """The lines of budget and items as far as they are filled in, for adding up; a fund that is empty is nought."""
    budget = [
        BudgetLine.model_construct(
            category=str(line["category"]), government=line["government"], self_funded=line["self"],
            party=str(line.get("party", "")),
        )
        for line in tables.get("budget", ())
        if "category" in line and "government" in line
    ]  # fmt: skip
    items = [
        ItemLine.model_construct(
            category=str(line["category"]), name=str(line.get("name", "")), government=line["government"],
            self_funded=line["self"], party=str(line.get("party", "")),
        )
        for line in tables.get("item", ())
        if "category" in line and "government" in line
    ]  # fmt: skip
    return budget, items


# --- a filled form -------------------------------------------------------------------------------------


def read_award_form(path: Path) -> dict[str, Any]:
    """The tables of a filled form as `AwardDraft.tables` gives them.

    Raises ReadError with a line for everything that cannot be read: the sheet, the row, the column, what is allowed.
    """
    tables, faults = draft_of_form(Source.from_path(path)).tables()
    if faults:
        raise ReadError("\n".join(fault.text for fault in faults))
    return tables


def draft_of_form(source: Source) -> AwardDraft:
    """The cells of a filled form. Raises ReadError where it is no workbook that can be opened."""
    sheets = {fold(name): rows for name, rows in source.tables}
    draft = AwardDraft(faults=[*_strange_sheets(sheets), *_other_units(sheets)])
    if HEAD_SHEET not in sheets:
        reason = _("不是核定表: 沒有「{sheet}」工作表").format(sheet=HEAD_SHEET)
        draft.faults.insert(0, AwardFault("", reason, reason))
        return draft
    fields = {fold(field.label): field for field in HEAD}
    for number, row in enumerate(sheets[HEAD_SHEET], 1):
        for column, (label, text) in enumerate(itertools.pairwise(row), 2):
            if (field := fields.get(fold(label))) and text:
                draft.head[field.path] = Cell(text, HEAD_SHEET, number, column)
                break
    for form in LISTS:
        rows = list(_rows_of_sheet(form, sheets.get(form.sheet, []), draft.faults))
        if rows:
            draft.lists[form.key] = rows
    return draft


def _strange_sheets(sheets: Mapping[str, Sequence[Row]]) -> Iterator[AwardFault]:
    """Sheets that hold something and would not be read: renamed ones, mostly."""
    known = [HEAD_SHEET, *(form.sheet for form in LISTS)]
    for name, rows in sheets.items():
        if name not in known and name not in OTHER_SHEETS and any(any(row) for row in rows):
            reason = _("不認得工作表「{sheet}」,裡面的資料不會讀入;請改回原來的名稱({known})或刪除").format(
                sheet=name, known=_("、").join(known)
            )
            yield AwardFault("", reason, reason, name)


def _other_units(sheets: Mapping[str, Sequence[Row]]) -> Iterator[AwardFault]:
    """Sheets that say their amounts are in thousands: ours are whole NT$."""
    for name, rows in sheets.items():
        cells = (cell for row in rows[:_TITLE_ROWS] for cell in row if name not in OTHER_SHEETS)
        unit = next((match[0] for cell in cells if (match := _THOUSANDS.search(fold(cell)))), "")
        if unit:
            reason = _("「{sheet}」工作表的金額單位寫的是「{unit}」;請改以元填寫").format(
                sheet=name, unit=unit
            )
            yield AwardFault("", reason, reason, name)


def _rows_of_sheet(form: ListSheet, rows: Sequence[Row], faults: list[AwardFault]) -> Iterator[Cells]:
    labels = {field.path: (field.label,) for field in form.fields}
    first, second = (field.path for field in form.fields[:2])
    table = find_table(rows, labels, (first, second))
    if table is None:
        if any(any(row) for row in rows):
            reason = _("「{sheet}」工作表缺欄位「{column}」").format(
                sheet=form.sheet, column=form.fields[0].label
            )
            faults.append(AwardFault("", reason, reason, form.sheet))
        return
    for line in table.lines():
        if is_example(line.first) or (is_total(line.first) and not line.text(first)):
            continue
        yield {
            path: Cell(text, form.sheet, line.row, table.columns[path] + 1)
            for path in labels
            if (text := line.text(path))
        } or {first: Cell("", form.sheet, line.row, table.columns[first] + 1)}


# --- award.toml, and the fields of a page --------------------------------------------------------------


def draft_of_toml(text: str) -> AwardDraft:
    """The cells of an award.toml. Raises TomlError where it is no TOML."""
    tables = parse_toml(text)
    draft = AwardDraft()
    for path, field in _HEAD_FIELDS.items():
        if text := word_of(field.what, _at(tables, path)):
            draft.head[path] = Cell(text)
    for form in LISTS:
        found = tables.get(form.key)
        if isinstance(found, list):
            draft.lists[form.key] = [_cells_of(form, line) for line in found if isinstance(line, dict)]
    known = {"award", "company", "account", *_LIST_SHEETS}
    draft.rest = {key: value for key, value in tables.items() if key not in known}
    _award, mistakes = award_mistakes(tables)
    for mistake in mistakes:  # of keys that have no cell: they would be lost in silence
        at = ".".join(map(str, mistake.loc))
        has_cell = bool(_label(at, _IN_LIST.fullmatch(at)))
        if not has_cell and at.partition(".")[0] in known and _at(tables, at) is not None:
            draft.faults.append(draft.fault(at, mistake.reason))
    return draft


def draft_of_fields(fields: Mapping[str, str]) -> AwardDraft:
    """The cells that were typed on a page, by their names; rows in which nothing is told are left out.

    A row of the budget tells something once it has a sum: its category stands there from the beginning.
    """
    draft = AwardDraft()
    rows: dict[str, dict[int, Cells]] = {}
    for at, said in fields.items():
        text = said.strip()
        if not text:
            continue
        if at in _HEAD_FIELDS:
            draft.head[at] = Cell(text)
        elif (found := _IN_LIST.fullmatch(at)) and _label(at, found) and int(found["row"]) < MOST_ROWS:
            rows.setdefault(found["key"], {}).setdefault(int(found["row"]), {})[found["path"]] = Cell(text)
    for key, found_rows in rows.items():
        told = [
            number
            for number in sorted(found_rows)
            if key != "budget" or found_rows[number].keys() & set(_MONEY)
        ]
        if told:
            draft.lists[key], draft.numbers[key] = [found_rows[number] for number in told], told
    return draft


def _at(tables: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(tables, list):
            place = whole_number(key)
            tables = tables[place] if place is not None and 0 <= place < len(tables) else None
        else:
            tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def _cells_of(form: ListSheet, line: dict[str, Any]) -> Cells:
    values = {field.path: word_of(field.what, _at(line, field.path)) for field in form.fields}
    return {path: Cell(value) for path, value in values.items() if value}


# --- from cells to tables ------------------------------------------------------------------------------


def _table(form: ListSheet, number: int, row: Cells, faults: list[AwardFault]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for position, field in enumerate(form.fields):
        cell = row.get(field.path, Cell(""))
        at = f"{form.key}.{number}.{field.path}"
        if cell.text:
            _put(table, field, cell, at, faults)
        elif position == 0:
            faults.append(_missing(form, number, next(iter(row.values()), Cell("")), field, at))
    if "government" in table or "self" in table:
        table = {"government": 0, "self": 0} | table  # a category with one fund only leaves the other empty
    return table


def _put(tables: dict[str, Any], field: FormField, cell: Cell, at: str, faults: list[AwardFault]) -> None:
    """Put the cell into the tables as award.toml would have it; what cannot be that joins the faults."""
    value = value_of(field.what, cell.text)
    if value is None:
        faults.append(_unreadable(field, cell, at))
        return
    section, dot, key = field.path.rpartition(".")
    target = tables.setdefault(section, {}) if dot else tables
    target[key] = value


def _missing(form: ListSheet, number: int, beside: Cell, field: FormField, at: str) -> AwardFault:
    if beside.sheet:
        text = _("「{sheet}」第 {row} 列缺「{field}」").format(
            sheet=form.sheet, row=beside.row, field=field.label
        )
    else:
        text = _("「{sheet}」第 {number} 筆缺「{field}」").format(
            sheet=form.sheet, number=number + 1, field=field.label
        )
    column = 1 + form.fields.index(field)
    cell = Cell("", beside.sheet, beside.row, column).name
    return AwardFault(at, _("這一項一定要寫"), text, beside.sheet, cell)


def _unreadable(field: FormField, cell: Cell, at: str) -> AwardFault:
    said = plain(cell.text)[:40]
    reason = _("無法辨認: {text}").format(text=said)
    if cell.sheet:
        text = _("「{sheet}」第 {row} 列「{field}」無法辨認: {text}").format(
            sheet=cell.sheet, row=cell.row, field=field.label, text=said
        )
    else:
        text = _("「{field}」無法辨認: {text}").format(field=field.label, text=said)
    allowed = allowed_words(field.what)
    if allowed:
        reason = _("{said};{allowed}").format(said=reason, allowed=allowed)
        text = _("{said};{allowed}").format(said=text, allowed=allowed)
    return AwardFault(at, reason, text, cell.sheet, cell.name)
