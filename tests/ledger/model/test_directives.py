"""The grammar of our directives: what is written is read back as it was."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model import directives
from ledger.model.award import Award
from ledger.model.award_directives import read_award
from ledger.model.directives import DirectiveError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.util.text import one_line
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import day
from tests.ledger.ledgers import tries

HOSTILE = [
    '3/4" 冷卻管',
    "C:\\temp\\n",
    "一\n二\r\n三",
    'a\\"b',
    "x\x00y\x1b[2J",
    '"); DROP',
    "a\u2028b\x85c",
    "#tag ^link ; c",
    "😀",
]


def parsed(text: str) -> list[Any]:
    entries, errors, _options = parser.parse_string(text)
    assert errors == []
    return list(entries)


def back(*entries: data.Directive) -> list[Any]:
    """Entries through ledger text and back."""
    return parsed(as_text(entries))


def tables(name: str, unit: str = "") -> dict[str, Any]:
    return {
        "award": {
            "id": f"A {name}".strip(),
            "scheme": "supply-chain-smart-112",
            "title": name,
            "filed": day("2023-05-20"),
            "start": day("2023-06-01"),
            "end": day("2024-05-31"),
            "guarantee": "partial",
        },
        "company": {"name": f"公司{name}", "ubn": LEAD, "representative": name},
        "account": {"bank": name, "number": "1111-2222", "opened": day("2023-05-25")},
        "payment_account": [{"bank": name, "number": "3333 4444"}],
        "partner": [{"name": name, "ubn": PARTNER, "account": {"bank": name, "number": "5555"}}],
        "budget": [
            {"category": "equipment", "government": 600_000, "self": 600_001},
            {"category": "equipment", "government": 1, "self": 2, "party": PARTNER},
        ],
        "item": [
            {
                "category": "equipment",
                "name": f"項目{name}",
                "government": 600_000,
                "self": 600_001,
                "quantity": Decimal("1.5"),
                "unit": unit,
                "supplier": name,
                "domestic": False,
            }
        ],
        "person": [{"name": f"人{name}", "role": name, "insured": True, "months": 6, "party": PARTNER}],
    }


def award_back(raw: dict[str, Any]) -> Award:
    award = read_award(back(*award_directives(parse_award(raw, "award.toml"))))
    assert award is not None
    return award


@pytest.mark.parametrize("name", ["平常", *HOSTILE])
def test_an_award_is_read_back_as_it_was_written(name: str) -> None:
    award = award_back(tables(name, unit=name))
    plain = one_line(name)
    assert award.id == one_line(f"A {name}")
    assert (award.title, award.company, award.representative) == (plain, one_line(f"公司{name}"), plain)
    assert (award.filed, award.start, award.end) == (day("2023-05-20"), day("2023-06-01"), day("2024-05-31"))
    assert award.guarantee == "partial"
    assert [(b.party, b.approved) for b in award.budgets] == [(LEAD, (600_000, 600_001)), (PARTNER, (1, 2))]
    item = award.items[0]
    assert (item.name, item.supplier, item.unit) == (one_line(f"項目{name}"), plain, plain)
    assert (item.quantity, item.domestic) == (Decimal("1.5"), False)
    person = award.persons[0]
    assert (person.name, person.insured, person.months, person.party) == (
        one_line(f"人{name}"),
        True,
        Decimal(6),
        PARTNER,
    )
    assert [(a.number, a.dedicated, a.party) for a in award.accounts] == [
        ("11112222", True, LEAD),
        ("5555", True, PARTNER),
        ("33334444", False, LEAD),
    ]


@tries(40)
@given(st.text(min_size=1, max_size=20))
def test_any_text_makes_a_ledger_that_can_be_read(name: str) -> None:
    assert award_back(tables(name)).title == one_line(name.strip())


def test_a_close_a_reopening_and_the_auditor_s_directives_are_read_back() -> None:
    on = day("2023-07-31")
    written = [
        custom(
            on,
            "close",
            "2023-07",
            entitlement=twd(5),
            withdrawable=twd(3),
            previous="p",
            digest="d",
            entries="a b",
        ),
        custom(on, "reopen", "2023-07", reason='漏列 "AB"'),
        custom(on, "waiver", "voucher-outside-period", "AB12345678", reason="經同意", approval="第1號"),
        custom(
            on,
            "finding",
            "F-001",
            voucher="AB12345678",
            check="tax-in-cost",
            declared=twd(9),
            deducted=twd(4),
            state="disallowed",
        ),
        custom(on, "evidence", "report", "documents/a.pdf", name="碳盤查報告"),
        custom(on, "deduction", twd(10_000), "未達成"),
        custom(on, "sample", "S-1", method="random", seed="7", size=2, vouchers="AB CD"),
    ]
    close, reopen, waiver, finding, evidence, deduction, sample = back(*written)
    assert directives.read_close(close)[:7] == (on, "2023-07", 5, 3, "p", "d", ("a", "b"))
    assert directives.read_reopen(reopen)[:3] == (on, "2023-07", '漏列 "AB"')
    assert directives.read_waiver(waiver)[:5] == (
        on,
        "voucher-outside-period",
        "AB12345678",
        "經同意",
        "第1號",
    )
    assert directives.read_finding(finding)[:7] == (
        on,
        "F-001",
        "AB12345678",
        "tax-in-cost",
        9,
        4,
        "disallowed",
    )
    assert directives.read_evidence(evidence)[:3] == (on, "report", "documents/a.pdf")
    assert directives.read_deduction(deduction)[:3] == (on, 10_000, "未達成")
    assert directives.read_sample(sample).vouchers == ("AB", "CD")


def test_a_finding_without_a_state_is_open() -> None:
    (finding,) = parsed('2024-06-20 custom "grant-finding" "F-1"\n  voucher: "A"\n')
    assert directives.read_finding(finding).state == "open"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('2023-07-31 custom "grant-close" "July"', directives.read_close),
        ('2023-07-31 custom "grant-close" "2023-13"', directives.read_close),
        ('2023-07-31 custom "grant-close" 202307', directives.read_close),
        ('2023-07-31 custom "grant-close" "2023-07"\n  entitlement: "5"', directives.read_close),
        ('2023-08-05 custom "grant-reopen" "2023-07"', directives.read_reopen),
        ('2023-08-05 custom "grant-reopen" "2023-07"\n  reason: "  "', directives.read_reopen),
        ('2023-08-05 custom "grant-reopen" "7"\n  reason: "x"', directives.read_reopen),
        ('2023-07-31 custom "grant-waiver" "tax-in-cost"', directives.read_waiver),
        ('2024-07-01 custom "grant-deduction" 1.5 TWD "x"', directives.read_deduction),
        ('2024-07-01 custom "grant-deduction" 15 USD "x"', directives.read_deduction),
        ('2024-07-01 custom "grant-deduction" "15" "x"', directives.read_deduction),
        ('2024-07-01 custom "grant-evidence" "report"', directives.read_evidence),
        ('2024-07-01 custom "grant-finding" "F"\n  deducted: "much"', directives.read_finding),
    ],
)
def test_what_breaks_the_grammar(text: str, read: Callable[[data.Custom], object]) -> None:
    (entry,) = parsed(text + "\n")
    with pytest.raises(DirectiveError):
        read(entry)


HEAD = """
2023-06-01 custom "grant-award" "A-1"
  scheme: "small-manufacturer-112"
  company: "主辦公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2024-05-31
