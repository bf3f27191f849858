"""A case that the authority ended: what goes back, with which interest; income that is the treasury's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.core import data

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.case.what_if import WhatIfError
from ledger.case.what_if import ended_case
from ledger.errors import GrantError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.schemes.loader import FOLDER
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_ids
from ledger.schemes.model import Scheme
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import voucher

BUDGET = {"consumables": (100_000, 100_000), "improvement": (300_000, 300_000)}


def ended(kind: str = "", on: str = "2024-01-15", as_of: str = "2024-02-01", **meta: Any) -> Case:
    """350,000 received, 200,000 of cost, 40 of interest."""
    return case_of(
        *books(), *([custom(day(on), "milestone", kind, **meta)] if kind else []), as_of=day(as_of)
    )


def books() -> list[data.Directive]:
    return [
        *awarded(BUDGET),
        bank("instalment", "2023-07-20", 350_000),
        bank("interest", "2023-12-21", 40),
        voucher("V1", day("2023-08-12"), ("improvement", 200_000)),
    ]


def figures(case: Case) -> tuple[int, int, int]:
    whole = settle_case(case).whole
    return whole.tail_payment, whole.surplus, whole.due_to_treasury


def test_terminated_gives_back_what_is_not_spent_and_the_interest() -> None:
    assert figures(ended("terminated")) == (-250_000, 250_000, 250_040)


def test_terminated_nothing_more_is_paid_though_more_was_spent() -> None:
    spent = [*books(), voucher("V2", day("2023-09-01"), ("improvement", 400_000), ("consumables", 200_000))]
    running = case_of(*spent, as_of=day("2024-02-01"))
    assert figures(running) == (50_000, 0, 40)  # 400,000 earned
    after = case_of(*spent, custom(day("2024-01-15"), "milestone", "terminated"), as_of=day("2024-02-01"))
    assert figures(after) == (0, 0, 40)


@pytest.mark.parametrize(("percent", "interest"), [(3, 5_638), (0, 0)])
def test_rescinded_gives_everything_back_with_interest_from_the_day_it_came(
    percent: int, interest: int
) -> None:
    case = ended("rescinded", rate=percent)
    assert figures(case) == (-350_000, 350_000, 350_000 + 40 + interest)
    shown = settle_case(case).as_json()
    assert shown["recall_interest"] == interest
    assert shown["recognised_government"] == 100_000  # what the cost alone would have earned
    terms = shown["ended"].pop("terms")
    assert {key: term["value"] for key, term in terms.items()} == {
        "returns": "all",
        "within_days": 15,
        "interest": True,
        "interest_from": "received",
        "year_days": 365,
        "rate": str(Decimal(percent) / 100),
    }
    assert (terms["year_days"]["confidence"], terms["rate"]["confidence"]) == ("assumed", "seed")
    assert all(term["source"] for term in terms.values())
    assert shown["ended"] == {
        "kind": "rescinded",
        "date": "2024-01-15",
        "number": "",
        "returns": "all",
        "interest_percent": str(percent),
        "return_by": "2024-01-30",
    }


def test_interest_stops_on_what_was_paid_back() -> None:
    back = bank("remit-surplus", "2023-10-28", -350_000)
    case = case_of(
        *books(), back, custom(day("2024-01-15"), "milestone", "rescinded", rate=3), as_of=day("2024-02-01")
    )
    assert settle_case(case).whole.flows.recall_interest == 2_877  # 100 days: 2,876.71
    assert figures(case)[2] == 40 + 2_877


def test_the_day_before_it_was_ended_nothing_is_known_of_it() -> None:
    assert settle_case(ended("rescinded", as_of="2024-01-14", rate=3)).ending is None
    assert settle_case(ended("rescinded", as_of="2024-01-15", rate=3)).ending is not None


def test_the_end_is_the_last_day_of_the_period_and_never_a_later_one() -> None:
    award = ended("terminated").award
    assert award is not None
    assert award.end == day("2024-01-15")
    late = ended("terminated", on="2024-06-30", as_of="2024-07-01").award
    assert late is not None
    assert late.end == day("2024-05-31")


def test_a_case_rescinded_after_it_was_terminated_gives_everything_back() -> None:
    acts = [
        custom(day("2024-01-15"), "milestone", "terminated"),
        custom(day("2024-01-20"), "milestone", "rescinded", rate=0),
    ]
    assert figures(case_of(*books(), *acts, as_of=day("2024-02-01")))[0] == -350_000


def test_each_account_of_a_supply_chain_gives_its_own_back() -> None:
    partners: Any = {PARTNER: (BUDGET, "444455556666")}
    chain = [
        *awarded(BUDGET, scheme="supply-chain-smart-112", partners=partners),
        bank("instalment", "2023-07-20", 200_000),
        bank("instalment", "2023-07-20", 150_000, PARTNER),
        custom(day("2024-01-15"), "milestone", "rescinded", rate=3),
    ]
    settled = settle_case(case_of(*chain, as_of=day("2024-02-01")))
    assert settled.whole.due_to_treasury == 350_000 + 3_222 + 2_416
    assert sum(each.due_to_treasury for each in settled.parties.values()) == settled.whole.due_to_treasury


def test_a_factory_that_was_ended_is_not_asked_for_its_registration() -> None:
    factory = [
        *awarded({"improvement": (100_000, 100_000)}, scheme="managed-factory-112"),
        bank("instalment", "2023-07-20", 50_000),
        voucher("V1", day("2023-08-12"), ("improvement", 200_000)),
    ]
    act = custom(day("2024-01-15"), "milestone", "terminated")
    shown = settle_case(case_of(*factory, act, as_of=day("2024-07-01"))).as_json()
    assert (shown["registration_missing"], shown["tail_payment"]) == (False, 0)
    assert settle_case(case_of(*factory, as_of=day("2024-07-01"))).whole.forfeited


@pytest.mark.parametrize("rate", [-1, 101])
def test_a_rate_that_is_none_is_a_problem_of_the_books(rate: int) -> None:
    case = Case(
        [*books(), custom(day("2024-01-15"), "milestone", "rescinded", rate=rate)], as_of=day("2024-02-01")
    )
    assert len(case.problems) == 1
    assert settle_case(case).ending is None


# --- as a what-if ---------------------------------------------------------------------------------------------


def test_what_if_it_were_ended_is_what_comes_when_it_is() -> None:
    tried = ended_case(ended(), books(), "rescinded", day("2024-01-15"), 3)  # type: ignore[arg-type]
    assert settle_case(tried).as_json() == settle_case(ended("rescinded", rate=3)).as_json()


@pytest.mark.parametrize(
    ("case", "on", "rate", "says"),
    [
        (ended("terminated"), "2024-01-20", None, "已登記"),
        (ended(), "2024-02-02", 3, "之後"),
        (ended(), "2024-01-15", None, "--rate"),
    ],
)
def test_what_cannot_be_tried_is_refused(case: Case, on: str, rate: Any, says: str) -> None:
    with pytest.raises(WhatIfError, match=says):
        ended_case(case, books(), "rescinded", day(on), rate)


# --- income that belongs to the grant -------------------------------------------------------------------------


def test_income_of_the_treasury_s_is_due_to_it_and_lowers_no_cost() -> None:
    income = custom(day("2023-09-11"), "income", "penalty", twd(7_000), "逾期違約金")
    before, after = figures(ended()), figures(case_of(*books(), income, as_of=day("2024-02-01")))
    assert after == (before[0], before[1], before[2] + 7_000)
    assert settle_case(case_of(*books(), income, as_of=day("2023-09-10"))).whole.flows.other_income == 0


# --- what the schemes say -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme_id", scheme_ids())
def test_every_scheme_says_what_goes_back_and_whose_income_it_is(scheme_id: str) -> None:
    scheme = load_scheme(scheme_id)
    assert {*scheme.recovery} == {"terminated", "rescinded"}
    assert {*scheme.income} == {"scrap", "penalty", "other"}
    for terms in scheme.recovery.values():
        assert all(
            part.source for part in (terms.returns, terms.interest, terms.interest_from, terms.within_days)
        )


def test_a_scheme_of_a_user_s_may_say_otherwise(tmp_path: Any) -> None:
    (tmp_path / "schemes").mkdir()
    shipped = load_scheme("sbir-phase2-115")
    text = (FOLDER / "sbir-phase2-115.toml").read_text(encoding="utf-8")
    own = text.replace('id = "sbir-phase2-115"', 'id = "own"', 1)
    source = 'source = "契約", confidence = "statute"'
    own += f"""
