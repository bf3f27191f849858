"""PDF statements: what each layout prints reads back, and whatever does not prove itself is refused."""

from __future__ import annotations

import datetime
import functools
import subprocess
import sys

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.bank import pdf
from importers.read import read_source
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.records import UnknownFileError
from importers.sources.source import Source
from tests.importers.bank.makers import Maker
from tests.importers.bank.statements import statements

pytest.importorskip("pdfplumber")
pytest.importorskip("pypdf")
pytest.importorskip("weasyprint")

from tests.importers.bank.pdf import pdfs

LINES = [
    BankLine(datetime.date(2025, 7, 3), 500_000, 700_000, "09:01:00", "匯入款", "補助款"),
    BankLine(datetime.date(2025, 7, 4), -9_975, 690_025, "10:02:00", "轉帳支出", "貨款"),
    BankLine(datetime.date(2025, 7, 21), 12, 690_037, "23:03:00", "利息存入"),
]
MANY = [
    BankLine(
        datetime.date(2025, 7, 3) + datetime.timedelta(days=number),
        1000 + number,
        (1000 + number) * (number + 1) - number * (number + 1) // 2,
        "09:01:00",
        "匯入款",
        f"貨款{number}",
    )
    for number in range(45)
]


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        read_source(Source("a.pdf", data))
    assert "\n" not in str(error.value)
    return str(error.value)


def lines_of(reading: Reading) -> list[BankLine]:
    return [record._replace(row=0) for record in reading.records if isinstance(record, BankLine)]


def squeezed(lines: list[BankLine]) -> list[BankLine]:
    """The lines without the blanks of their remarks: where a remark goes on in the next line, one is lost or made."""
    return [line._replace(memo="".join(line.memo.split())) for line in lines]


@pytest.mark.parametrize("maker", pdfs.PDF_MAKERS, ids=lambda maker: maker.name)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=statements())
def test_reads_back_what_was_printed(maker: Maker, lines: list[BankLine]) -> None:
    hold_what_was_printed(maker, lines)


@pytest.mark.parametrize("maker", pdfs.PDF_MAKERS, ids=lambda maker: maker.name)
@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=statements())
def test_reads_back_whatever_was_printed(maker: Maker, lines: list[BankLine]) -> None:
    hold_what_was_printed(maker, lines)


def hold_what_was_printed(maker: Maker, lines: list[BankLine]) -> None:
    reading = read_source(Source(maker.file, maker.make(lines)))
    assert (reading.format, reading.encoding, reading.account) == ("bank-pdf", "", maker.account)
    assert reading.warnings == ()
    assert squeezed(lines_of(reading)) == squeezed(maker.expected(lines))


@pytest.mark.parametrize("maker", pdfs.PDF_MAKERS, ids=lambda maker: maker.name)
@pytest.mark.slow
def test_pages_with_their_header_repeated(maker: Maker) -> None:
    reading = read_source(Source(maker.file, maker.make(MANY)))
    assert lines_of(reading) == maker.expected(MANY)
    assert reading.as_json()["format"] == "bank-pdf"


@pytest.mark.parametrize("maker", pdfs.PDF_MAKERS, ids=lambda maker: maker.name)
def test_a_missing_line_and_a_wrong_balance_are_refused(maker: Maker) -> None:
    assert "不連續" in refused(maker.make([LINES[0], LINES[2]]))
    assert "不連續" in refused(maker.make([LINES[0], LINES[1]._replace(balance=690_026), LINES[2]]))


STRAIGHT = [maker for maker in pdfs.PDF_MAKERS if not maker.name.endswith("words")]


@pytest.mark.parametrize("maker", STRAIGHT, ids=lambda maker: maker.name)
def test_swapped_columns_are_refused(maker: Maker) -> None:
    assert "餘額" in refused(maker.make([line._replace(amount=-line.amount) for line in LINES]))


# What cannot be read


def test_a_scan_has_no_text() -> None:
    assert "掃描影像" in refused(pdfs.scanned())


