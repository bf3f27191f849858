"""Faults in the closing of months: left open, or changed since."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from beancount.core import data

from ledger.case.closes.closed_months import late_marks
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.model.directives import custom
from ledger.util.dates import month_last_day
from tests.casepapers import company_number
from tests.checks.builder import Books
from tests.recall.awards import at
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)


def reopened(books: Books, month: str, day: datetime.date) -> Books:
    """A month opened again, and those after it with it."""
    return books.add(as_text([custom(day, "reopen", month, reason="補列憑證")]))


# --- month-not-closed ----------------------------------------------------------------------------------
# Suppliers are paid out of the dedicated account, so that nothing is drawn for a month that is open.


@plant("month-not-closed")
def last_month_left_open(ground: Ground) -> Planted:
    ground.direct = True
    return Planted(ground.books(close=False).close(*ground.months[:-1]), (at(ground),))


@plant("month-not-closed")
def no_month_closed_at_all(ground: Ground) -> Planted:
    ground.direct = True
    return Planted(ground.books(close=False), (at(ground),) * len(ground.months))


@plant("month-not-closed")
def month_reopened_and_forgotten(ground: Ground) -> Planted:
    ground.direct = True
    place = ground.chance.randrange(len(ground.months))
    books = reopened(ground.books(), ground.months[place], ground.end + 3 * DAY)
    return Planted(books, (at(ground),) * (len(ground.months) - place))


@plant("month-not-closed")
def first_month_open_on_the_thirty_second_day(ground: Ground) -> Planted:
    ground.direct = True
    ground.today = month_last_day(ground.months[0]) + 32 * DAY
    return Planted(ground.books(close=False), (at(ground),))


@near_miss("month-not-closed")
def first_month_open_on_the_thirty_first_day(ground: Ground) -> Planted:
    ground.direct = True
    ground.today = month_last_day(ground.months[0]) + 31 * DAY
    return Planted(ground.books(close=False), ())


@near_miss("month-not-closed")
def months_closed_late_all_at_once(ground: Ground) -> Planted:
    ground.direct = True
    books = ground.books(close=False).close(*ground.months, date=ground.end + 40 * DAY)
    return Planted(books, ())


@near_miss("month-not-closed")
def month_reopened_and_closed_again(ground: Ground) -> Planted:
    ground.direct = True
    day = ground.end + 3 * DAY
    books = reopened(ground.books(), ground.months[2], day)
    return Planted(books.close(*ground.months[2:], date=day), ())


@near_miss("month-not-closed")
def months_after_the_end_need_no_close(ground: Ground) -> Planted:
    ground.today = ground.end + 100 * DAY
    return Planted(ground.books(), ())


# --- closed-month-changed ------------------------------------------------------------------------------


def entry_text(books: Books, of: str) -> str:
    """The text of the only entry that says something."""
    (found,) = [entry for entry in books.text.split("\n\n") if of in entry]
    return found


def altered(books: Books, of: str, change: Callable[[str], str]) -> Books:
    """The books with one entry's text changed."""
    old = entry_text(books, of)
    new = change(old)
    assert new != old
    return books.plant(old, new)


def of_number(number: str) -> str:
    """What only the voucher's own entry says."""
    return f'  number: "{number}"\n'


def corrected(ground: Ground) -> tuple[Books, datetime.date]:
    """A month reopened, a voucher in it corrected, and all closed again; the day on which."""
    paper = ground.any_paper()
    other, day = company_number(ground.chance), ground.end + 3 * DAY
    month = f"{paper.date:%Y-%m}"
    books = reopened(ground.books(), month, day)
    books = altered(books, of_number(paper.number), lambda text: text.replace(paper.seller, other))
    again = ground.months[ground.months.index(month) :]
    return books.close(*again, date=day), day


@plant("closed-month-changed")
def seller_altered_after_the_close(ground: Ground) -> Planted:
    paper = ground.any_paper()
    other = company_number(ground.chance)
    books = altered(ground.books(), of_number(paper.number), lambda text: text.replace(paper.seller, other))
    return Planted(books, ((paper.number, None),))


