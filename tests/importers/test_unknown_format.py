"""What is said of files that no reader knows: what was tried, what they show, what they would need."""

from __future__ import annotations

import pytest

from importers.read import read_source
from importers.records import ReadError
from importers.sources.source import Source


def said(content: str | bytes, name: str = "a.csv") -> str:
    with pytest.raises(ReadError) as refused:
        read_source(Source(name, content.encode() if isinstance(content, str) else content))
    return str(refused.value)


def test_what_was_tried_is_named() -> None:
    for words in (
        "電子發票 XML",
        "平台下載檔",
        "折讓",
        "QR",
        "登記表",
        "媒體申報檔",
        "載具",
        "雲端發票",
        "銀行交易明細",
    ):
        assert words in said(b"\x00\x01\x02")


def test_a_table_shows_its_columns_and_what_lacks() -> None:
    reason = said("薪資表\n月份,姓名,薪水\n11207,王小明,5\n")
    assert "看到的欄位:月份、姓名、薪水" in reason
    assert "薪資表要有月份、姓名、應計薪資" in reason
    assert "憑證表要有日期、憑證號碼" in reason


def test_many_and_long_cells_are_cut() -> None:
    reason = said(",".join(["很長的欄位名稱" * 5, *"一二三四五六七八九"]) + "\n")
    assert "很長的欄位名稱很長的欄位名稱很長的欄位名…" in reason
    assert "、七。" in reason


def test_a_text_shows_its_beginning_and_xml_its_root() -> None:
    assert "開頭是「您好」" in said("您好\n這是一封信\n", "a.txt")
    assert "根元素是 Order" in said(
        '<?xml version="1.0"?><!-- x --><a:Order xmlns:a="u"><B/></a:Order>', "a.xml"
    )


@pytest.mark.parametrize(
    "content", [b"<?xml version='1.0'?>", b"PK\x03\x04[Content_Types].xml xl/", b"a\n\x81\x82\xff"]
)
def test_what_is_broken_is_still_one_line(content: bytes) -> None:
    assert "\n" not in said(content)
