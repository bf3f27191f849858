"""What holds of any case: put right is as good as right, removed is as good as never there, and the order is nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.loading.loader import load_case
from tests.cli.desk import HEAD
from tests.cli.desk import Desk
from tests.cli.desk import award_text
from tests.cli.desk import row

ITEMS = {"consumables": "試作軸承", "improvement": "試作主軸改善"}
NAMES = list(ITEMS.values())
FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

# (day, item, net, paid in cash): two months, two categories
PAPERS = st.lists(
    st.tuples(
        st.sampled_from(["112/06/03", "112/06/17", "112/07/05", "112/07/20"]),
        st.sampled_from(NAMES),
        st.integers(1_000, 30_000),
        st.booleans(),
    ),
    min_size=2,
    max_size=4,
)


def rows(papers: list[Any]) -> list[str]:
    return [
        row(day, f"QA1000000{place}", item, net, round(net * 0.05), day if paid else "")
        for place, (day, item, net, paid) in enumerate(papers)
    ]


def new_desk() -> Desk:
    return Desk(Path(tempfile.mkdtemp()), award_text("112-試作-0200", ITEMS))


def figures(desk: Desk) -> dict[str, Any]:
    """Every figure that a case gives: the settlement, what is found, what the months earn once they are closed."""
    told: dict[str, Any] = {"settle": desk.settle()}
    told["found"] = sorted(desk.found())
    case = load_case(desk.case).case
    told["unpaid"] = {link: left for link, left in case.unpaid.items() if left}
    told["shares"] = sorted((v.number, v.cost, v.government) for v in case.vouchers)
    told["close"] = [desk.said("close", desk.case, month) for month in ("2023-06", "2023-07")]
    return told


def corrected(papers: list[Any], which: int, wrong: tuple[str, int]) -> None:
    which %= len(papers)
    day, item, net, paid = papers[which]
    wrong_item, off = wrong
    mistaken = [*papers]
    mistaken[which] = (day, wrong_item, max(1, net + off), paid)
    right, put_right = new_desk(), new_desk()
    right.put("憑證.csv", HEAD + "".join(rows(papers)))
    file = HEAD + "".join(rows(mistaken))
    put_right.put("憑證.csv", file)
    put_right.correct(f"QA1000000{which}", "打錯", item=item, net=net, tax=round(net * 0.05), claimed=net)
    assert put_right.put("再存.csv", file + "\n")["imported"] == 0  # what was put right is no news
    assert put_right.questions() == []
    assert figures(put_right) == figures(right)


WRONG = st.tuples(st.sampled_from(NAMES), st.integers(-900, 5_000))


@FEW
@given(PAPERS, st.integers(0, 3), WRONG)
def test_a_corrected_case_equals_one_imported_right(
    papers: list[Any], which: int, wrong: tuple[str, int]
) -> None:
    corrected(papers, which, wrong)


@pytest.mark.slow
@MANY
@given(PAPERS, st.integers(0, 3), WRONG)
def test_any_corrected_case_equals_one_imported_right(
    papers: list[Any], which: int, wrong: tuple[str, int]
) -> None:
    corrected(papers, which, wrong)


def removed(papers: list[Any], which: int) -> None:
    which %= len(papers)
    never, taken_out = new_desk(), new_desk()
    left = rows(papers)
    gone = left.pop(which)
    never.put("憑證.csv", HEAD + "".join(left))
    taken_out.put("憑證.csv", HEAD + "".join([*left, gone]))
    taken_out.said("remove", taken_out.case, f"QA1000000{which}", "--reason", "不是本案")
    taken_out.put("再存.csv", HEAD + gone)
    assert books(taken_out) == books(never)
    assert figures(taken_out) == figures(never)


def books(desk: Desk) -> list[str]:
    """What is booked, but for the day that the file of it was filed under."""
    return sorted(
        f"{entry.date} {entry.flag} {entry.narration} {[(p.account, str(p.units)) for p in entry.postings]}"
        for entry in load_case(desk.case).case.transactions
    )


@FEW
@given(PAPERS, st.integers(0, 3))
def test_what_was_removed_was_never_there(papers: list[Any], which: int) -> None:
    removed(papers, which)


@pytest.mark.slow
@MANY
@given(PAPERS, st.integers(0, 3))
def test_whatever_was_removed_was_never_there(papers: list[Any], which: int) -> None:
    removed(papers, which)


# operations on papers of their own: whatever comes first, the case comes out the same
INDEPENDENT: list[tuple[object, ...]] = [
    ("correct", "QA10000000", "--set", "net=4000", "--set", "tax=200", "--reason", "甲"),
    ("split", "QA10000001", "試作軸承=1500", "試作主軸改善=700", "--reason", "乙"),
    ("remove", "QA10000002", "--reason", "丙"),
    ("correct", "QA10000003", "--set", "item=試作軸承", "--set", "date=112/06/21", "--reason", "丁"),
    ("deduct", "2000", "--reason", "戊", "--date", "2023-12-15"),
    (
        *("revise", "--category", "consumables", "--government", "110000", "--self", "130000"),
        *("--approval", "己", "--date", "2023-07-01"),
    ),
]
FOUR = [
    ("112/06/03", NAMES[0], 9_999, True),
    ("112/06/17", NAMES[1], 2_345, False),
    ("112/07/05", NAMES[0], 7_777, True),
    ("112/07/20", NAMES[1], 5_555, True),
]


def in_order(order: list[int]) -> dict[str, Any]:
    desk = new_desk()
    desk.put("憑證.csv", HEAD + "".join(rows(FOUR)))
    for place in order:
        command, *rest = INDEPENDENT[place]
        desk.said(command, desk.case, *rest)
    return figures(desk)


FIRST: dict[str, Any] = {}


def any_order(order: list[int]) -> None:
    if not FIRST:
        FIRST.update(in_order(list(range(len(INDEPENDENT)))))
    assert in_order(order) == FIRST


@FEW
@given(st.permutations(range(len(INDEPENDENT))))
def test_independent_operations_in_any_order(order: list[int]) -> None:
    any_order(order)


@pytest.mark.slow
@MANY
@given(st.permutations(range(len(INDEPENDENT))))
def test_independent_operations_in_every_order(order: list[int]) -> None:
    any_order(order)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
def test_each_of_them_can_be_undone_whatever_shares_the_others_moved(order: tuple[int, ...]) -> None:
    desk = new_desk()
    desk.put("憑證.csv", HEAD + "".join(rows(FOUR)))
    before = entries(desk)
    for command, *rest in INDEPENDENT[:4]:
        desk.said(command, desk.case, *rest)
    for place in order:
        desk.said("undo", desk.case, str(place + 3))
    assert entries(desk) == before


def entries(desk: Desk) -> dict[str, list[str]]:
    """The entries of the books as they are written, wherever in their file."""
    found = {path.name: path.read_text(encoding="utf-8") for path in desk.case.glob("books/*.beancount")}
    return {name: sorted(text.strip() for text in found[name].split("\n\n")) for name in found}