@plant("closed-month-changed")
def dollar_moved_to_the_grant_after_the_close(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    given = ground.government(paper)
    own = paper.net - given

    def moved(text: str) -> str:
        return text.replace(f" {given} TWD", f" {given + 1} TWD").replace(f" {own} TWD", f" {own - 1} TWD")

    books = altered(ground.books(), of_number(paper.number), moved)
    return Planted(books, ((paper.number, None),), frozenset({"split-mismatch"}))


@plant("closed-month-changed")
def voucher_slipped_into_a_closed_month(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    paper = ground.buy(ground.invoice("consumables", day=day, claimed=False))
    with_it = ground.books(close=False)
    late = entry_text(with_it, of_number(paper.number)) + "\n\n"
    return Planted(with_it.plant(late, "").close(*ground.months).add(late), ((paper.number, None),))


@plant("closed-month-changed")
def voucher_and_its_payment_taken_out(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", day=ground.start + DAY, claimed=False))
    books = ground.books()
    for text in (of_number(paper.number), f'"bank:{paper.number}"'):
        books = books.plant(entry_text(books, text) + "\n\n", "")
    closed_on = str(month_last_day(ground.months[0]))
    return Planted(books, ((paper.number, None), (closed_on, None)))


@plant("closed-month-changed")
def entry_of_the_company_added_by_hand(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    text = f'{day} * "補記"\n  Equity:1業者投入  1 TWD\n  Assets:2進項稅額  -1 TWD\n'
    return Planted(ground.books().add(text), ((str(day), None),))


@plant("closed-month-changed")
def figure_of_the_close_itself_altered(ground: Ground) -> Planted:
    month = ground.chance.choice(ground.months)

    def more(text: str) -> str:
        return text.replace("  entitlement: ", "  entitlement: 1")

    books = altered(ground.books(), f'custom "grant-close" "{month}"', more)
    return Planted(books, ((str(month_last_day(month)), None),))


@plant("closed-month-changed")
def day_of_a_voucher_moved_within_its_month(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", day=ground.end - 2 * DAY))
    ground.paid[paper.number] = ground.end

    def day_before(text: str) -> str:
        return text.replace(f"{paper.date} *", f"{paper.date - DAY} *", 1)

    books = altered(ground.books(), of_number(paper.number), day_before)
    return Planted(books, ((paper.number, None),))


@plant("closed-month-changed")
def voucher_moved_to_another_closed_month(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", day=ground.start + 3 * DAY, claimed=False))
    ground.paid[paper.number] = ground.end

    def month_later(text: str) -> str:
        return text.replace(f"{paper.date} *", f"{paper.date + 31 * DAY} *", 1)

    books = altered(ground.books(), of_number(paper.number), month_later)
    return Planted(books, ((paper.number, None), (paper.number, None)))


@plant("closed-month-changed")
def cost_that_poses_as_a_late_line_of_the_bank(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    paper = ground.invoice("consumables", day=day, claimed=False, import_id="bank:late")
    ground.buy(paper)
    with_it = ground.books(close=False)
    late = entry_text(with_it, of_number(paper.number)) + "\n\n"
    return Planted(with_it.plant(late, "").close(*ground.months).add(late), ((paper.number, None),))


@plant("closed-month-changed")
def close_of_a_month_taken_out(ground: Ground) -> Planted:
    ground.direct = True
    place = ground.chance.randrange(len(ground.months) - 1)
    books = ground.books()
    gone = entry_text(books, f'custom "grant-close" "{ground.months[place]}"')
    after = str(month_last_day(ground.months[place + 1]))
    return Planted(books.plant(gone, ""), ((after, None),), frozenset({"month-not-closed"}))


@plant("closed-month-changed")
def month_changed_and_closed_again_without_being_reopened(ground: Ground) -> Planted:
    books, day = corrected(ground)
    return Planted(books.plant(entry_text(books, "grant-reopen"), ""), ((str(day), None),))


@near_miss("closed-month-changed")
def scan_filed_after_the_close(ground: Ground) -> Planted:
    paper = ground.any_paper()
    scan = f'  document-2: "{paper.date}.{paper.number}.驗收單.pdf"\n'
    of = of_number(paper.number)
    return Planted(altered(ground.books(), of, lambda text: text.replace(of, of + scan)), ())


@near_miss("closed-month-changed")
def postings_and_metadata_in_another_order(ground: Ground) -> Planted:
    paper = ground.any_paper()

    def turned(text: str) -> str:
        head, *lines = text.split("\n")
        meta = [line for line in lines if ": " in line]
        postings = [line for line in lines if line not in meta]
        return "\n".join([head, *reversed(meta), "  ; 對過", *(f"  {line}" for line in reversed(postings))])

    return Planted(altered(ground.books(), of_number(paper.number), turned), ())


@near_miss("closed-month-changed")
def bank_line_that_came_late(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    there_and_back: list[data.Directive] = [
        bank_entry("own-money", day, amount, "", "誤匯", {"import-id": f"bank:late{amount}"})
        for amount in (3_000, -3_000)
    ]
    books = ground.books()
    marks = late_marks(books.case(), there_and_back)
    return Planted(books.add(as_text([*there_and_back, *marks])), ())


@plant("closed-month-changed")
def line_put_in_by_hand_that_bears_an_id_of_the_bank(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    line = bank_entry("interest", day, 40, "", "存款息", {"import-id": "bank:223706683363:40"})
    return Planted(
        ground.books().add(as_text([line])), ((str(day), None),), frozenset({"interest-unremitted"})
    )


@plant("closed-month-changed")
def announced_line_that_was_taken_out_again(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    line = bank_entry("own-money", day, 3_000, "", "誤匯", {"import-id": "bank:223706683363:3000"})
    books = ground.books()
    marks = late_marks(books.case(), [line])
    return Planted(books.add(as_text(marks)), ((str(marks[0].date), None),))


@near_miss("closed-month-changed")
def correction_booked_in_an_open_month(ground: Ground) -> Planted:
    day = ground.end + 2 * DAY
    text = f'{day} * "更正"\n  Equity:1業者投入  1 TWD\n  Assets:2進項稅額  -1 TWD\n'
    return Planted(ground.books().add(text), ())


@near_miss("closed-month-changed")
def month_reopened_to_correct_it(ground: Ground) -> Planted:
    books, _day = corrected(ground)
    return Planted(books, ())