"""


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("2024-05-31", '"2024-05-31"'),
        HEAD.replace('"A-1"', "1"),
        HEAD + '  guarantee: "some"\n',
        HEAD + '2023-06-01 custom "grant-budget" "equipment" 1.5 TWD 1 TWD\n',
        HEAD + '2023-06-01 custom "grant-budget" "equipment" 1 TWD\n',
        HEAD + '2023-06-01 custom "grant-budget" "equipment" 1 TWD 1 TWD\n  party: "12345675"\n',
        HEAD + '2023-06-01 custom "grant-item" "equipment" "x" 1 TWD 1 TWD\n  quantity: "two"\n',
        HEAD + '2023-06-01 custom "grant-person" "王"\n  months: "many"\n',
    ],
)
def test_an_award_that_breaks_the_grammar_is_a_problem_and_no_award(text: str) -> None:
    case = Case(parsed(text), as_of=day("2024-01-01"))
    assert case.award is None
    (problem,) = case.problems
    broken = text.removeprefix(HEAD).split('"')[1] if text.startswith(HEAD + "2") else "grant-award"
    assert isinstance(problem.entry, data.Custom)
    assert problem.entry.type == broken  # the place that is shown is where it has to be put right


def test_a_directive_nobody_knows_is_a_problem_and_not_overlooked() -> None:
    case = Case(parsed(HEAD + '2023-07-31 custom "grant-clsoe" "2023-07"\n'), as_of=day("2024-01-01"))
    assert ["grant-clsoe" in problem.message for problem in case.problems] == [True]


def test_directives_of_others_are_theirs() -> None:
    case = Case(parsed(HEAD + '2023-07-31 custom "fava-option" "language" "en"\n'), as_of=day("2024-01-01"))
    assert case.problems == []


def test_no_award_is_none() -> None:
    assert read_award([]) is None


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.5"),
        Decimal("NaN"),
        Decimal("Infinity"),
        5,
        "5",
        None,
        True,
        Amount(Decimal(5), "USD"),
    ],
)
def test_what_is_no_whole_amount(value: object) -> None:
    with pytest.raises(DirectiveError):
        whole(value)


@pytest.mark.parametrize("value", [Decimal(5), Decimal("5.00"), twd(5), Amount(Decimal("5.0"), "TWD")])
def test_whole_amounts(value: object) -> None:
    assert whole(value) == 5


def test_empty_metadata_is_left_out_and_false_and_nought_are_kept() -> None:
    entry = custom(datetime.date(2023, 6, 1), "item", "x", a="", b=None, c=False, d=0, e_f=1)
    assert entry.meta == {"c": False, "d": Decimal(0), "e-f": Decimal(1)}
