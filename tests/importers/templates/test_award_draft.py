"""An award being filled in: the same cells, the same faults, whichever way they came; each at its cell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import get_args

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.sources.source import Source
from importers.templates.award_draft import AwardDraft
from importers.templates.award_draft import draft_of_fields
from importers.templates.award_draft import draft_of_form
from importers.templates.award_draft import draft_of_toml
from importers.templates.award_draft import lines_of
from importers.templates.award_form import HEAD
from importers.templates.award_form import LISTS
from ledger.files.award_file import AwardFile
from ledger.files.award_file import parse_award
from ledger.files.award_summary import summary_of
from ledger.files.award_summary import summary_of_lines
from ledger.schemes.loader import load_scheme
from tests.importers.templates.filled import AWARD
from tests.importers.templates.filled import fill_award


def fields_of(draft: AwardDraft) -> dict[str, str]:
    """The draft as a page's fields hold it."""
    fields = {path: cell.text for path, cell in draft.head.items()}
    for form in LISTS:
        for number, row in enumerate(draft.rows(form.key)):
            fields |= {f"{form.key}.{number}.{path}": cell.text for path, cell in row.items()}
    return fields


def form(tmp_path: Path, award: dict[str, Any]) -> AwardDraft:
    fill_award(tmp_path / "award.xlsx", award)
    return draft_of_form(Source.from_path(tmp_path / "award.xlsx"))