[recovery.terminated]
returns = {{ value = "unspent", {source} }}
interest = {{ value = false, {source} }}
interest_from = {{ value = "received", {source} }}
within_days = {{ value = 30, {source} }}
[recovery.rescinded]
returns = {{ value = "all", {source} }}
interest = {{ value = true, {source} }}
interest_from = {{ value = "ended", {source} }}
year_days = {{ value = 365, {source} }}
within_days = {{ value = 30, {source} }}
rate = {{ value = 0.05, {source} }}
"""
    (tmp_path / "schemes" / "own.toml").write_text(own, encoding="utf-8")
    scheme = load_scheme("own", tmp_path)
    assert scheme.recovery["rescinded"].rate is not None
    assert scheme.income == shipped.income


def own_scheme(folder: Path, terms: str) -> Scheme:
    """The small manufacturer's scheme with some terms of its own."""
    (folder / "schemes").mkdir(exist_ok=True)
    text = (FOLDER / "small-manufacturer-112.toml").read_text(encoding="utf-8")
    own = text.replace('id = "small-manufacturer-112"', 'id = "own"', 1) + terms
    (folder / "schemes" / "own.toml").write_text(own, encoding="utf-8")
    return load_scheme("own", folder)


_SAID = 'source = "契約第9條", confidence = "seed"'


def test_a_scheme_says_one_term_and_the_others_stay(tmp_path: Path) -> None:
    scheme = own_scheme(
        tmp_path,
        f"\n[recovery.rescinded]\nyear_days = {{ value = 360, {_SAID} }}\n"
        f'interest_from = {{ value = "ended", {_SAID} }}\n',
    )
    shipped = load_scheme("small-manufacturer-112")
    assert scheme.recovery["terminated"] == shipped.recovery["terminated"]
    assert scheme.recovery["rescinded"].within_days == shipped.recovery["rescinded"].within_days
    moved = [entry for entry in books() if entry.meta.get("scheme") is None]
    award = next(entry for entry in books() if entry.meta.get("scheme"))
    act = custom(day("2024-01-15"), "milestone", "rescinded", rate=3)
    given = [award._replace(meta=award.meta | {"scheme": "own"}), *moved, act]
    case = Case(given, folder=tmp_path, as_of=day("2024-02-01"))
    # 350,000 x 3 % x 17 days / 360 = 495.83
    assert settle_case(case).whole.flows.recall_interest == 496


def test_interest_on_what_does_not_go_back_wholly_is_no_term(tmp_path: Path) -> None:
    with pytest.raises(GrantError, match="interest"):
        own_scheme(tmp_path, f"\n[recovery.terminated]\ninterest = {{ value = true, {_SAID} }}\n")
