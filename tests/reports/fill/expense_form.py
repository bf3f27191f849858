"""The form that is shipped with its map, after the layout of a sister programme's settlement workbook.

`python -m tests.reports.fill.expense_form` writes reports/fill/shipped/expense-form.xlsx. Its summary is protected but for
the cells to fill in, and has a fixed number of rows; its details grow.
"""

from __future__ import annotations

import datetime

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment
from openpyxl.styles import Border
from openpyxl.styles import Font
from openpyxl.styles import PatternFill
from openpyxl.styles import Protection
from openpyxl.styles import Side
from openpyxl.worksheet.worksheet import Worksheet

from reports.fill.map_file import SHIPPED
from reports.xlsx.package import workbook_bytes

FORM, MAP = SHIPPED / "expense-form.xlsx", SHIPPED / "expense-form.toml"

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="E7E6E6")
_OPEN = Protection(locked=False)
_AMOUNT, _IF_ANY = "#,##0;-#,##0;0", "#,##0;-#,##0;"
_LETTERS = "ABCDEFGHIJKLMNOP"
_CATEGORIES = 10  # rows of the summary


def expense_form() -> bytes:
    """The form's bytes: the same every time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _summary(book.create_sheet("經費支用彙總表"))
    _details(book.create_sheet("經費支用明細表"))
    _personnel(book.create_sheet("人事費明細表"))
    return workbook_bytes(book, "經費支用表", datetime.date(2026, 1, 1), {})


def _title(sheet: Worksheet, text: str, columns: str, widths: list[float]) -> None:
    for letter, width in zip(_LETTERS, widths, strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.merge_cells(f"A1:{columns}1")
    sheet["A1"] = text
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for place, label in (("A2", "計畫編號"), ("A3", "計畫名稱"), ("A4", "執行單位")):
        sheet[place] = label
        row = place[1:]
        sheet.merge_cells(f"B{row}:E{row}")
        sheet[f"B{row}"].protection = _OPEN
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _heads(sheet: Worksheet, row: int, labels: list[str]) -> None:
    for column, label in enumerate(labels, 1):
        cell = sheet.cell(row, column, label)
        cell.fill, cell.border = _HEAD, _BOX
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _summary(sheet: Worksheet) -> None:
    _title(sheet, "計畫經費支用彙總表", "I", [26, 13, 13, 13, 13, 13, 13, 10, 13])
    sheet["F2"], sheet["F3"], sheet["F4"] = "期間(起)", "期間(迄)", "資料截至"
    for place in ("G2", "G3", "G4"):
        sheet[place].protection = _OPEN
    sheet["A5"] = "單位:新臺幣元"
    for area, label in (
        ("A6:A7", "預算科目"),
        ("B6:D6", "全程預算數"),
        ("E6:G6", "累計實支數"),
        ("H6:H7", "動支率"),
        ("I6:I7", "結餘數(補助款)"),
    ):
        sheet.merge_cells(area)
        sheet[area.split(":")[0]] = label
    for column, label in enumerate(["", "補助款", "自籌款", "小計", "補助款", "自籌款", "小計", "", ""], 1):
        if label:
            sheet.cell(7, column, label)
    for row in (6, 7):
        for column in range(1, 10):
            cell = sheet.cell(row, column)
            cell.fill, cell.border, cell.font = _HEAD, _BOX, Font(bold=True)
            cell.alignment = Alignment(horizontal="center", vertical="center")
    last = 7 + _CATEGORIES
    for row in range(8, last + 1):
        sheet[f"D{row}"], sheet[f"G{row}"] = f"=B{row}+C{row}", f"=E{row}+F{row}"
        sheet[f"H{row}"], sheet[f"I{row}"] = f'=IF(D{row}=0,"",G{row}/D{row})', f"=B{row}-E{row}"
    total = last + 1
    sheet[f"A{total}"] = "合計"
    for letter in "BCDEFGI":
        sheet[f"{letter}{total}"] = f"=SUM({letter}8:{letter}{last})"
    sheet[f"H{total}"] = f'=IF(D{total}=0,"",G{total}/D{total})'
    for row in range(8, total + 1):
        for letter in "ABCDEFGHI":
            cell = sheet[f"{letter}{row}"]
            cell.border = _BOX
            amount = _IF_ANY if letter in "DGI" and row < total else _AMOUNT
            cell.number_format = "0.00%" if letter == "H" else "@" if letter == "A" else amount
            if letter in "ABCEF" and row < total:
                cell.protection = _OPEN
    foot = [
        ("補助款累計撥款數", ""),
        ("結報比率", f'=IF(B{total}=0,"",E{total}/B{total})'),
        ("可於專戶提領之總金額", ""),
        ("計畫執行扣款數", ""),
        ("尾款(負數為應繳回)", ""),
        ("尚應繳國庫(含孳息)", ""),
    ]
    for row, (label, formula) in enumerate(foot, total + 2):
        sheet[f"A{row}"] = label
        cell = sheet[f"B{row}"]
        cell.border = _BOX
        cell.number_format = "0.00%" if formula else _AMOUNT
        cell.value = formula or None
        cell.protection = Protection(locked=bool(formula))
    sheet.conditional_formatting.add(
        f"I8:I{last}",
        CellIsRule(operator="lessThan", formula=["0"], font=Font(color="C00000")),  # type: ignore[no-untyped-call]
    )
    sheet.print_area = f"A1:I{total + 7}"
    sheet.protection.sheet = True
    sheet.freeze_panes = "B8"


def _details(sheet: Worksheet) -> None:
    _title(sheet, "經費支用明細表", "L", [10, 26, 12, 14, 24, 28, 8, 8, 13, 12, 13, 12])
    labels = [
        "項次",
        "會計科目",
        "發票日期",
        "發票號碼",
        "供應商",
        "品名",
        "數量",
        "單位",
        "金額(未稅)",
        "剔除或待補正",
        "認列金額",
        "付款日期",
    ]
    _rows(sheet, labels, first=7, count=3, sums="IJK", formulas={})
    for row in range(7, 10):
        sheet[f"J{row}"] = f"=I{row}-K{row}"


def _personnel(sheet: Worksheet) -> None:
    _title(sheet, "人事費明細表", "I", [12, 12, 16, 12, 12, 12, 12, 14, 14])
    labels = ["日期", "姓名", "職稱", "月薪", "專案工時", "總工時", "投入人月", "應計入薪資", "付款日期"]
    _rows(sheet, labels, first=7, count=2, sums="GH", formulas={"G": '=IF(F{row}="","",E{row}/F{row})'})
    for row in range(7, 10):
        sheet[f"G{row}"].number_format = "0.00"


def _rows(
    sheet: Worksheet, labels: list[str], *, first: int, count: int, sums: str, formulas: dict[str, str]
) -> None:
    """A table that grows: its heads, its rows, and a total below."""
    sheet["A5"] = "單位:新臺幣元"
    _heads(sheet, first - 1, labels)
    letters = _LETTERS[: len(labels)]
    total = first + count
    for row in range(first, total + 1):
        for letter in letters:
            cell = sheet[f"{letter}{row}"]
            cell.border = _BOX
            cell.number_format = _AMOUNT if letter in {*sums, "D", "E", "F"} else "General"
            if row < total and letter in formulas:
                cell.value = formulas[letter].format(row=row)
    sheet[f"A{total}"] = "合計"
    for letter in sums:
        sheet[f"{letter}{total}"] = f"=SUM({letter}{first}:{letter}{total - 1})"
    sheet[f"A{total + 2}"] = (
        "負責人:                計畫主持人:                主辦會計:                填表人:"
    )
    sheet.print_title_rows = f"{first - 1}:{first - 1}"
    sheet.print_area = f"A1:{letters[-1]}{total + 2}"
    sheet.freeze_panes = f"A{first}"


if __name__ == "__main__":
    FORM.write_bytes(expense_form())
