"""All that waits for an answer in a case: what stands in the books with a doubt, and what waits beside them.

Each question has choices with their reasons, the likeliest first; an answer is given by `importers.questions.answers`.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning.bank_lines import payers_of
from importers.planning.categories import near_items
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.operations.answer import BANK_ANSWERS
from ledger.operations.answer import bank_amount
from ledger.operations.answer import bank_answers
from ledger.util.dates import month_last_day
from ledger.util.i18n import N_
from ledger.util.i18n import _
from ledger.util.text import fold

_LABELS = {
    "take": N_("是本案的,入帳"),
    "leave": N_("不是本案的,不入帳"),
    "replace": N_("以新的取代已入帳的"),
    "keep-both": N_("兩筆都是對的,都入帳"),
    "ignore": N_("不理會新的"),
    "same": N_("是同一張"),
    "different": N_("是不同的兩張"),
    "attach": N_("是某一張憑證的附件(--voucher)"),
    "payment": N_("支付憑證(--voucher)"),
    "own-money": N_("與本案無關"),
    "instalment": N_("本案補助款,轉入專戶"),
    "opening-balance": N_("填入期初餘額(--amount)"),
    "account": N_("是同一個帳戶"),
    "bank-side": N_("銀行的對帳單:借方是支出"),
    "company-side": N_("公司自己的帳:借方是存入"),
    "item": N_("指定核定品項(--item)"),
}


_WHY = {"instalment": N_("取得補助款後應立即存入專戶,轉入後以專戶的存款入帳")}
_OPTION = re.compile(r"\(--[a-z]+\)")
_SHOWN_AS = {"take-back": "set-aside"}  # kinds of what waits that are one kind of question


def answer_told(word: str) -> str:
    """What an answer is called in the history, in the language that it is written in."""
    return _OPTION.sub("", _LABELS.get(word, word))


class Choice(NamedTuple):
    """One answer: the word to give, what it means, why it is likely; `item` and `voucher` are what goes with it."""

    answer: str
    label: str
    why: str = ""
    item: str = ""
    voucher: str = ""

    def as_json(self) -> dict[str, str]:
        """As `grant questions --json` shows it."""
        said = {"answer": self.answer, "label": self.label, "why": self.why}
        return said | {key: value for key, value in (("item", self.item), ("voucher", self.voucher)) if value}


class Question(NamedTuple):
    """One thing that waits for an answer. `amount` NT$, money out negative; `target` the entry's import-id."""

    id: str
    kind: str
    file: str
    record: dict[str, Any]
    date: datetime.date | None
    amount: int | None
    text: str
    choices: tuple[Choice, ...]
    target: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `grant questions --json` shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "file": self.file,
            "record": self.record,
            "date": self.date.isoformat() if self.date else None,
            "amount": self.amount,
            "text": self.text,
            "choices": [choice.as_json() for choice in self.choices],
        }


def open_questions(case: Case, store: PendingStore) -> list[Question]:
    """Every open question of a case, by date; what somebody answered is no question any more."""
    found = [*_of_books(case), *(_waiting(case, each) for each in store if each.is_open)]
    return sorted(found, key=lambda one: (one.date or datetime.date.max, one.kind, one.id))


def question_of(case: Case, store: PendingStore, question: str) -> Question | None:
    """The open question of an id, or what was set aside under it, which may still be answered."""
    asked = next((one for one in open_questions(case, store) if one.id == question), None)
    waiting = store.get(question) if asked is None else None
    if waiting is None or waiting.answer or not waiting.choices:
        return asked
    return _waiting(case, waiting)


# --- what stands in the books ------------------------------------------------------------------------------


def _of_books(case: Case) -> Iterator[Question]:
    vouchers = {id(voucher.entry): voucher for voucher in case.vouchers}
    left: dict[str, int] = defaultdict(int)  # of what was voided since nothing is left, and nothing is asked
    for voucher_ in case.vouchers:
        left[voucher_.reverses or voucher_.number] += voucher_.booked_cost
    for entry in case.unclassified:
        import_id = str(entry.meta.get("import-id") or "")
        if not import_id:
            continue
        voucher = vouchers.get(id(entry))
        if voucher is not None and (voucher.reverses or not left[voucher.number]):
            continue
        if voucher is not None:
            yield _voucher(case, voucher, import_id)
        elif bank_amount(entry):
            yield _bank_line(case, entry, import_id)


def _voucher(case: Case, voucher: Voucher, import_id: str) -> Question:
    """A voucher without an approved item: the nearest names first, then all others."""
    item = max(voucher.lines, key=lambda line: abs(line.disallowed)).item if voucher.lines else ""
    award = case.award  # None where the books have lost it: then there is nothing to choose from
    near = [one.name for one in near_items(item, award, voucher.party)] if award else []
    items = award.items if award else ()
    others = [one.name for one in items if one.party == voucher.party and one.name not in near]
    choices = [Choice("item", name, _("品名相近"), item=name) for name in near]
    choices += [Choice("item", name, item=name) for name in dict.fromkeys(others)]
    return Question(
        pending_id("voucher", import_id),
        "voucher",
        str(voucher.meta("source") or ""),
        {
            "number": voucher.number,
            "date": voucher.date.isoformat(),
            "seller": voucher.seller_name,
            "item": item,
        },
        voucher.date,
        voucher.booked_cost,
        str(voucher.meta("unclear") or _("這張憑證是哪一個核定品項?")),
        tuple(choices),
        import_id,
    )


