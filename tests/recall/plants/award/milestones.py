"""Faults in the moments of a case: money before its moment, accounts and guarantees, what else pays for it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.casepapers import company_number
from tests.recall.awards import at
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)
CHAIN = "supply-chain-smart-112"


def reach(ground: Ground, kind: str, day: datetime.date, **told: Any) -> None:
    """A milestone that was written down."""
    ground.more.append(custom(day, "milestone", kind, **told))


def guaranteed(ground: Ground, amount: int, *, number: str = "保-1", since: int = 0) -> None:
    """A letter for so much, long enough, from so many days after the start."""
    until = ground.end + datetime.timedelta(days=400)
    reach(ground, "guarantee", ground.start + since * DAY, number=number, amount=twd(amount), until=until)


def paid(ground: Ground, guarantee: str, *parts: tuple[datetime.date, int]) -> None:
    ground.tables["award"]["guarantee"] = guarantee
    ground.instalments = list(parts)


def half(ground: Ground) -> int:
    return ground.granted().government // 2


def tail(ground: Ground) -> datetime.date:
    return ground.end + 10 * DAY


def in_halves(ground: Ground) -> None:
    """Half of the grant at the signing, the rest of what is recognised after the end."""
    paid(ground, "partial", (ground.start, half(ground)), (tail(ground), ground.earned() - half(ground)))


# --- milestone-missing ---------------------------------------------------------------------------------


@plant("milestone-missing")
def grant_paid_out_without_a_word_of_the_signing(ground: Ground) -> Planted:
    reach(ground, "approval", ground.start)
    guaranteed(ground, ground.granted().government)
    return Planted(ground.books(), ((str(ground.start), ground.granted().government),))


@plant("milestone-missing")
def guarantee_that_nobody_wrote_down(ground: Ground) -> Planted:
    reach(ground, "signing", ground.start)
    return Planted(ground.books(), ((str(ground.start), ground.granted().government),))


@plant("milestone-missing")
def tail_paid_without_the_final_audit(ground: Ground) -> Planted:
    in_halves(ground)
    reach(ground, "signing", ground.start)
    guaranteed(ground, half(ground))
    return Planted(ground.books(), ((str(tail(ground)), ground.earned() - half(ground)),))


@plant("milestone-missing")
def first_half_paid_without_the_interim_audit(ground: Ground) -> Planted:
    day = ground.day(2, 8)
    paid(ground, "none", (day, half(ground)), (tail(ground), ground.earned() - half(ground)))
    reach(ground, "signing", ground.start)
    reach(ground, "final-passed", ground.end)
    return Planted(ground.books(), ((str(day), half(ground)),))


@near_miss("milestone-missing")
def case_that_writes_no_milestones_down(ground: Ground) -> Planted:
    return Planted(ground.books(), ())


@near_miss("milestone-missing", scheme="managed-factory-112")
def registration_alone_written_down(ground: Ground) -> Planted:
    reach(ground, "registration", ground.end)
    return Planted(ground.books(), ())


@near_miss("milestone-missing")
def every_moment_written_down(ground: Ground) -> Planted:
    in_halves(ground)
    reach(ground, "signing", ground.start)
    guaranteed(ground, half(ground))
    reach(ground, "final-passed", ground.end + DAY)
    return Planted(ground.books(), ())


@near_miss("milestone-missing")
def money_still_to_come(ground: Ground) -> Planted:
    reach(ground, "approval", ground.start - 2 * DAY)
    ground.today = ground.start - DAY
    return Planted(ground.books(), ())


# --- instalment-before-milestone -----------------------------------------------------------------------


@plant("instalment-before-milestone")
def grant_paid_out_before_the_contract_was_signed(ground: Ground) -> Planted:
    reach(ground, "signing", ground.start + ground.chance.randrange(1, 20) * DAY)
    guaranteed(ground, ground.granted().government)
    return Planted(ground.books(), ((str(ground.start), ground.granted().government),))


@plant("instalment-before-milestone")
def tail_paid_a_day_before_the_final_audit(ground: Ground) -> Planted:
    in_halves(ground)
    reach(ground, "signing", ground.start)
    guaranteed(ground, half(ground))
    reach(ground, "final-passed", tail(ground) + DAY)
    return Planted(ground.books(), ((str(tail(ground)), ground.earned() - half(ground)),))


@plant("instalment-before-milestone")
def first_half_paid_before_the_interim_audit(ground: Ground) -> Planted:
    day = ground.day(2, 8)
    paid(ground, "none", (day, half(ground)), (tail(ground), ground.earned() - half(ground)))
    reach(ground, "signing", ground.start)
    reach(ground, "interim-passed", day + 5 * DAY)
    reach(ground, "final-passed", ground.end)
    return Planted(ground.books(), ((str(day), half(ground)),))


@near_miss("instalment-before-milestone")
def grant_paid_out_on_the_day_of_the_signing(ground: Ground) -> Planted:
    reach(ground, "signing", ground.start)
    guaranteed(ground, ground.granted().government)
    return Planted(ground.books(), ())


@near_miss("instalment-before-milestone")
def first_half_paid_on_the_day_of_the_interim_audit(ground: Ground) -> Planted:
    day = ground.day(2, 8)
    paid(ground, "none", (day, half(ground)), (tail(ground), ground.earned() - half(ground)))
    reach(ground, "signing", ground.start)
    reach(ground, "interim-passed", day)
    reach(ground, "final-passed", ground.end)
    return Planted(ground.books(), ())


@near_miss("instalment-before-milestone", scheme=CHAIN)
def payments_by_progress_wait_for_no_audit(ground: Ground) -> Planted:
    earned = ground.earned()
    paid(ground, "none", (ground.day(1, 3), earned // 3), (tail(ground), earned - earned // 3))
    reach(ground, "signing", ground.start)
    reach(ground, "interim-passed", ground.day(2, 8))
    reach(ground, "final-passed", ground.end)
    return Planted(ground.books(), ())


# --- account-opened-late -------------------------------------------------------------------------------


def opened(ground: Ground, days: int) -> None:
    """The account opened so many days after the signing, on the day of the start."""
    reach(ground, "signing", ground.start)
    guaranteed(ground, ground.granted().government)
    ground.tables["account"]["opened"] = ground.start + days * DAY


@plant("account-opened-late")
def account_opened_the_day_after_the_signing(ground: Ground) -> Planted:
    opened(ground, 1)
    return Planted(ground.books(), ((str(ground.start), None),))


@plant("account-opened-late", scheme="managed-factory-112")
def account_opened_weeks_after_the_signing(ground: Ground) -> Planted:
    opened(ground, ground.chance.randrange(7, 60))
    return Planted(ground.books(), ((str(ground.start), None),))


@plant("account-opened-late", scheme=CHAIN, partners=2)
def account_of_a_chain_s_lead_opened_late(ground: Ground) -> Planted:
    opened(ground, ground.chance.randrange(2, 9))
    return Planted(ground.books(), ((str(ground.start), None),))


@near_miss("account-opened-late")
def account_opened_on_the_day_of_the_signing(ground: Ground) -> Planted:
    opened(ground, 0)
    return Planted(ground.books(), ())


@near_miss("account-opened-late")
def account_opened_on_a_day_that_nobody_tells(ground: Ground) -> Planted:
    opened(ground, 9)
    ground.tables["account"].pop("opened")
    return Planted(ground.books(), ())


@near_miss("account-opened-late")
def account_opened_late_for_a_signing_that_nobody_tells(ground: Ground) -> Planted:
    ground.tables["account"]["opened"] = ground.start + 30 * DAY
    return Planted(ground.books(), ())


# --- drawn-beyond-guarantee ----------------------------------------------------------------------------


def by_guarantee(ground: Ground, *letters: int) -> int:
    """A fifth of the grant at the signing, the rest by progress and after the end; gives what came before the end."""
    fifth, earned = ground.granted().government // 5, ground.earned()
    more = max(1_000, earned // 4)
    paid(
        ground,
        "partial",
        (ground.start, fifth),
        (ground.day(2, 8), more),
        (tail(ground), earned - fifth - more),
    )
    reach(ground, "signing", ground.start)
    reach(ground, "final-passed", ground.end)
    for place, amount in enumerate(letters):
        guaranteed(ground, amount, number=f"保-{place}", since=0)
    return fifth + more


@plant("drawn-beyond-guarantee", scheme=CHAIN)
def second_payment_without_another_letter(ground: Ground) -> Planted:
    fifth = ground.granted().government // 5
    drawn = by_guarantee(ground, fifth)
    return Planted(ground.books(), ((str(ground.day(2, 8)), drawn - fifth),))


@plant("drawn-beyond-guarantee", scheme="supply-chain-carbon-112")
def payment_a_dollar_beyond_the_letters(ground: Ground) -> Planted:
    fifth, earned = ground.granted().government // 5, ground.earned()
    drawn = by_guarantee(ground, fifth, max(1_000, earned // 4) - 1)
    assert drawn
    return Planted(ground.books(), ((str(ground.day(2, 8)), 1),))


@plant("drawn-beyond-guarantee", scheme=CHAIN)
def tail_beyond_the_letters(ground: Ground) -> Planted:
    earned = ground.earned()
    by_guarantee(ground, earned - 7)
    return Planted(ground.books(), ((str(tail(ground)), 7),))


@near_miss("drawn-beyond-guarantee", scheme=CHAIN)
def payments_that_the_letters_cover_to_the_dollar(ground: Ground) -> Planted:
    by_guarantee(ground, ground.earned())
    return Planted(ground.books(), ())


@near_miss("drawn-beyond-guarantee", scheme="supply-chain-carbon-112")
def two_letters_that_cover_it_together(ground: Ground) -> Planted:
    part = ground.earned() // 3
    by_guarantee(ground, part, ground.earned() - part)
    return Planted(ground.books(), ())


@near_miss("drawn-beyond-guarantee")
def programme_that_pays_halves_whatever_is_guaranteed(ground: Ground) -> Planted:
    in_halves(ground)
    reach(ground, "signing", ground.start)
    reach(ground, "final-passed", ground.end)
    guaranteed(ground, ground.granted().government // 5)
    return Planted(ground.books(), ())


# --- funding-exceeds-cost ------------------------------------------------------------------------------


def funded(ground: Ground, *amounts: int) -> None:
    """Other agencies that pay for the same project."""
    for place, amount in enumerate(amounts):
        ground.more.append(custom(ground.start + place * DAY, "funding", f"機關{place}", twd(amount)))


@plant("funding-exceeds-cost")
def another_agency_that_pays_a_dollar_too_much(ground: Ground) -> Planted:
    funded(ground, ground.granted().self_funded + 1)
    return Planted(ground.books(), ((str(ground.start), 1),))


@plant("funding-exceeds-cost", scheme="managed-factory-112")
def two_agencies_that_pay_too_much_together(ground: Ground) -> Planted:
    own, more = ground.granted().self_funded, ground.chance.randrange(1, 90_000)
    funded(ground, own // 2, own - own // 2 + more)
    return Planted(ground.books(), ((str(ground.start + DAY), more),))


@plant("funding-exceeds-cost")
def more_than_was_spent_in_the_end(ground: Ground) -> Planted:
    spent = sum(paper.net for paper in ground.papers if paper.claimed)
    more = ground.chance.randrange(1, 9_000)
    funded(ground, spent - ground.earned() + more)
    return Planted(ground.books(), ((str(ground.start), more),))


@near_miss("funding-exceeds-cost")
def other_agencies_that_pay_all_the_rest_to_the_dollar(ground: Ground) -> Planted:
    spent = sum(paper.net for paper in ground.papers if paper.claimed)
    funded(ground, spent - ground.earned())
    return Planted(ground.books(), ())


@near_miss("funding-exceeds-cost")
def no_other_agency(ground: Ground) -> Planted:
    return Planted(ground.books(), ())


@near_miss("funding-exceeds-cost")
def more_than_was_spent_so_far_while_the_case_runs(ground: Ground) -> Planted:
    funded(ground, ground.granted().self_funded)
    ground.today = ground.end
    return Planted(ground.books(), ())


# --- filed-outside-window ------------------------------------------------------------------------------


def filed(ground: Ground, day: datetime.date) -> Planted:
    """The case on the day it begins, filed on another; it begins no earlier than that."""
    ground.tables["award"]["filed"] = day
    ground.today = ground.start
    return Planted(ground.books(), (at(ground),))


@plant("filed-outside-window", start=datetime.date(2023, 12, 1))
def filed_a_day_after_the_window(ground: Ground) -> Planted:
    return filed(ground, datetime.date(2023, 12, 1))


@plant("filed-outside-window")
def filed_a_day_before_the_window(ground: Ground) -> Planted:
    return filed(ground, datetime.date(2023, 4, 16))


@plant("filed-outside-window", scheme="managed-factory-112", start=datetime.date(2024, 1, 1))
def filed_long_after_the_last_day(ground: Ground) -> Planted:
    return filed(ground, datetime.date(2023, 12, 1) + ground.chance.randrange(28) * DAY)


@near_miss("filed-outside-window", start=datetime.date(2023, 12, 1))
def filed_on_the_last_day(ground: Ground) -> Planted:
    return dataclasses.replace(filed(ground, datetime.date(2023, 11, 30)), finds=())


@near_miss("filed-outside-window")
def filed_on_the_first_day(ground: Ground) -> Planted:
    return dataclasses.replace(filed(ground, datetime.date(2023, 4, 17)), finds=())


@near_miss("filed-outside-window", scheme="managed-factory-112")
def filed_before_a_window_without_a_first_day(ground: Ground) -> Planted:
    return dataclasses.replace(filed(ground, datetime.date(2023, 3, 1)), finds=())


# --- partner-count -------------------------------------------------------------------------------------


def joined(ground: Ground, count: int) -> Planted:
    """The case on the day it begins, with so many partners in all."""
    had = len(ground.tables.get("partner", ()))
    for place in range(had, count):
        ground.more.append(
            custom(
                ground.start,
                "partner",
                company_number(ground.chance),
                name=f"協力{place}有限公司",
                representative="甲",
            )
        )
    ground.today = ground.start
    return Planted(ground.books(), (at(ground),))


@plant("partner-count", scheme="supply-chain-smart-112", partners=2)
def one_partner_too_many(ground: Ground) -> Planted:
    return joined(ground, 5)


@plant("partner-count", scheme="supply-chain-carbon-112", partners=2)
def more_than_ten_partners(ground: Ground) -> Planted:
    return joined(ground, 11 + ground.chance.randrange(4))


@plant("partner-count")
def a_partner_where_nobody_takes_part(ground: Ground) -> Planted:
    return joined(ground, 1)


@near_miss("partner-count", scheme="supply-chain-smart-112", partners=2)
def just_four_partners(ground: Ground) -> Planted:
    return dataclasses.replace(joined(ground, 4), finds=())


@near_miss("partner-count", scheme="supply-chain-carbon-112", partners=2)
def just_ten_partners(ground: Ground) -> Planted:
    return dataclasses.replace(joined(ground, 10), finds=())


@near_miss("partner-count", scheme="supply-chain-smart-112", partners=2)
def fewer_than_the_slide_speaks_of(ground: Ground) -> Planted:
    return dataclasses.replace(joined(ground, 2), finds=())
