"""待答: the open questions one after the other, each beside its paper, several of a kind at once; what was set aside."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from desk.case_desk import CaseDesk
from desk.papers import Shown
from desk.papers import paper_of_question
from importers.questions.open_questions import Choice
from importers.questions.open_questions import Question
from importers.questions.open_questions import question_of
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.files.pending import Pending
from ledger.util.dates import month_of
from ledger.util.text import fold

# What an answer needs beside its word.
NEEDS = {
    "payment": "voucher",
    "refund": "voucher",
    "attach": "voucher",
    "opening-balance": "amount",
    "withdrawal": "month",
    "item": "item",
}
_OPTIONAL = frozenset({"month"})
_MOST_OFFERED = 60
_MOST_PICTURES = 12


class Offer(NamedTuple):
    """A voucher that may be chosen: its number and what tells it apart. Money is NT$."""

    number: str
    date: str
    seller: str
    amount: int


class Field(NamedTuple):
    """An answer that asks for more: the choice, and what is filled in (a key of NEEDS' values)."""

    choice: Choice
    need: str
    optional: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """A question open for answering. `buttons` are answered by a click, `fields` want something filled in.

    `closed` is the closed month that its entry stands in, empty where it is open; `reverses`: it can be put right in an
    open month instead.
    """

    question: Question
    place: int
    previous: str
    following: str
    buttons: list[Choice]
    fields: list[Field]
    items: list[str]
    vouchers: list[Offer]
    months: list[str]
    paper: Shown | None
    closed: str
    reverses: bool


class Group(NamedTuple):
    """Questions that one answer fits, and the answers that need nothing more."""

    questions: list[Question]
    choices: list[Choice]


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The page: the question that is open, all of them, those that are alike, and what was set aside."""

    card: Card | None
    questions: list[Question]
    groups: list[Group]
    set_aside: Page[Pending]
    all_numbers: list[str]


def questions_page(desk: CaseDesk, query: Query) -> QuestionsPage | None:
    """The question of the parameter `about`, or the first; None where that question is gone."""
    questions = desk.questions
    wanted = query.text("about")
    asked = next((one for one in questions if one.id == wanted), None) or (
        question_of(desk.case, desk.pending, wanted) if wanted else None
    )
    if wanted and asked is None and not query.text("done"):
        return None
    if asked is None and questions:
        asked = questions[0]
    aside = [each for each in desk.pending if _is_aside(each, fold(query.text("q")))]
    return QuestionsPage(
        _card(desk, asked) if asked else None,
        questions,
        _groups(questions),
        paged(aside, query.number("page", 1)),
        list(dict.fromkeys(v.number for v in desk.case.vouchers if v.number and not v.reverses)),
    )


def _is_aside(waiting: Pending, wanted: str) -> bool:
    """Whether something was set aside without a question and may still be taken in."""
    if waiting.answer or waiting.asks or "take" not in waiting.choices:
        return False
    words = json.dumps(dict(waiting.record), ensure_ascii=False)
    return wanted in fold(f"{words}{waiting.file}{waiting.reason}")


def _card(desk: CaseDesk, asked: Question) -> Card:
    ids = [one.id for one in desk.questions]
    place = ids.index(asked.id) if asked.id in ids else -1
    buttons, fields = _choices(asked)
    opened = first_open_day(desk.case)
    day = asked.date if asked.target and asked.date else None
    return Card(
        asked,
        place + 1,
        ids[place - 1] if place > 0 else "",
        ids[place + 1] if 0 <= place < len(ids) - 1 else "",
        buttons,
        fields,
        _items(asked, buttons),
        _offers(desk.case, asked),
        sorted(desk.case.closed_months),
        paper_of_question(desk, asked),
        month_of(day) if day and opened and day < opened else "",
        asked.kind == "voucher",
    )


def _choices(asked: Question) -> tuple[list[Choice], list[Field]]:
    """The choices that a click answers, and those that something has to be filled in for."""
    buttons, fields, needs = [], [], set()
    for choice in asked.choices:
        need = NEEDS.get(choice.answer, "")
        is_whole = not need or choice.voucher or (choice.item and choice.why) or need in _OPTIONAL
        if is_whole:
            buttons.append(choice)
        if need and not choice.voucher and need not in needs and not (choice.item and choice.why):
            needs.add(need)
            fields.append(Field(choice, need, need in _OPTIONAL))
    return buttons, fields


def _items(asked: Question, buttons: Iterable[Choice]) -> list[str]:
    """The approved items that no button stands for."""
    shown = {choice.item for choice in buttons}
    return [choice.item for choice in asked.choices if choice.item and choice.item not in shown]


def _offers(case: Case, asked: Question) -> list[Offer]:
    """The vouchers that an answer is likely about: without a paper for a picture, else the unpaid ones."""
    named = {each.number: each for each in case.vouchers if each.number and not each.is_reversal}
    vouchers = list(named.values())  # of those booked anew, the last
    if asked.kind == "document":
        chosen = sorted(vouchers, key=lambda voucher: (bool(voucher.documents), voucher.booked))
    elif (asked.amount or 0) > 0:
        chosen = vouchers
    else:
        chosen = [voucher for voucher in vouchers if case.unpaid.get(voucher.link, 0) > 0]
    return [_offer(case, voucher) for voucher in chosen[:_MOST_OFFERED]]


def _offer(case: Case, voucher: Voucher) -> Offer:
    owed = case.unpaid.get(voucher.link, 0)
    return Offer(
        voucher.number, voucher.date.isoformat(), voucher.seller_name, owed if owed > 0 else voucher.payable
    )


# --- alike -------------------------------------------------------------------------------------------------


def _groups(questions: Sequence[Question]) -> list[Group]:
    """Questions of one kind that the same answers fit, two at least."""
    alike: dict[tuple[object, ...], list[Question]] = defaultdict(list)
    for one in questions:
        choices = tuple(choice for choice in one.choices if _is_click(choice))
        if choices and one.kind != "document":
            alike[(one.kind, bool(one.target), _about(one), choices)].append(one)
    return [Group(found, list(key[3])) for key, found in alike.items() if len(found) > 1]  # type: ignore[call-overload]


def _is_click(choice: Choice) -> bool:
    need = NEEDS.get(choice.answer, "")
    return not need or bool(choice.item) or need in _OPTIONAL


def _about(one: Question) -> tuple[object, ...]:
    if one.kind == "voucher":
        return (fold(str(one.record.get("seller"))), fold(str(one.record.get("item"))))
    return ((one.amount or 0) < 0,)
