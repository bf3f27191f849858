"""What is said of an award file that cannot be taken, or that looks filled in wrongly: in Chinese, all of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.files.award_file import AwardError
from ledger.files.award_file import AwardFile
from ledger.files.award_file import parse_award
from ledger.files.award_file import read_award_file
from ledger.files.award_summary import summary_of
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_id_of
from tests.importers.makers import tables


def refusal(said: dict[str, Any]) -> str:
    with pytest.raises(AwardError) as caught:
        parse_award(said, "award.toml")
    return str(caught.value)


def test_every_fault_is_told_at_once_with_its_place_and_what_is_allowed() -> None:
    said = tables()
    said["company"]["ubn"] = "123"
    said["budget"][1]["government"] = -5
    said["budget"][0]["goverment"] = 1
    del said["award"]["title"]
    said["award"]["start"] = "明天"
    lines = refusal(said).split("\n")
    assert len(lines) == 5
    assert all(line.startswith("award.toml: ") for line in lines)
    text = "\n".join(lines)
    assert "company.ubn:寫法不對,要是八位數字" in text
    assert "第 2 個 [[budget]] 的 government:不可以小於 0" in text
    assert "第 1 個 [[budget]] 的 goverment:沒有這個項目;可以寫的有:category、government、self" in text
    assert "award.title:這一項一定要寫" in text
    assert "award.start:要寫成日期,例如 2023-06-01" in text


def test_what_does_not_fit_together_is_told_at_once() -> None:
    said = tables()
    said["award"]["end"] = said["award"]["start"].replace(year=2000)
    said["item"][0]["party"] = "99999999"
    said["budget"].append(dict(said["budget"][0]))
    text = refusal(said)
    assert len(text.split("\n")) == 3
    assert "早於開始日" in text
    assert "第 1 個 [[item]] 的 party:99999999 不是本案的廠商" in text
    assert "一個科目只能寫一次" in text


def award(**changes: Any) -> AwardFile:
    return parse_award(tables(**changes), "award.toml")


@pytest.mark.parametrize(
    "said", ["納管工廠低碳及智慧化基礎轉型個案補助", "納管工廠低碳", "managed-factory-112"]
)
def test_a_scheme_by_its_chinese_name(said: str) -> None:
    assert scheme_id_of(said) == "managed-factory-112"


@pytest.mark.parametrize("said", ["", "個案補助", "沒有這種計畫", "../x"])
def test_a_name_of_none_or_of_several_stays(said: str) -> None:
    assert scheme_id_of(said) == said


def test_chinese_names_of_scheme_guarantee_and_category() -> None:
    said = tables()
    said["award"] |= {"scheme": "納管工廠低碳及智慧化基礎轉型個案補助", "guarantee": "部分"}
    said["budget"][0]["category"] = "消耗性器材及原材料費"
    read = parse_award(said, "award.toml")
    assert (read.award.scheme, read.award.guarantee) == ("managed-factory-112", "partial")
    assert read.budget[0].category == "consumables"


MINIMAL = """[award]
id = "範例-1"
scheme = "small-manufacturer-112"
title = "示範計畫"
filed = 2023-07-01
start = 2023-07-01
end = 2024-06-30
[company]
name = "範例精密有限公司"
ubn = "12345675"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16", "utf-16-le"])
def test_an_award_in_any_encoding_of_notepad(tmp_path: Path, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (tmp_path / "award.toml").write_bytes(mark + MINIMAL.replace("\n", "\r\n").encode(encoding))
    assert read_award_file(tmp_path / "award.toml").company.name == "範例精密有限公司"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 50_000, "太深"),
        ("a = " + "[" * 40 + "]" * 40, "太深"),
        ("a = " + "9" * 5000, "太長或太大"),
        ("a = " + "9" * 50, "太長或太大"),
        ("a = 1e999999999", "太長或太大"),
        ("a = nan", "太長或太大"),
        ("a = 1\na = 2\n", "第 2 行"),
        ("[award\n", "第 1 行"),
        ('a = "b', "引號"),
        ("甲 = 1\n", "第 1 行"),
        ("x" * 2_000_000, "1 MB"),
    ],
)
def test_broken_and_hostile_toml_is_one_line_in_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "award.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AwardError) as caught:
        read_award_file(tmp_path / "award.toml")
    assert str(caught.value).startswith("award.toml: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_or_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "award.toml").write_bytes(b"\x81\xff\x00\x81")
    for path, words in ((tmp_path / "award.toml", "編碼"), (tmp_path / "none.toml", "找不到")):
        with pytest.raises(AwardError, match=words):
            read_award_file(path)


# --- what an award comes to ------------------------------------------------------------------------------


def notes(said: AwardFile) -> tuple[str, ...]:
    return summary_of(said, load_scheme("small-manufacturer-112")).notes


def test_budget_items_cap_and_ratio_side_by_side() -> None:
    said = award()
    summary = summary_of(said, load_scheme("small-manufacturer-112"))
    assert summary.government == sum(line.government for line in said.budget)
    assert summary.total == sum(line.government + line.self_funded for line in said.budget)
    assert (summary.cap, float(summary.ratio or 0)) == (5_000_000, 0.5)


def scaled(numerator: int, *, budget: bool = True, items: bool = True) -> AwardFile:
    said = tables()
    for line in [*(said["budget"] if budget else []), *(said["item"] if items else [])]:
        line["government"], line["self"] = line["government"] // numerator, line["self"] // numerator
    return parse_award(said, "award.toml")


def test_amounts_in_thousands_are_told() -> None:
    assert any("以千元填寫" in note for note in notes(scaled(1000)))
    matching = tables()
    for line in matching["budget"]:
        of_category = [item for item in matching["item"] if item["category"] == line["category"]]
        if of_category:
            line["government"] = sum(item["government"] for item in of_category)
            line["self"] = sum(item["self"] for item in of_category)
    assert notes(parse_award(matching, "award.toml")) == ()
    for line in matching["item"]:
        line["government"], line["self"] = line["government"] // 1000, line["self"] // 1000
    assert any("1,000 倍" in note for note in notes(parse_award(matching, "award.toml")))
