"""Faults of the award and of what is spent against it."""

from __future__ import annotations

from tests.casemaker import Story
from tests.casepapers import Item
from tests.casepapers import Line
from tests.casepapers import plus
from tests.casepapers import tax_on
from tests.faults.making import OPEN
from tests.faults.making import Fault
from tests.faults.making import appended
from tests.faults.making import extra
from tests.faults.making import in_books
from tests.faults.making import plant
from tests.faults.making import single

# --- the budget ----------------------------------------------------------------------------------------------


@plant("item-not-in-budget")
def item_is_a_code() -> Fault:
    story = Story(20, scheme="managed-factory-112")
    paper = single(story, category="improvement")
    for item in paper.items:
        item.name = "SMD-200A"
    return Fault(story.money(), paper.number)


@plant("item-not-in-budget")
def item_nobody_approved() -> Fault:
    story = Story(21)
    paper = single(story, category="equipment")
    for item in paper.items:
        item.name = "高階辦公椅"
    return Fault(story.money(), paper.number)


@plant("item-not-in-budget")
def item_and_seller_nobody_knows() -> Fault:
    story = Story(22)
    paper = extra(story, 17_777, seller_name="福泰家具有限公司", seller="12345675")
    paper.items[0].name = "高階辦公椅"
    paper.category = "nobody's"
    paper.pays = [Line(plus(paper.date, 9), -paper.gross, "匯款支出", paper.number)]
    return Fault(story.money(), paper.number, (OPEN,))


@plant("item-not-in-budget")
def one_of_two_lines_is_a_code() -> Fault:
    story = Story(23)
    paper = extra(story, 17_777)
    paper.items.append(Item("X-99", 1, "台", 2_000))
    paper.tax = tax_on(paper.net)
    return Fault(story.money(), paper.number)


@plant("item-quantity-exceeded")
def more_pieces_than_approved() -> Fault:
    story = Story(24)
    paper = single(story, category="equipment")
    paper.items[-1].quantity += 60
    numbers = [p.number for p in story.papers if p.category == "equipment" and p.number != paper.number]
    return Fault(story.money(), "" if numbers else paper.number)


@plant("budget-overrun")
def more_than_the_budget() -> Fault:
    story = Story(25)
    paper = extra(story, 400_000, date=story.end)
    return Fault(story.money(), paper.number)


@plant("category-unknown")
def category_of_another_programme() -> Fault:
    story = Story(26)
    paper = extra(story, 3_000, routes=("sheet",))
    paper.category = "國內差旅費"
    paper.items = [Item("高鐵車票", 1, "張", 3_000)]
    paper.cash = paper.date
    return Fault(story.money(), paper.number)


@plant("category-unknown")
def budget_of_a_category_unknown() -> Fault:
    story = Story(27).money()
    story.budget.append({"category": "交際費", "government": 0, "self": 5000, "party": ""})
    return Fault(story)


@plant("category-not-grantable")
def grant_for_personnel() -> Fault:
    story = Story(28).money()
    line = next(line for line in story.budget if line["category"] == "personnel")
    line["government"], line["self"] = 1000, line["self"] - 1000
    return Fault(story, "", ("instalment-unexpected", OPEN))


@plant("category-not-grantable")
def grant_booked_to_personnel() -> Fault:
    story = Story(29, guarantee="none").money()
    change = in_books(
        r"(  Expenses:2業者自籌款:05人事費 +)(\d+) TWD",
        r"  Expenses:1政府補助款:05人事費  500 TWD\n\g<1>\g<2> TWD\n  Expenses:2業者自籌款:05人事費  -500 TWD",
    )
    return Fault(story, "", books=change)


@plant("reallocation-unapproved")
def revised_without_approval() -> Fault:
    story = Story(30).money()
    text = f'\n{plus(story.start, 20)} custom "grant-budget" "improvement" 900000 TWD 900000 TWD\n'
    return Fault(story, before=appended("award.beancount", text))


# --- the award -----------------------------------------------------------------------------------------------


@plant("subsidy-cap-exceeded")
def grant_beyond_the_cap() -> Fault:
    return Fault(Story(31, scheme="managed-factory-112", total=4_200_000).money())


@plant("subsidy-cap-exceeded")
def grant_beyond_the_cap_of_the_other_programme() -> Fault:
    return Fault(Story(32, total=13_500_000).money())


@plant("subsidy-ratio-exceeded")
def grant_beyond_half() -> Fault:
    story = Story(33, percent=(75, 78))
    return Fault(story.money(), "", ("self-funding-short", "account-overdrawn"))


@plant("subsidy-ratio-at-limit")
def grant_of_exactly_half() -> Fault:
    story = Story(34)
    line = next(line for line in story.budget if line["category"] == "improvement")
    short = sum(line["self"] - line["government"] for line in story.budget) // 2
    items = [item for item in story.approved_items if item["category"] == "improvement"]
    for of in (line, *items):
        part = short if of is line else short // 2
        of["government"], of["self"] = of["government"] + part, of["self"] - part
    assert sum(line["self"] - line["government"] for line in story.budget) == 0
    return Fault(story.money(), "", ("self-funding-short",))


@plant("category-cap-exceeded")
def equipment_beyond_its_cap() -> Fault:
    shares = {"equipment": 36, "improvement": 10}
    return Fault(
        Story(35, scheme="managed-factory-112", shares=shares).money(),
        "",
        ("surplus-unremitted",),
    )


@plant("period-too-long")
def period_of_thirteen_months() -> Fault:
    return Fault(Story(36, months=13).money(), "", ("person-months-exceeded",))


@plant("period-too-long")
def start_before_the_application() -> Fault:
    story = Story(37)
    story.filed = plus(story.start, 9)
    return Fault(story.money())


@plant("item-sum-mismatch")
def items_do_not_add_up() -> Fault:
    story = Story(38).money()
    story.approved_items[0]["self"] += 1000
    return Fault(story)
