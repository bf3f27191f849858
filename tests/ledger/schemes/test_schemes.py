"""The programmes' rules as data: every number has its source, and a mistake is told by file, key and what is allowed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.model.accounts import expense_account
from ledger.model.accounts import expense_parts
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import category_name
from ledger.schemes.categories import category_named
from ledger.schemes.loader import FOLDER
from ledger.schemes.loader import OWN
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import read_scheme
from ledger.schemes.loader import scheme_ids
from ledger.schemes.model import CategoryRule
from ledger.schemes.model import Instalment
from ledger.schemes.model import PayingOut
from ledger.schemes.model import RequiredEvidence
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.schemes.model import Sourced

SHIPPED = scheme_ids()
COACHING = [scheme for scheme in SHIPPED if scheme.startswith("coaching")]
MANAGED = (FOLDER / "managed-factory-112.toml").read_text(encoding="utf-8")


def parts(table: Any) -> Iterator[tuple[str, Any]]:
    """Everything inside a scheme, with the name of the field it stands in."""
    for field in dataclasses.fields(table):
        yield from _inside(field.name, getattr(table, field.name))


def _inside(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    yield name, value
    if dataclasses.is_dataclass(value) and not isinstance(value, Sourced):
        yield from parts(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
        yield from _inside(name, inner)


def test_the_schemes_of_the_design_are_shipped() -> None:
    assert set(SHIPPED) >= {
        "small-manufacturer-112",
        "supply-chain-carbon-112",
        "supply-chain-smart-112",
        "managed-factory-112",
        "coaching-sme-112",
        "coaching-large-112",
        "coaching-supply-chain-112",
        "managed-factory-114",
        "ocean-industry-114",
        "sbir-phase2-115",
        "siir-individual-115",
        "agriculture-industry-phase2-114",
    }


@pytest.mark.parametrize("scheme_id", SHIPPED)
def test_nothing_that_is_printed_names_a_file_of_the_slides(scheme_id: str) -> None:
    scheme = load_scheme(scheme_id)
    assert "今" not in scheme.authority
    for _name, value in parts(scheme):
        if isinstance(value, Sourced | PayingOut | RequiredEvidence):
            assert not re.search(r"(?<![0-9,])00[04](?![0-9])", value.source), value.source


def test_ocean_industry_is_paid_40_and_60_and_has_the_categories_of_its_annex() -> None:
    scheme = load_scheme("ocean-industry-114")
    shares = [(part.when, part.share) for part in scheme.paying_out["none"].instalments]
    assert shares == [("signing", Decimal("0.40")), ("final", Decimal("0.60"))]
    assert "equipment" not in scheme.categories
    assert set(scheme.categories) >= {
        "personnel",
        "consumables",
        "travel",
        "rent",
        "labour",
        "administration",
    }
    assert category_name("labour") == "勞務委託費"


@pytest.mark.parametrize("scheme_id", SHIPPED)
def test_every_number_has_its_source_and_confidence(scheme_id: str) -> None:
    scheme = load_scheme(scheme_id)
    assert scheme.id == scheme_id
    for name, value in parts(scheme):
        if isinstance(value, Sourced | PayingOut | RequiredEvidence):
            assert value.source.strip(), name
            assert value.confidence
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            assert name in {"year", "share", "guarantee"}, name  # those stand under a source of their own


@pytest.mark.parametrize("scheme_id", [s for s in SHIPPED if s not in COACHING])
def test_every_way_of_paying_out_and_category_makes_sense(scheme_id: str) -> None:
    scheme = load_scheme(scheme_id)
    assert scheme.coaching is None
    assert set(scheme.categories) <= {*CATEGORIES, *(own.id for own in scheme.own_categories)}
    assert any(scheme.may_carry_grant(category) for category in scheme.categories)
    assert not scheme.may_carry_grant("nothing of the kind")
    assert scheme.paying_out
    for guarantee, way in scheme.paying_out.items():
        assert (way.guarantee == 0) == (guarantee == "none")
        assert (way.guarantee == 1) == (guarantee == "full")


@pytest.mark.parametrize(
    ("scheme_id", "cap", "months", "equipment", "research", "base", "self_only"),
    [
        (
            "small-manufacturer-112",
            5_000_000,
            12,
            "0.30",
            "0.40",
            "subsidy",
            {"personnel", "intangibles"},
        ),
        (
            "supply-chain-carbon-112",
            30_000_000,
            24,
            "0.30",
            "0.40",
            "subsidy",
            {"personnel", "intangibles", "travel"},
        ),
        (
            "supply-chain-smart-112",
            20_000_000,
            24,
            "0.30",
            "0.40",
            "subsidy",
            {"personnel", "intangibles", "travel"},
        ),
        (
            "managed-factory-112",
            1_500_000,
            12,
            "0.30",
            "0.40",
            "category",
            {"personnel", "intangibles", "construction"},
        ),
        (
            "managed-factory-114",
            3_000_000,
            12,
            "0.40",
            "0.40",
            "category",
            {"personnel", "intangibles", "construction"},
        ),
    ],
)
def test_the_programmes_limits(
    scheme_id: str,
    cap: int,
    months: int,
    equipment: str,
    research: str,
    base: str,
    self_only: set[str],
) -> None:
    scheme = load_scheme(scheme_id)
    assert scheme.subsidy_cap is not None
    assert scheme.period_months is not None
    assert (scheme.subsidy_cap.value, scheme.period_months.value) == (cap, months)
    assert scheme.subsidy_ratio.value == Decimal("0.5")
    caps = {category: rule.cap.value for category, rule in scheme.categories.items() if rule.cap}
    assert caps == {"equipment": Decimal(equipment), "research": Decimal(research)}
    assert scheme.cap_base.value == base
    assert {c for c in scheme.categories if not scheme.may_carry_grant(c)} == self_only
    assert set(scheme.paying_out) == {"none", "partial", "full"}


@pytest.mark.parametrize(
    ("scheme_id", "government", "own"),
    [
        ("coaching-sme-112", 160_000, 40_000),
        ("coaching-large-112", 240_000, 60_000),
        ("coaching-supply-chain-112", 160_000, 40_000),
    ],
)
def test_coaching_is_a_fixed_fee_and_its_reports(scheme_id: str, government: int, own: int) -> None:
    scheme = load_scheme(scheme_id)
    assert scheme.coaching is not None
    assert (scheme.coaching.government.value, scheme.coaching.self_funded.value) == (government, own)
    assert len(scheme.coaching.reports) == (2 if scheme_id == "coaching-supply-chain-112" else 3)
    assert scheme.coaching.all_reports is not None
    assert scheme.coaching.all_reports.is_assumed  # the slides name them and say no more
    assert scheme.subsidy_ratio.value * (government + own) == government


def test_partners_of_a_supply_chain() -> None:
    carbon, smart = (
        load_scheme("supply-chain-carbon-112").partners,
        load_scheme("supply-chain-smart-112").partners,
    )
    assert carbon is not None
    assert smart is not None
    assert (carbon.value, smart.value) == (10, 4)


def test_what_is_assumed_says_so() -> None:
    scheme = load_scheme("managed-factory-112")
    assert scheme.cap_base.is_assumed
    assert scheme.share_rounding.is_assumed
    assert not scheme.subsidy_ratio.is_assumed


def paying_out(*shares: str | None) -> PayingOut:
    parts = tuple(Instalment("progress", None if share is None else Decimal(share)) for share in shares)
    return PayingOut(parts, Decimal(0), "s", "seed")


@pytest.mark.parametrize("shares", [("1",), ("0.4", "0.6"), (None,), ("0.2", None), ("1", None)])
def test_shares_that_add_up(shares: tuple[str | None, ...]) -> None:
    assert len(paying_out(*shares).instalments) == len(shares)


@pytest.mark.parametrize("shares", [("0.9",), ("0.4", "0.7"), ("0.6", "0.5", None), ("1", "0.5", None)])
def test_shares_that_do_not_add_up(shares: tuple[str | None, ...]) -> None:
    with pytest.raises(ValueError, match="instalments: the shares add up to"):
        paying_out(*shares)


def test_an_unknown_category_is_named_with_those_that_are_known() -> None:
    scheme = load_scheme("managed-factory-112")
    rule = scheme.categories["equipment"]
    with pytest.raises(ValueError, match=r"categories\.bb: .*; allowed: consumables, equipment, "):
        dataclasses.replace(scheme, categories={"bb": rule, "equipment": rule, "aa": rule})


def written(folder: Path, text: str, name: str = "managed-factory-112.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('value = "category"', 'value = "foo"', ["cap_base.value", "'subsidy'、'category'"]),
        ("value = 0.50", "value = 1.5", ["subsidy_ratio.value", "不可以大於 1"]),
        ("value = 1500000", "value = -1", ["subsidy_cap.value", "不可以小於 0"]),
        ("value = 12", 'value = "a year"', ["period_months.value", "整數"]),
        ("[period_months]", "[period_monts]", ["period_monts", "可以寫的有:", "period_months"]),
        (
            '0.30, source = "',
            '0.30, sorce = "',
            ["categories.equipment.cap.sorce", "可以寫的有:value、source、confidence"],
        ),
        (
            'when = "interim"',
            'when = "mid"',
            ["paying_out.none.instalments.0.when", "'signing'、'interim'、'final'"],
        ),
        (
            '"interim", share = 0.50',
            '"interim", share = 0.60',
            ["paying_out.none:instalments", "add up to 1.10"],
        ),
        ("[categories.equipment]", "[categories.equip]", ["categories", "equip", "allowed: consumables"]),
        ('confidence = "seed"', 'confidence = "sure"', ["subsidy_cap.confidence", "'seed'、'statute'"]),
        ('id = "managed-factory-112"', 'id = "other"', ["id", "managed-factory-112"]),
        ("[subsidy_cap]", "[subsidy_cap", ["managed-factory-112.toml"]),
        ('source = "納管', 'source = ""#', ["source", "不可以空白"]),
    ],
)
def test_a_broken_file_names_file_key_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    assert old in MANAGED
    with pytest.raises(SchemeError) as caught:
        read_scheme(written(tmp_path, MANAGED.replace(old, new, 1)))
    for word in ["managed-factory-112.toml", *words]:
        assert word in str(caught.value)


def test_a_number_without_a_source_is_refused(tmp_path: Path) -> None:
    lines = MANAGED.splitlines()
    place = lines.index("[subsidy_cap]")
    del lines[place + 2]
    with pytest.raises(SchemeError, match=r"subsidy_cap\.source:這一項一定要寫"):
        read_scheme(written(tmp_path, "\n".join(lines)))


def test_a_case_brings_its_own_scheme(tmp_path: Path) -> None:
    own = MANAGED.replace("managed-factory-112", "our-city-115").replace("value = 1500000", "value = 777")
    written(tmp_path / "schemes", own, "our-city-115.toml")
    scheme = load_scheme("our-city-115", tmp_path)
    assert scheme.subsidy_cap is not None
    assert scheme.subsidy_cap.value == 777
    assert isinstance(scheme, Scheme)


def test_a_case_brings_no_scheme_under_a_shipped_id(tmp_path: Path) -> None:
    """Else a folder that a company sends would change the rules that it is held to."""
    written(tmp_path / "schemes", MANAGED.replace("value = 1500000", "value = 778"))
    with pytest.raises(SchemeError, match="managed-factory-112"):
        load_scheme("managed-factory-112", tmp_path)


OWN_CATEGORY = """
[categories.mould]
number = "11"
name = "模具費"
short = "模具"
aliases = ["模具開發費"]
grantable = { value = true, source = "某要點", confidence = "seed" }
"""


def test_a_scheme_has_categories_of_its_own(tmp_path: Path) -> None:
    text = MANAGED.replace('id = "managed-factory-112"', 'id = "ours-115"', 1) + OWN_CATEGORY
    written(tmp_path / "schemes", text, "ours-115.toml")
    scheme = load_scheme("ours-115", tmp_path)
    assert scheme.name.endswith("(自訂)")
    assert scheme.may_carry_grant("mould")
    assert [category.leaf for category in scheme.own_categories] == ["11模具費"]
    for name in ("mould", "模具費", "11模具費", "模具開發費"):
        assert category_named(name) == "mould"
    assert category_name("mould") == "模具費"
    assert expense_account("self", "mould") == "Expenses:2業者自籌款:11模具費"
    assert expense_parts("Expenses:2業者自籌款:11模具費") == ("self", "mould")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('number = "11"\n', "", "needs number and name"),
        ('number = "11"', 'number = "1"', "two digits"),
        ('number = "11"', 'number = "03"', "is improvement's"),
        ('name = "模具費"', 'name = "人事費"', "is personnel"),
    ],
)
def test_categories_of_its_own_that_cannot_be(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = MANAGED.replace('id = "managed-factory-112"', 'id = "ours-115"', 1) + OWN_CATEGORY.replace(
        old, new
    )
    written(tmp_path / "schemes", text, "ours-115.toml")
    with pytest.raises(SchemeError, match=says):
        load_scheme("ours-115", tmp_path)


def test_one_of_the_eight_keeps_its_name() -> None:
    rule = CategoryRule(Sourced(value=True, source="x", confidence="seed"), name="模具費")
    with pytest.raises(ValueError, match="another id"):
        dataclasses.replace(load_scheme("managed-factory-112"), categories={"equipment": rule})


def test_the_categories_of_the_shipped_schemes_are_each_one_thing() -> None:
    names: dict[str, str] = {}
    for scheme_id in SHIPPED:
        for category in load_scheme(scheme_id).own_categories:
            for name in (category.leaf, category.name, *category.aliases):
                assert names.setdefault(name, category.id) == category.id
                assert category_named(name) == category.id
            assert category.id not in CATEGORIES


@pytest.mark.parametrize(
    "scheme_id", ["no-such-999", "", "../schemes/managed-factory-112", "_common", "/etc/passwd"]
)
def test_an_unknown_scheme_names_those_there_are(tmp_path: Path, scheme_id: str) -> None:
    with pytest.raises(SchemeError, match="managed-factory-112"):
        load_scheme(scheme_id, tmp_path)


@pytest.mark.parametrize("scheme_id", SHIPPED)
def test_a_shipped_file_keeps_to_the_form(scheme_id: str) -> None:
    """What is read plainly is what a user's own file of that text would give, types of numbers included."""
    own = read_scheme(FOLDER / f"{scheme_id}.toml")
    assert own.name.endswith(OWN)
    own = dataclasses.replace(own, name=own.name.removesuffix(OWN))
    assert repr(load_scheme(scheme_id)) == repr(own)
