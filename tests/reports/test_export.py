"""Exported tables: what they add up to, text that stays text, the dictionary that is made of them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from reports.data import frames
from reports.data.dataframes import frame_of_rows
from reports.export.case import export_case
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dictionary import PATH
from reports.export.dictionary import dictionary
from reports.export.formats import as_csv
from reports.export.formats import as_json
from reports.export.formats import as_parquet
from reports.export.formats import safe_text
from reports.export.tables import TABLES
from tests.reports import office

_BY_NAME = {table.name: table for table in TABLES}
_ONE = ExportTable("T", "", (ExportField("A", "text", ""),), lambda _case: [])


def _rows(case: Case, name: str) -> list[dict[str, object]]:
    table = _BY_NAME[name]
    names = [field.name for field in table.fields]
    return [dict(zip(names, row, strict=True)) for row in table.rows(case)]


def test_debits_and_credits_are_equal(any_case: Case) -> None:
    amounts = [row["Amount"] for row in _rows(any_case, "GL_Detail")]
    assert sum(amount for amount in amounts if isinstance(amount, int)) == 0
    assert len(amounts) == sum(len(entry.postings) for entry in any_case.transactions)


def test_balances_end_where_the_journal_does(case: Case) -> None:
    ends = {row["GL_Account_Number"]: row["Amount_Ending"] for row in _rows(case, "Trial_Balance")}
    sums: dict[object, int] = {}
    for row in _rows(case, "GL_Detail"):
        amount = row["Amount"]
        assert isinstance(amount, int)
        sums[row["GL_Account_Number"]] = sums.get(row["GL_Account_Number"], 0) + amount
    assert ends == sums


def test_lines_belong_to_invoices_and_payments_to_both(any_case: Case) -> None:
    invoices = {row["Journal_ID"]: row for row in _rows(any_case, "Invoices_Received")}
    lines = _rows(any_case, "Invoices_Received_Line")
    numbers = {row["Invoice_Number"] for row in invoices.values()}
    assert {row["Journal_ID"] for row in lines} == set(invoices)
    assert {row["Invoice_Number"] for row in _rows(any_case, "Payments_Made")} <= numbers
    for key, invoice in invoices.items():
        accepted = [row["Accepted_Amount"] for row in lines if row["Journal_ID"] == key]
        assert sum(amount for amount in accepted if isinstance(amount, int)) == invoice["Accepted_Amount"]


def test_every_row_has_every_field_in_its_kind(any_case: Case) -> None:
    kinds = {"text": str, "date": datetime.date, "amount": int, "number": Decimal, "whole": int}
    for table in TABLES:
        for row in table.rows(any_case):
            assert len(row) == len(table.fields)
            for field, value in zip(table.fields, row, strict=True):
                assert value is None or isinstance(value, kinds[field.kind]), (table.name, field.name)


def test_the_same_case_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        for folder in ("a", "b"):
            export_case(case if folder == "a" else office.office_case(), form, tmp_path / form / folder)
        first = {path.name: path.read_bytes() for path in (tmp_path / form / "a").iterdir()}
        assert first == {path.name: path.read_bytes() for path in (tmp_path / form / "b").iterdir()}
        assert len(first) == len(TABLES) + 1


def test_the_dictionary_is_made_of_the_tables() -> None:
    assert PATH.read_text(encoding="utf-8") == dictionary()


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        office.HOSTILE,
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\uff1d1",
        "\uff0b1",
        "\uff20A",
    ],
)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    cell = _read(as_csv(frame_of_rows(_ONE, [(text,)])))[1][0]
    assert cell.startswith("'")
    assert cell[1:] == text


@given(st.text())
def test_whatever_a_text_says_its_cell_is_text(text: str) -> None:
    safe = safe_text(text)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe.removeprefix("'") == text.replace("\x00", "").removeprefix("'")


def test_a_negative_amount_stays_a_number() -> None:
    table = ExportTable("T", "", (ExportField("A", "amount", ""),), lambda _case: [])
    assert _read(as_csv(frame_of_rows(table, [(-5,)])))[1] == ["-5"]


def test_a_hostile_supplier_is_text_in_every_export(case: Case, tmp_path: Path) -> None:
    export_case(case, "csv", tmp_path)
    hostile = 0
    for path in tmp_path.glob("*.csv"):
        for row in _read(path.read_bytes()):
            hostile += sum(cell == "'" + office.HOSTILE for cell in row)
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)
    assert hostile > 5


def test_decimals_are_not_rounded() -> None:
    pytest.importorskip("pyarrow")
    table = ExportTable(
        "T", "", (ExportField("A", "number", ""), ExportField("B", "amount", "")), lambda _case: []
    )
    rows = [(Decimal("0.1"), 3), (None, 4)]
    assert b'"A": "0.1"' in as_json(frame_of_rows(table, rows))
    assert as_parquet(frame_of_rows(table, rows)) == as_parquet(frame_of_rows(table, rows))
    assert as_parquet(frame_of_rows(table, [(None, Decimal("1.5"))]))


# --- DataFrames ------------------------------------------------------------------------------------------


def test_every_column_has_the_dtype_of_its_kind(any_case: Case) -> None:
    dtypes = {
        "text": "string",
        "date": "datetime64[s]",
        "amount": "Int64",
        "number": "object",
        "whole": "Int64",
    }
    made = frames(any_case)
    assert list(made) == [table.name for table in TABLES]
    for table in TABLES:
        frame = made[table.name]
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            field.name: dtypes[field.kind] for field in table.fields
        }, table.name
        assert len(frame) == len(list(table.rows(any_case)))


def test_a_frame_says_what_the_rows_say(case: Case) -> None:
    journal = frames(case)["GL_Detail"]
    assert journal["Amount"].sum() == 0
    first = case.transactions[0]
    assert journal["Effective_Date"].iloc[0].date() == first.date
    ends = {row["GL_Account_Number"]: row["Amount_Ending"] for row in _rows(case, "Trial_Balance")}
    assert journal.groupby("GL_Account_Number")["Amount"].sum().to_dict() == ends


def test_what_is_missing_is_missing_and_no_float() -> None:
    fields = tuple(ExportField(kind, kind, "") for kind in ("text", "date", "amount", "number", "whole"))
    table = ExportTable("T", "", fields, lambda _case: [])
    frame = frame_of_rows(
        table, [("", None, None, None, None), ("x", datetime.date(9999, 12, 31), 5, Decimal("0.1"), 1)]
    )
    assert frame["date"].isna().tolist() == [True, False]
    assert frame["number"].tolist() == [None, Decimal("0.1")]
    assert not any(dtype.kind == "f" for dtype in frame.dtypes)
    assert _read(as_csv(frame))[1:] == [["", "", "", "", ""], ["x", "9999-12-31", "5", "0.1", "1"]]
    assert json.loads(as_json(frame))[0] == {
        "text": "",
        "date": None,
        "amount": None,
        "number": None,
        "whole": None,
    }
    assert json.loads(as_json(frame))[1]["date"] == "9999-12-31"


def test_an_amount_of_half_a_dollar_is_kept(tmp_path: Path) -> None:
    table = ExportTable("T", "", (ExportField("A", "amount", ""),), lambda _case: [])
    frame = frame_of_rows(table, [(1,), (Decimal("0.5"),), (None,)])
    assert _read(as_csv(frame))[1:] == [["1"], ["0.5"], [""]]
    assert [row["A"] for row in json.loads(as_json(frame))] == [1, "0.5", None]
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "t.parquet").write_bytes(as_parquet(frame))
    assert parquet.read_table(tmp_path / "t.parquet")["A"].to_pylist() == [1, Decimal("0.5"), None]


def test_parquet_holds_dates_texts_and_whole_numbers(case: Case, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export_case(case, "parquet", tmp_path)
    schema = parquet.read_schema(tmp_path / "GL_Detail.parquet")
    types = {name: str(schema.field(name).type) for name in ("Effective_Date", "Amount", "GL_Account_Number")}
    assert types == {"Effective_Date": "date32[day]", "Amount": "int64", "GL_Account_Number": "string"}


def test_a_csv_export_needs_no_workbook_library(tmp_path: Path) -> None:
    books = tmp_path / "case" / "main.beancount"
    books.parent.mkdir()
    books.write_text('2023-06-01 custom "grant-award" "112-甲-1"\n', encoding="utf-8")
    script = (
        "import sys; from cli.main import grant\n"
        f"grant(['export', {str(books.parent)!r}, '--format', 'csv', '-o', {str(tmp_path / 'out')!r}], standalone_mode=False)\n"
        "print('loaded', sorted({'openpyxl', 'weasyprint'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "loaded []" in ran.stdout, ran.stdout + ran.stderr
    assert (tmp_path / "out" / "GL_Detail.csv").is_file()
