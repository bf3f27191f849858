"""What import.toml says of statements: whose account a file is of, and which bank's layout it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.bank.profile import bank_named
from importers.bank.profile import profiles
from importers.bank.table import read
from importers.beangulp_importer import importers_for
from importers.config.rules import RulesError
from importers.config.statement_files import read_hints
from importers.records import BankLine
from importers.sources.source import Source
from importers.sources.source import Told
from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import plus
from tests.importers.archive.zips import zipped
from tests.importers.inbox import add
from tests.importers.inbox import some
from tests.importers.inbox import statement
from tests.importers.inbox import xml
from tests.replay import run


def say(case: Path, text: str) -> None:
    (case / "import.toml").write_text(text, encoding="utf-8")


def nameless(story: Story, number: str, line: Line) -> bytes:
    return statement(story, number, [line]).replace(f",'{number}".encode(), b",")


def test_the_account_is_told_by_the_files_name(story: Story, case: Path) -> None:
    file = nameless(story, story.dedicated, Line(plus(story.start, 1), 500, "利息存入"))
    refused = add(case, {"對帳單20240131.csv": file}, codes=(1,))
    reason = refused["rejected"][0]["reason"]
    assert "--account" in reason
    assert '[[statement]] file = "對帳單20240131.csv" account = "帳號"' in reason
    say(case, f'[[statement]]\nfile = "對帳單*.csv"\naccount = "{story.dedicated}"\n')
    assert run("import", case)["imported"] == 1
    again = add(case, {"另一個名字.csv": file}, codes=(1,))
    assert again["rejected"]


def test_what_the_file_or_its_name_or_the_command_says_goes_first(story: Story, case: Path) -> None:
    say(case, f'[[statement]]\nfile = "*"\naccount = "{story.own}"\n')
    line = Line(plus(story.start, 1), 500, "利息存入")
    add(case, {"a.csv": statement(story, story.dedicated, [line])})
    line = Line(plus(story.start, 2), 600, "利息存入")
    by_name = add(case, {f"{story.dedicated}.csv": nameless(story, story.dedicated, line)})
    assert (by_name["imported"], by_name["not_of_case"]) == (1, 0)
    line = Line(plus(story.start, 3), 700, "利息存入")
    (case / "inbox" / "b.csv").write_bytes(nameless(story, story.dedicated, line))
    assert run("import", case, "--account", story.dedicated, "--dry-run")["imported"] == 1
    assert run("import", case)["not_of_case"] == 1  # the company's own account


def test_an_account_that_is_not_the_cases_is_named(story: Story, case: Path) -> None:
    say(case, '[[statement]]\nfile = "a.csv"\naccount = "9999888877776666"\n')
    file = nameless(story, story.dedicated, Line(plus(story.start, 1), 500, "利息存入"))
    report = add(case, {"a.csv": file}, codes=(1,))
    assert "9999888877776666 不是本案" in report["rejected"][0]["reason"]


def test_a_member_of_a_zip_goes_by_its_own_name_and_a_filed_one_by_its_old_name(
    story: Story, case: Path
) -> None:
    say(case, f'[[statement]]\nfile = "公司?.CSV"\naccount = "{story.own}"\n')
    paper = some(story)
    pays = Line(plus(story.start, 12), -paper.gross, "轉帳支出", paper.seller_name)
    first = add(case, {"銀行.zip": zipped({"公司1.csv": nameless(story, story.own, pays)})})
    assert (first["imported"], first["rejected"]) == (0, [])
    assert add(case, {"a.xml": xml(story, paper)})["matched"] == 1
    other = some(story, number="ZZ10000002", net=33_000)
    pays = Line(plus(story.start, 20), -other.gross, "轉帳支出", other.seller_name)
    add(case, {"公司2.csv": nameless(story, story.own, pays)})
    assert add(case, {"b.xml": xml(story, other)})["matched"] == 1


def test_beangulp_is_told_too(story: Story, case: Path) -> None:
    say(case, f'[[statement]]\nfile = "a.csv"\naccount = "{story.dedicated}"\n')
    file = case.parent / "a.csv"
    file.write_bytes(nameless(story, story.dedicated, Line(plus(story.start, 1), 500, "利息存入")))
    assert [importer.name for importer in importers_for(case) if importer.identify(str(file))] == [
        "grantledger.dedicated"
    ]


# Banks

NO_BANK = "日期,提,存,餘額,備註\n2025/07/03,,100,100,0000001 租金\n"


def memo(bank: str, text: str = NO_BANK) -> str:
    reading = read(Source("a.csv", text.encode(), Told(bank)))
    assert reading is not None
    (line,) = (record for record in reading.records if isinstance(record, BankLine))
    return line.memo


def test_the_bank_that_the_user_names_picks_the_layout() -> None:
    assert memo("") == "0000001 租金"
    assert memo("元大商業銀行") == "租金"
    header = "日期,交易說明,提,存,帳面餘額,票據號碼,備註\n"
    telling = header + "2025/07/03,x,,100,100,,0000001 租金\n"
    assert memo("", telling) == "租金"
    assert memo("玉山商業銀行", telling) == "0000001 租金"


@pytest.mark.parametrize(
    ("said", "code"),
    [("玉山", "808"), ("808", "808"), ("玉山銀行", "808"), ("台灣銀行", "004"), ("郵局", "700")],
)
def test_a_bank_by_its_names(said: str, code: str) -> None:
    profile = bank_named(said)
    assert profile is not None
    assert profile.code == code


@pytest.mark.parametrize("said", ["", "銀行", "商業銀行", "不存在", "80"])
def test_a_name_of_none_or_of_several_banks_names_none(said: str) -> None:
    assert bank_named(said) is None


def test_every_bank_is_found_by_its_own_name() -> None:
    assert all(bank_named(profile.bank) is profile for profile in profiles())


@pytest.mark.parametrize("name", ["a.csv", "銀行.zip"])
def test_the_bank_of_import_toml_reaches_the_reader(story: Story, case: Path, name: str) -> None:
    text = f"帳號,{story.dedicated}\n日期,提,存,餘額,備註\n{plus(story.start, 1):%Y/%m/%d},,100,100,0000001 利息\n"
    say(case, '[[statement]]\nfile = "A*"\nbank = "806"\n')
    add(case, {name: zipped({"a.csv": text.encode()}) if name.endswith("zip") else text.encode()})
    books = "".join(path.read_text(encoding="utf-8") for path in (case / "books").iterdir())
    assert "利息" in books
    assert "0000001" not in books


# What it may hold


def test_the_first_that_says_it_counts(tmp_path: Path) -> None:
    say(
        tmp_path,
        '[[statement]]\nfile = "*.csv"\nbank = "玉山"\n[[statement]]\nfile = "a*"\naccount = "1"\nbank = "第一"\n'
        '[[statement]]\nfile = "*"\naccount = "2"\n[[rule]]\nitem = "甲"\ncategory = "equipment"\n',
    )
    hints = read_hints(tmp_path)
    assert (hints.told("A1.CSV", b"").bank, hints.account_of(["A1.CSV"])) == ("玉山商業銀行", "1")
    assert (hints.told("b.xls", b"").bank, hints.account_of(["b.xls"])) == ("", "2")
    assert hints.account_of(["2024-01-31.a1.csv"]) == "1"
    assert read_hints(tmp_path / "nowhere").account_of(["a"]) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[statement]]\nfile = "a"\nacount = "1"', "「acount」"),
        ('[[statement]]\nfile = "a"', "要有 file"),
        ('[[statement]]\naccount = "1"', "要有 file"),
        ('[[statement]]\nfile = "a"\naccount = 1234567', "account 要寫成有引號的文字"),
        ('[[statement]]\nfile = "a"\nbank = "瑞士銀行"', "沒有銀行「瑞士銀行」的設定;可以寫的有 臺灣銀行、"),
        ("[statement]\nfile = 'a'", "[[statement]]"),
        ("[[statment]]\nfile = 'a'", "「statment」"),
        ("[[statement", "格式錯誤"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(case: Path, text: str, told: str) -> None:
    say(case, text)
    with pytest.raises(RulesError) as caught:
        read_hints(case)
    assert told in str(caught.value)
    assert "import.toml" in str(caught.value)
    said = run("import", case, codes=(2,), as_json=False)
    assert told in said
