"""Faults of payroll, books and settlement."""

from __future__ import annotations

from tests.casemaker import Story
from tests.faults.making import Fault
from tests.faults.making import appended
from tests.faults.making import extra
from tests.faults.making import in_books
from tests.faults.making import of_entry
from tests.faults.making import plant
from tests.faults.making import single
from tests.replay import Played

# --- payroll -------------------------------------------------------------------------------------------------


@plant("person-not-planned")
def pay_of_somebody_not_planned() -> Fault:
    story = Story(59).money()
    story.payroll[0].name = "陳小華"
    return Fault(story)


@plant("person-not-insured")
def pay_of_somebody_not_insured() -> Fault:
    story = Story(60).money()
    story.persons[1]["insured"] = False
    return Fault(story)


@plant("person-months-exceeded")
def more_months_than_planned() -> Fault:
    story = Story(61).money()
    story.persons[0]["months"] = 2
    return Fault(story)


@plant("person-months-exceeded")
def too_many_months_in_all() -> Fault:
    story = Story(62).money()
    story.persons[0]["other_months"] = 11
    return Fault(story)


@plant("payroll-arithmetic")
def pay_beyond_the_hours() -> Fault:
    story = Story(63)
    story.payroll[0].amount += 1000
    return Fault(story.money(), "", ("budget-overrun",))


@plant("payroll-arithmetic")
def more_hours_than_the_month_has() -> Fault:
    story = Story(64)
    story.payroll[0].hours = story.payroll[0].total + 8
    return Fault(story.money())


# --- the books -----------------------------------------------------------------------------------------------


@plant("books-unreadable")
def a_line_nobody_can_read() -> Fault:
    return Fault(Story(65).money(), after=appended("books/2023-12.beancount", "\n這不是分錄\n"))


@plant("books-unreadable")
def a_fraction_of_a_dollar() -> Fault:
    story = Story(66).money()
    text = f'\n{story.end} custom "grant-budget" "improvement" 900000.50 TWD 900000 TWD\n'
    return Fault(story, after=appended("award.beancount", text))


@plant("books-unreadable")
def the_checks_switched_off() -> Fault:
    story = Story(67).money()
    return Fault(story, after=lambda case: case.replace("main.beancount", 'plugin "checks"\n', ""))


@plant("month-not-closed")
def last_month_not_closed() -> Fault:
    story = Story(68).money()
    del story.closed_on[story.months[-1]]
    return Fault(story, "", ("withdrawal-before-close", "withdrawal-exceeds-entitlement"))


@plant("closed-month-changed")
def closed_month_changed() -> Fault:
    story = Story(69)
    paper = single(story)
    story.money()
    change = of_entry(paper, r"net: (\d+) TWD", lambda match: f"net: {int(match[1]) + 1} TWD")
    return Fault(story, paper.number, ("cost-mismatch",), after=change)


@plant("closed-month-changed")
def entry_of_a_closed_month_taken_out() -> Fault:
    story = Story(70)
    paper = extra(story, 21_000, routes=("sheet",))
    paper.cash = paper.date
    story.money()

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            entries = path.read_text(encoding="utf-8").split("\n\n")
            kept = [entry for entry in entries if paper.number not in entry or "paid:" not in entry]
            path.write_text("\n\n".join(kept), encoding="utf-8")

    return Fault(story, "", ("voucher-unpaid",), after=change)


@plant("closed-month-changed")
def entry_added_to_a_closed_month() -> Fault:
    story = Story(71).money()
    text = f'\n{story.start} * "補記"\n  Equity:1業者投入  1 TWD\n  Assets:2進項稅額  -1 TWD\n'
    return Fault(story, after=appended("audit.beancount", text))


@plant("cost-mismatch")
def cost_differs_from_the_paper() -> Fault:
    story = Story(72, guarantee="none")
    paper = single(story, category="intangibles")
    story.money()
    change = of_entry(
        paper, r"(Expenses:2業者自籌款:06無形資產引進費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) - 900}"
    )

    def whole(played: Played) -> None:
        change(played)
        of_entry(paper, r"(Liabilities:1應付帳款 +)-(\d+)", lambda m: f"{m[1]}-{int(m[2]) - 900}")(played)

    return Fault(story, paper.number, ("voucher-overpaid",), books=whole)


@plant("tax-in-cost")
def tax_in_the_cost() -> Fault:
    story = Story(73, guarantee="none")
    paper = single(story, category="intangibles")
    story.money()

    def change(played: Played) -> None:
        of_entry(
            paper,
            r"(Expenses:2業者自籌款:06無形資產引進費 +)(\d+)",
            lambda m: f"{m[1]}{int(m[2]) + paper.tax}",
        )(played)
        of_entry(paper, r"  Assets:2進項稅額 +\d+ TWD\n", lambda _m: "")(played)

    return Fault(story, paper.number, ("budget-overrun",), books=change)


@plant("split-mismatch")
def split_by_hand() -> Fault:
    story = Story(74, guarantee="none")
    paper = single(story, category="equipment")
    story.money()

    def change(played: Played) -> None:
        of_entry(
            paper, r"(Expenses:1政府補助款:02全新設備之購置費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 50}"
        )(played)
        of_entry(
            paper, r"(Expenses:2業者自籌款:02全新設備之購置費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) - 50}"
        )(played)

    # after the closes: a close sets the shares of its month right before it seals it
    return Fault(story, paper.number, ("closed-month-changed",), after=change)


@plant("tax-paid-by-grant")
def tax_paid_out_of_the_grant() -> Fault:
    story = Story(75, direct=True).money()
    change = in_books(
        r"(  Assets:1專戶:1政府補助款 +)-(\d+) TWD\n(  Assets:1專戶:2業者自籌款 +)-(\d+) TWD",
        r"\g<1>-\g<2> TWD\n  Assets:1專戶:1政府補助款  -77 TWD\n  Assets:1專戶:2業者自籌款  77 TWD\n\g<3>-\g<4> TWD",
    )
    follows = ("account-overdrawn", "withdrawal-exceeds-entitlement")
    return Fault(story, "", follows, books=change)


# --- the settlement ------------------------------------------------------------------------------------------


@plant("self-funding-short")
def too_little_own_money_spent() -> Fault:
    story = Story(76, percent=(60, 63))
    story.papers = [paper for paper in story.papers if paper.category != "intangibles"]
    story.payroll = []
    return Fault(story.money(), "", ("account-overdrawn",))


@plant("evidence-missing")
def factory_not_registered() -> Fault:
    story = Story(77, scheme="managed-factory-112").money()
    return Fault(
        story,
        before=lambda case: case.replace("award.beancount", "grant-evidence", "note"),
    )
