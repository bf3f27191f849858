"""Everything a second time, otherwise: renamed, reordered, packed, overlapping, in another layout; nothing is added."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from importers.sources.source import decode
from tests.casemaker import Story
from tests.replay import begin
from tests.replay import books_of
from tests.replay import put
from tests.replay import run

LIST = re.compile(r"<\?xml.*?\?>\s*")


def shuffled_sheet(content: bytes, order: random.Random) -> bytes:
    """A sheet with its rows and its columns in another order, in another encoding."""
    header, *rows = list(csv.reader(io.StringIO(decode(content)[0])))
    rows = [row for row in rows if any(row)]
    places = list(range(len(header)))
    order.shuffle(places)
    order.shuffle(rows)
    text = io.StringIO()
    csv.writer(text).writerows([[row[place] for place in places] for row in [header, *rows]])
    return text.getvalue().encode("cp950")


def as_workbook(content: bytes, order: random.Random) -> bytes:
    """A sheet as xlsx below a title, its rows in another order."""
    header, *rows = list(csv.reader(io.StringIO(decode(content)[0])))
    order.shuffle(rows)
    book = openpyxl.Workbook()
    for row in [["登記表"]] + [header] + [row for row in rows if any(row)]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def statement_rows(content: bytes) -> tuple[list[str], list[str]]:
    """The lines above a statement's rows with its heading, and the rows."""
    lines = decode(content)[0].splitlines()
    heading = next(place for place, line in enumerate(lines) if line.startswith("交易日期"))
    rows = [line for line in lines[heading + 1 :] if re.match(r"\d", line)]
    return lines[: heading + 1], rows


def newest_first(content: bytes) -> bytes:
    head, rows = statement_rows(content)
    return "\n".join([*head, *reversed(rows)]).encode("utf-8-sig")


def reversed_rows(content: bytes) -> bytes:
    """A workbook of the platform with the rows of both sheets the other way round."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for page in book.worksheets:
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        page.delete_rows(2, len(rows))
        for row in reversed(rows):
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def enveloped(messages: list[bytes]) -> bytes:
    inside = "".join(LIST.sub("", message.decode()) for message in messages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><InvoiceEnvelope xmlns="urn:GEINV:InvoiceEnvelope:4.1">'
        f'<InvoicePack count="{len(messages)}">{inside}</InvoicePack></InvoiceEnvelope>'
    ).encode()


def zipped(files: dict[str, bytes], order: random.Random) -> bytes:
    names = list(files)
    order.shuffle(names)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(f"下載/{name}", files[name])
    return out.getvalue()


def otherwise(files: dict[str, bytes], order: random.Random) -> dict[str, bytes]:
    """The same records in files of other names, orders and layouts."""
    other: dict[str, bytes] = {}
    whole: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    messages = {name: content for name, content in files.items() if name.endswith(".xml")}
    for place, (name, content) in enumerate(files.items()):
        if "銀行" in name:
            other[f"{place}.csv"] = newest_first(content)
            head, rows = statement_rows(content)
            account = name.split("_")[1]
            whole[account][0][:] = head
            whole[account][1].extend(rows)
        elif name.endswith(".csv"):
            other[f"{place}.csv"] = shuffled_sheet(content, order)
            other[f"{place}.xlsx"] = as_workbook(content, order)
        elif name.endswith(".xlsx"):
            other[f"{place}.xlsx"] = reversed_rows(content)
    for account, (head, rows) in whole.items():
        other[f"全部{account}.csv"] = "\n".join([*head, *rows]).encode("cp950", "replace")
    other["發票.zip"] = zipped(messages, order)
    single = [content for name, content in messages.items() if "Envelope" not in name]
    other["信封.xml"] = enveloped(single)
    return other


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("one_by_one", [False, True], ids=["at once", "one by one"])
def test_nothing_is_added_by_the_same_records_in_other_files(
    seed: int, one_by_one: bool, tmp_path: Path
) -> None:
    story, case, order = Story(seed, months=3).money(), tmp_path / "case", random.Random(seed)  # noqa: S311
    begin(story, case)
    first = run("import", case)
    assert first["imported"] > 20
    before = books_of(case)
    files = otherwise(story.files(), order)
    assert len(files) > 6
    for some in [{name: content} for name, content in files.items()] if one_by_one else [files]:
        put(some, case / "inbox")
        report = run("import", case)
        assert report["imported"] == 0, some.keys()
        assert report["unmatched"] == []
        assert report["duplicates"] > 0
    assert books_of(case) == before
    assert [path.name for path in (case / "inbox").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("seed", range(2))
def test_the_other_files_alone_come_to_the_same_vouchers(seed: int, tmp_path: Path) -> None:
    story, order = Story(seed, months=3).money(), random.Random(seed)  # noqa: S311
    for name, files in (("one", story.files()), ("other", otherwise(story.files(), order))):
        begin(story, tmp_path / name)
        for path in (tmp_path / name / "inbox").iterdir():
            path.unlink()
        put(files, tmp_path / name / "inbox")
    assert run("import", tmp_path / "one")["imported"] == run("import", tmp_path / "other")["imported"]
    one, other = (
        sorted(
            line
            for text in books_of(tmp_path / name).values()
            for line in text.decode().splitlines()
            if "import-id" in line
        )
        for name in ("one", "other")
    )
    assert one == other