def test_form_toml_and_page_give_the_same_award(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    of_form, of_toml = form(tmp_path, award), draft_of_toml(AWARD)
    of_page = draft_of_fields(fields_of(of_form))
    expected = parse_award(award, "award.toml")
    for draft in (of_form, of_toml, of_page):
        assert draft.tables() == (award, [])
        assert draft.checked() == (expected, ())


def test_every_key_of_the_award_has_a_cell() -> None:
    """But those of accounts that only one of them has: the day that the company's own account was opened."""
    keys = {field.path for field in HEAD}
    keys |= {f"{form.key}.{field.path}" for form in LISTS for field in form.fields}
    wanted = set(_keys(AwardFile))
    assert wanted - keys == {"payment_account.opened"}
    assert keys <= wanted


def _keys(model: Any, under: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = [
            each for each in (field.annotation, *get_args(field.annotation)) if hasattr(each, "model_fields")
        ]
        path = f"{under}{field.alias or name}"
        if inner:
            yield from _keys(inner[0], f"{path}.")
        else:
            yield path


@pytest.mark.parametrize(
    ("at", "wrong", "allowed"),
    [
        ("funding.0.amount", "三萬", "請寫整數元"),
        ("funding.0.kind", "x", "請寫政府機關,或民間或其他"),
        ("evidence.0.kind", "驗收單", "例如 acceptance-report"),
        ("evidence.0.when", "隨時", "請寫簽約、期中或期末"),
        ("evidence.0.category", "雜費", "可以寫的科目"),
    ],
)
def test_a_wrong_cell_of_other_funding_or_of_a_paper_says_what_is_allowed(
    at: str, wrong: str, allowed: str
) -> None:
    fields = fields_of(draft_of_toml(AWARD))
    checked = draft_of_fields(fields | {at: wrong}).checked()
    assert allowed in checked.of(at)
    assert [fault.at for fault in checked.faults] == [at]
    assert draft_of_fields(fields).checked().faults == ()


def test_three_wrong_cells_are_marked_where_they_stand(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    award["award"]["start"] = "明天"
    award["budget"][0]["government"] = "很多"
    award["person"][0]["insured"] = "或許"
    draft = form(tmp_path, award)
    for each in (draft, draft_of_fields(fields_of(draft))):
        checked = each.checked()
        assert checked.award is None
        assert [fault.at for fault in checked.faults] == [
            "award.start",
            "budget.0.government",
            "person.0.insured",
        ]
        assert "例如 2023-06-01" in checked.of("award.start")
        assert "整數元" in checked.of("budget.0.government")
        assert "「是」或「否」" in checked.of("person.0.insured")
    assert [(fault.sheet, fault.cell) for fault in draft.checked().faults] == [
        ("核定", "B6"),
        ("預算", "B3"),
        ("人員", "C3"),
    ]


def test_what_is_missing_or_does_not_fit_is_marked_too(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    del award["award"]["title"]
    award["award"]["scheme"] = "沒有這種計畫"
    award["award"]["end"] = award["award"]["start"].replace(year=2020)
    del award["item"][0]["name"]
    checked = form(tmp_path, award).checked()
    marked = {fault.at: fault for fault in checked.faults}
    assert set(marked) == {"award.title", "award.scheme", "item.0.name"}  # the rest once these stand
    assert "managed-factory-112" in marked["award.scheme"].reason
    assert "「品項」第 1 筆「品名」" in marked["item.0.name"].text
    award["award"] |= {"title": "計畫", "scheme": "managed-factory-112"}
    award["item"][0]["name"] = "模組"
    (late,) = form(tmp_path, award).checked().faults
    assert late.at == "award.end"
    assert (late.sheet, late.cell) == ("核定", "B7")


def test_an_empty_page_asks_for_what_has_to_be_there() -> None:
    marked = {fault.at for fault in draft_of_fields({}).checked().faults}
    assert {"award.id", "award.scheme", "award.title", "award.start", "company.name", "company.ubn"} <= marked


def test_rows_of_a_page_in_which_nothing_is_told_are_no_rows() -> None:
    draft = draft_of_fields(
        {
            "budget.0.category": "人事費",
            "budget.3.category": "設備費",
            "budget.3.self": "1,000",
            "item.7.name": " ",
            "item.99999.name": "x",
            "no.1.thing": "x",
            "budget.1.nothing": "x",
        }
    )
    assert fields_of(draft) == {"budget.0.category": "設備費", "budget.0.self": "1,000"}


def test_a_toml_with_a_strange_key_says_so_and_other_funding_is_read() -> None:
    text = AWARD.replace('unit = "組"', 'unit = "組"\ncolour = "red"')
    (fault,) = draft_of_toml(text).checked().faults
    assert "colour" in fault.at
    more = '[[funding]]\nagency = "某署"\namount = 5\n'
    checked = draft_of_toml(AWARD + more).checked()
    assert checked.award is not None
    assert checked.award.funding[-1].agency == "某署"


def test_another_workbook_is_no_award(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["甲"])
    book.save(tmp_path / "x.xlsx")
    faults = draft_of_form(Source.from_path(tmp_path / "x.xlsx")).faults
    assert "核定" in faults[0].reason
    assert faults[0].at == ""


@given(st.dictionaries(st.sampled_from(
    ["award.id", "award.start", "budget.0.category", "budget.0.self", "item.2.quantity", "partner.0.account.bank"]
), st.text(max_size=30), max_size=6))  # fmt: skip
def test_whatever_is_typed_gives_an_award_or_faults(fields: dict[str, str]) -> None:
    checked = draft_of_fields(fields).checked()
    assert checked.award is None
    assert checked.faults
    assert all(fault.reason for fault in checked.faults)


# --- the sums while typing -----------------------------------------------------------------------------


def test_the_sums_of_a_draft_are_those_of_the_award(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    scheme = load_scheme("managed-factory-112")
    tables, _faults = form(tmp_path, award).tables()
    budget, items = lines_of(tables)
    assert summary_of_lines(budget, items, scheme) == summary_of(parse_award(award, "a"), scheme)


def test_caps_count_what_the_scheme_says_they_count() -> None:
    typed = {
        "budget.0.category": "全新設備之購置費",
        "budget.0.government": "301",
        "budget.0.self": "0",
        "budget.1.category": "人事費",
        "budget.1.self": "699",
    }
    budget, items = lines_of(draft_of_fields(typed).tables()[0])
    summary = summary_of_lines(budget, items, load_scheme("small-manufacturer-112"))
    equipment, personnel = summary.limits
    assert (equipment.counted, equipment.most, equipment.cap) == (301, 300, Decimal("0.3"))
    assert equipment.is_over
    assert equipment.grantable
    assert (personnel.most, personnel.is_over, personnel.grantable) == (None, False, False)
    typed |= {"budget.0.government": "300", "budget.1.self": "700"}
    budget, items = lines_of(draft_of_fields(typed).tables()[0])
    assert not summary_of_lines(budget, items, load_scheme("small-manufacturer-112")).limits[0].is_over


@pytest.mark.parametrize("scheme", ["managed-factory-112"])
def test_a_cap_on_the_whole_category_counts_own_money(scheme: str) -> None:
    typed = {"budget.0.category": "全新設備之購置費", "budget.0.self": "310", "budget.1.category": "人事費"}
    budget, items = lines_of(draft_of_fields(typed | {"budget.1.self": "690"}).tables()[0])
    limit = summary_of_lines(budget, items, load_scheme(scheme)).limits[0]
    assert (limit.counted, limit.most, limit.is_over) == (310, 300, True)
