"""A new case: its files load without an error, and say what the award said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import data

from ledger.loading.loader import load_case
from ledger.model.accounts import chart
from ledger.operations.new_case import CaseExistsError
from ledger.operations.new_case import new_case
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.loader import FOLDER
from ledger.schemes.model import SchemeError
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import award_file
from tests.ledger.ledgers import day

BUDGET = {"equipment": (600_000, 600_000), "personnel": (0, 100_000)}
HOSTILE = '3/4" \\ 冷卻\n; plugin "x"\u2028'


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {".grant", ".git"} & set(path.parts)
    )


def test_a_new_case_loads_and_says_what_the_award_said(tmp_path: Path) -> None:
    scheme = new_case(tmp_path / "case", award_file(BUDGET))
    assert scheme.id == "small-manufacturer-112"
    assert files(tmp_path / "case") == [
        ".gitignore",
        "audit.beancount",
        "award.beancount",
        "books/2023-06.beancount",
        "main.beancount",
    ]
    assert all((tmp_path / "case" / name).is_dir() for name in ("books", "inbox", "documents"))
    loaded = load_case(tmp_path / "case")
    assert loaded.errors == []
    assert loaded.checks_listed
    assert loaded.case.problems == []
    assert loaded.case.award is not None
    assert loaded.case.award.budget_on()[LEAD, "equipment"] == (600_000, 600_000)
    opened = {entry.account for entry in loaded.entries if isinstance(entry, data.Open)}
    assert opened == set(chart(list(CATEGORIES)))


@pytest.mark.parametrize("title", ["主軸冷卻", HOSTILE])
def test_whatever_the_award_letter_says_the_case_loads(tmp_path: Path, title: str) -> None:
    items = [{"category": "equipment", "name": f"項目{title}", "government": 1, "self": 1, "supplier": title}]
    company = {"name": f"公司{title}", "ubn": LEAD, "representative": title}
    more: dict[str, Any] = {"title": title, "id": f"112{title}", "item": items, "company": company}
    new_case(tmp_path / "case", award_file(BUDGET, **more))
    loaded = load_case(tmp_path / "case")
    assert loaded.errors == []
    assert loaded.case.award is not None
    assert loaded.case.award.item_named(f"項目{title}") is not None
    assert [name for name, _config in loaded.options["plugin"]] == ["checks"]


def test_fava_and_bean_check_load_it_too(tmp_path: Path) -> None:
    new_case(tmp_path / "case", award_file(BUDGET))
    main = tmp_path / "case/main.beancount"
    text = main.read_text(encoding="utf-8").replace('plugin "checks"', "")
    main.write_text(text, encoding="utf-8")
    entries, errors, options = loader.load_file(str(main))
    assert errors == []
    assert options["operating_currency"] == ["TWD"]
    assert sum(isinstance(entry, data.Query) for entry in entries) == 4


def test_a_supply_chain_case(tmp_path: Path) -> None:
    partners: Any = {PARTNER: (BUDGET, "444455556666")}
    new_case(tmp_path / "case", award_file(BUDGET, scheme="supply-chain-smart-112", partners=partners))
    award = load_case(tmp_path / "case").case.award
    assert award is not None
    assert award.parties == (LEAD, PARTNER)
    assert award.budget_on()[PARTNER, "equipment"] == (600_000, 600_000)
    assert award.holders == (LEAD, PARTNER)


def test_the_accounts_are_open_before_anything_can_be_booked(tmp_path: Path) -> None:
    new_case(tmp_path / "case", award_file(BUDGET, filed=day("2023-04-01")))
    entries = load_case(tmp_path / "case").entries
    assert {entry.date <= day("2023-04-01") for entry in entries if isinstance(entry, data.Open)} == {True}


def test_a_case_that_is_there_is_not_touched(tmp_path: Path) -> None:
    new_case(tmp_path / "case", award_file(BUDGET))
    (tmp_path / "case/main.beancount").write_text("; 我的\n", encoding="utf-8")
    with pytest.raises(CaseExistsError):
        new_case(tmp_path / "case", award_file(BUDGET))
    assert (tmp_path / "case/main.beancount").read_text(encoding="utf-8") == "; 我的\n"


def test_an_unknown_scheme_makes_no_case(tmp_path: Path) -> None:
    with pytest.raises(SchemeError):
        new_case(tmp_path / "case", award_file(BUDGET, scheme="no-such"))
    assert not (tmp_path / "case/main.beancount").exists()


def test_a_scheme_beside_the_case_is_used(tmp_path: Path) -> None:
    text = (FOLDER / "managed-factory-112.toml").read_text(encoding="utf-8")
    (tmp_path / "case/schemes").mkdir(parents=True)
    own = tmp_path / "case/schemes/our-city-115.toml"
    own.write_text(text.replace('id = "managed-factory-112"', 'id = "our-city-115"'), encoding="utf-8")
    assert new_case(tmp_path / "case", award_file(BUDGET, scheme="our-city-115")).id == "our-city-115"
    scheme = load_case(tmp_path / "case").case.scheme
    assert scheme is not None
    assert scheme.id == "our-city-115"