@pytest.mark.parametrize("password", ["12345675", "密碼"])
def test_a_protected_file_says_how_to_save_it_without_its_password(password: str) -> None:
    said = refused(pdfs.protected(pdfs.first(LINES), password))
    assert "密碼保護" in said
    assert "列印" in said


def test_a_password_for_changing_only_does_not_hinder_reading() -> None:
    data = pdfs.protected(pdfs.first(LINES), "", owner="12345675")
    assert len(read_source(Source("a.pdf", data)).records) == len(LINES)


def test_another_layout_is_refused_with_what_was_tried() -> None:
    letter = "<h3>存款餘額證明書</h3><p>帳號 490264681158 截至 114/07/31 止 餘額 700,000 元</p>"
    said = refused(pdfs.pdf(letter + "<p>說明</p>" * 200))
    assert "表格線、直欄與逐字" in said
    assert "CSV" in said


def test_a_statement_without_balances_proves_nothing() -> None:
    html = pdfs.RULED + pdfs.table(
        ["日期", "支出", "存入", "摘要"],
        [["114/07/03", "", "100", "匯入款"], ["114/07/04", "30", "", "轉帳"]],
        (1, 2),
        3,
    )
    assert "第2列沒有餘額" in refused(pdfs.pdf(html))


def test_a_row_whose_day_cannot_be_read_is_not_lost() -> None:
    rows = [
        *pdfs.first_rows(LINES),
        ["2025/13/45", "10:00:00", "新臺幣", "37.00", "-", "690,000.00", "", "提款", ""],
    ]
    html = pdfs.table(pdfs.FIRST, rows, (3, 4, 5), 8)
    assert "有金額但沒有可讀的日期" in refused(pdfs.pdf(html))


def test_another_currency_is_refused() -> None:
    rows = [[*row[:2], "USD", *row[3:]] for row in pdfs.first_rows(LINES)]
    assert "外幣" in refused(pdfs.pdf(pdfs.table(pdfs.FIRST, rows, (3, 4, 5), 8)))


def test_what_a_browser_writes_for_other_characters_is_read_as_those() -> None:
    html = pdfs.RULED + pdfs.table(
        ["交易⽇期", "支出", "存入", "餘額", "摘要"],
        [["114/07/03", "", "100", "100", "利息存⼊"]],
        (1, 2, 3),
        4,
    )
    (line,) = lines_of(read_source(Source("a.pdf", pdfs.pdf(html))))
    assert line.text == "利息存入"


@functools.cache
def sound() -> bytes:
    return pdfs.first_ruled(LINES)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = sound()
    place = data.draw(st.integers(8, len(whole) - 1))
    mark = data.draw(st.binary(max_size=40))
    told: list[str] = []
    damaged = data.draw(st.sampled_from([whole[:place], whole[:place] + mark + whole[place + len(mark) :]]))
    try:
        found = lines_of(read_source(Source("a.pdf", damaged)))
    except ReadError as error:
        found = []
        told.append(str(error))
    assert found in ([], LINES)
    assert not any("\n" in said for said in told)


def test_a_page_whose_text_breaks_off_is_refused() -> None:
    start = sound().index(b"stream", sound().index(b"/FlateDecode"))
    middle = start + 600  # of some 1,600 bytes
    damaged = sound()[:middle] + bytes(14) + sound()[middle + 14 :]
    with pytest.raises(ReadError):
        read_source(Source("a.pdf", damaged))


def test_without_the_extra_one_line_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    with pytest.raises(UnknownFileError) as caught:
        pdf.read(Source("a.pdf", pdfs.first(LINES)))
    assert 'pip install "grantledger[pdf-statements]"' in str(caught.value)


def test_nothing_is_loaded_for_other_files() -> None:
    code = (
        "import sys; from importers.read import read_source; from importers.sources.source import Source; "
        "read_source(Source('a.csv', '日期,支出,存入,餘額\\n114/07/04,,100,100\\n'.encode())); "
        "sys.exit(any(name.startswith('pdf') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