def _bank_line(case: Case, entry: data.Transaction, import_id: str) -> Question:
    """A line of the dedicated account: what its amount and words speak for first."""
    amount = bank_amount(entry)
    likely = [*_likely(case, entry, amount)]
    told = {choice.answer for choice in likely}
    rest = [Choice(word, _(BANK_ANSWERS[word])) for word in bank_answers(amount) if word not in told]
    return Question(
        pending_id("bank-line", import_id),
        "bank-line",
        str(entry.meta.get("source") or ""),
        {
            "date": entry.date.isoformat(),
            "amount": amount,
            "memo": entry.narration or "",
            "payee": entry.payee or "",
        },
        entry.date,
        amount,
        str(entry.meta.get("unclear") or _("這筆款項的用途?")),
        (*likely, *rest),
        import_id,
    )


def _likely(case: Case, entry: data.Transaction, amount: int) -> Iterator[Choice]:
    """The answers that something in the books speaks for."""
    if amount < 0:
        account = case.dedicated_accounts.of(
            str(entry.meta.get("party") or (case.award.ubn if case.award else ""))
        )
        for month in sorted(case.closed_months, reverse=True):
            if account.undrawn(month_last_day(month)) == -amount:
                why = _("等於截至 {month} 的可提領數").format(month=month)
                yield Choice("withdrawal", _(BANK_ANSWERS["withdrawal"]), why)
                break
        owed = [*_owed(case, entry, -amount)]
        yield from owed or _proposed(case, entry)
    elif any(
        move.kind == "own-money" and move.own == -amount and move.date >= entry.date
        for move in case.movements
    ):
        yield Choice("return", _(BANK_ANSWERS["return"]), _("同額的款項後來轉出了"))
    elif _comes_from(entry, payers_of(case)):
        yield Choice("instalment", _(BANK_ANSWERS["instalment"]), _("備註或付款人提到補助款"))


def _proposed(case: Case, entry: data.Transaction) -> Iterator[Choice]:
    """The vouchers that the import itself proposes in its question."""
    said = str(entry.meta.get("unclear") or "")
    numbers = [v.number for v in case.vouchers if v.number and not v.reverses and v.number in said]
    if numbers:
        label = _("支付憑證 {number}").format(number=_("、").join(dict.fromkeys(numbers)))
        why = _("匯入時比對出來的")
        yield Choice("payment", label, why, voucher=numbers[0] if len(numbers) == 1 else "")


def _owed(case: Case, entry: data.Transaction, amount: int) -> Iterator[Choice]:
    """The vouchers that are owed just so much, the one whose seller is named first."""
    words = fold(f"{entry.payee or ''}{entry.narration or ''}")
    fitting = [v for v in case.vouchers if not v.reverses and case.unpaid.get(v.link, 0) == amount]
    fitting.sort(key=lambda v: (fold(v.seller_name) not in words, abs((v.booked - entry.date).days)))
    for voucher in fitting[:3]:
        why = _("應付金額相同:{seller}").format(seller=voucher.seller_name)
        label = _("支付憑證 {number}").format(number=voucher.number)
        yield Choice("payment", label, why, voucher=voucher.number)


def _comes_from(entry: data.Transaction, words: Sequence[str]) -> bool:
    said = f"{entry.payee or ''}{entry.narration or ''}"
    return any(word in said for word in words)


# --- what waits beside the books -----------------------------------------------------------------------------


def _waiting(case: Case, waiting: Pending) -> Question:
    labels = {
        str(label.get("answer")): label
        for label in waiting.data.get("labels") or ()
        if isinstance(label, dict)
    }
    choices = [
        Choice(
            word,
            str(labels.get(word, {}).get("label") or (_(_LABELS[word]) if word in _LABELS else word)),
            str(labels.get(word, {}).get("why") or (_(_WHY[word]) if word in _WHY else "")),
        )
        for word in waiting.choices
    ]
    if waiting.kind == "bank-line" and waiting.amount is not None:
        fitting = [
            voucher
            for voucher in case.vouchers
            if not voucher.reverses and case.unpaid.get(voucher.link, 0) == -waiting.amount
        ]
        choices = [
            *(
                Choice(
                    "payment",
                    _("支付憑證 {number}").format(number=voucher.number),
                    _("應付金額相同:{seller}").format(seller=voucher.seller_name),
                    voucher=voucher.number,
                )
                for voucher in fitting[:3]
            ),
            *choices,
        ]
    return Question(
        waiting.id,
        _SHOWN_AS.get(waiting.kind, waiting.kind),
        waiting.file,
        dict(waiting.record),
        waiting.date,
        waiting.amount,
        waiting.reason,
        tuple(choices),
    )
