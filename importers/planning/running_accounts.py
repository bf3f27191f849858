"""What an import knows of the dedicated accounts while it books their lines: instalments, principal, questions."""

from __future__ import annotations

import bisect
import datetime
import functools
import itertools
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning import line_kind
from importers.planning.line_kind import Recognised
from importers.planning.reversals import is_given_back
from importers.records import BankLine
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.instalments import Part
from ledger.case.instalments import approved_on
from ledger.case.instalments import expected_instalments
from ledger.model.award import Award
from ledger.model.identifiers import voucher_link
from ledger.schemes.model import Scheme
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import months_between
from ledger.util.i18n import _

_TRANSFER_TIME = datetime.timedelta(days=3)
_MOVED_WITHIN = datetime.timedelta(days=92)


class _Move(NamedTuple):
    """Principal that came in or went out, NT$; `is_question` where nobody knows yet whose money it was."""

    day: datetime.date
    amount: int
    is_instalment: bool = False
    is_question: bool = False


def _day(move: _Move) -> datetime.date:
    return move.day


class RunningAccounts:
    """The dedicated accounts of a case as they stand after each line, in the order of the bank.

    Whose account pays what, and what its cost earned, `DedicatedAccount` says.
    """

    def __init__(
        self,
        books: Case,
        *,
        pays_suppliers: bool,
        undone: Collection[str] = (),
        came_to_company: Mapping[int, Sequence[datetime.date]] | None = None,
        moved_on: Sequence[Part] = (),
    ) -> None:
        """`pays_suppliers`: the company pays out of the dedicated account, so its own money belongs there.

        `undone` are the ids of lines that others take back, `came_to_company` the days on which a sum came to an
        account of the company's own; `moved_on` is the grant money that somebody says came there and is the dedicated
        account's.
        """
        self._books = books
        self._came_to_company = came_to_company or {}
        came = [(move.date, move.grant) for move in books.movements if move.kind == "instalment"]
        self._moved_on = [
            part
            for part in moved_on
            if not any(day >= part.date and amount == part.amount for day, amount in came)
        ]
        self._deposits: dict[str, list[int]] = defaultdict(list)  # put in by somebody, and not given back
        self._pays_suppliers = pays_suppliers or any(payment.from_own for payment in books.payments)
        self._instalments: dict[str, list[Part]] = defaultdict(list)
        self._moves: dict[str, list[_Move]] = defaultdict(list)  # of the principal, by day
        self._principal: dict[str, int] = defaultdict(int)  # what they come to
        # money gone of which nobody knows yet what for
        self._questions: dict[str, list[_Move]] = defaultdict(list)
        # by the voucher's link: what the grant may still pay of it
        self._granted: dict[str, int] = defaultdict(int)
        # what credit notes and voids took of it, by their day
        self._taken: dict[str, list[tuple[datetime.date, int]]] = defaultdict(list)
        for voucher in books.vouchers:
            link = voucher_link(voucher.reverses or voucher.number)
            self._granted[link] += voucher.government
            if voucher.reverses:
                self._taken[link].append((voucher.booked, -voucher.government))
        for payment in books.payments:
            if payment.entry.meta.get("import-id") not in undone:
                self._granted[voucher_link(payment.number)] -= payment.from_grant
        for move in books.movements:
            if move.entry.meta.get("import-id") in undone:
                continue
            if move.kind == "deposit":
                self._deposits[move.party].append(move.own)
            elif move.kind == "instalment":
                self._instalments[move.party].append(Part(move.date, move.grant))
                self._note(move.party, _Move(move.date, move.grant, is_instalment=True))
            elif move.kind in {"withdrawal", "unexplained", "payment"}:
                is_question = move.kind == "unexplained" and move.entry.flag == "!"
                self._note(move.party, _Move(move.date, move.grant, is_question=is_question))

    def pay(
        self, party: str, voucher: Voucher, amount: int, day: datetime.date, *, comes_back: bool = False
    ) -> int:
        """The grant's part of a payment on `day`, which is spent unless it comes back.

        It is what is left of the voucher's share after earlier payments and the credit notes of its day, as far as
        the principal can bear it: on that day and, where later lines are booked already, ever since.
        """
        link = voucher_link(voucher.number)
        taken_later = sum(government for booked, government in self._taken[link] if booked > day)
        share = min(self._granted[link] + taken_later, voucher.government, amount)
        part = max(0, min(share, self._lowest(party, day)))
        if comes_back:
            return part
        self._note(party, _Move(day, -part))
        self._granted[link] -= part
        return part

    def expect(self, line: BankLine, party: str) -> None:
        """An instalment that is still to be booked: what is paid on its day is paid out of it too."""
        self._note(party, _Move(line.date, line.amount, is_instalment=True))

    def take_back(self, party: str, voucher: Voucher, amount: int, day: datetime.date) -> int:
        """The grant's part of what a supplier gave back on `day`: as far as it paid more than its share."""
        link = voucher_link(voucher.number)
        part = min(amount, max(0, -self._granted[link]))
        self._note(party, _Move(day, part))
        self._granted[link] += part
        return part

    def _note(self, party: str, move: _Move) -> None:
        if move.is_question:
            self._questions[party].append(move)
        else:
            bisect.insort(self._moves[party], move, key=_day)
            self._principal[party] += move.amount

    def _lowest(self, party: str, day: datetime.date) -> int:
        """The least principal there is from the end of a day on; what is only asked about takes nothing from it."""
        moves = self._moves[party]
        since = moves[bisect.bisect_right(moves, day, key=_day) :]
        came_since = itertools.accumulate((move.amount for move in reversed(since)), initial=0)
        return self._principal[party] - max(came_since)

    def decide(self, line: BankLine, party: str, told: Recognised) -> Recognised:
        """What a line is in the light of the books; what does not fit is unclear, and never left out."""
        if told.kind in {"deposit", "own-money"}:
            told = self._moved_from_company(line, told)
        if told.kind == "instalment":
            part = Part(line.date, line.amount)
            doubt = self._instalment_doubt(part, party)
            self._instalments[party].append(part)
            return told._replace(unclear=doubt)
        if told.kind == "deposit" and self._pays_suppliers and self._from_own_account(line):
            return Recognised("own-money")
        if told.kind == "deposit":
            self._deposits[party].append(line.amount)
        if told.bare or told.kind in {None, "unexplained"}:
            told = self._out_without_a_word(line, party)
        if told.kind in {"withdrawal", "unexplained", "return"}:
            is_question = told.kind == "unexplained"
            self._note(party, _Move(line.date, line.amount, is_question=is_question))
        return told

    def _moved_from_company(self, line: BankLine, told: Recognised) -> Recognised:
        """Grant money that first came to the company's own account is an instalment when it comes here."""
        for part in self._moved_on:
            if part.amount == line.amount and datetime.timedelta() <= line.date - part.date <= _MOVED_WITHIN:
                self._moved_on.remove(part)
                return Recognised("instalment", matched=moved_from_company(part.date))
        return told

    def _out_without_a_word(self, line: BankLine, party: str) -> Recognised:
        """What money out is that no word tells: a withdrawal by its sum or by where it went, a deposit given back."""
        if self.gives_back(line, party):
            self._deposits[party].remove(-line.amount)
            return Recognised(
                "own-money", matched=_("退回先前誤存的 {amount:,} 元").format(amount=-line.amount)
            )
        proof = self._earned_by(-line.amount, line.date, party)
        came = [day for day in self._came_to_company.get(-line.amount, ()) if _is_just_after(day, line.date)]
        if not proof and came:
            proof = _("公司帳戶 {date} 存入同額").format(date=min(came))
        return Recognised("withdrawal", matched=proof) if proof else line_kind.unexplained()

    def gives_back(self, line: BankLine, party: str) -> bool:
        """Whether a line gives back a deposit that nobody knows."""
        return is_given_back(line) and -line.amount in self._deposits[party]

    def ask(self, line: BankLine, party: str, told: Recognised) -> Recognised:
        """A line that is a question, whatever its words say."""
        if told.kind == "deposit":
            self._deposits[party].append(line.amount)
        else:
            self._note(party, _Move(line.date, line.amount, is_question=True))
        return told

    def may_be_instalment(self, line: BankLine, party: str) -> bool:
        """Whether grant money that came to another account is what the schedule still expects."""
        return not self._instalment_doubt(
            Part(line.date, line.amount), self._books.dedicated_accounts.of(party).holder
        )

    def _from_own_account(self, line: BankLine) -> bool:
        assert self._books.award is not None  # noqa: S101 -- plan_import() has looked
        return line_kind.is_own_account(line.counterparty, self._books.award)

    def _earned_by(self, amount: int, day: datetime.date, party: str) -> str:
        """Why an amount is exactly what one or more months that are over had earned and left undrawn, or empty."""
        if self._principal[party] < amount:
            return ""
        award = self._books.award
        assert award is not None  # noqa: S101 -- plan_import() has looked
        ends = [month_last_day(month) for month in months_between(award.start, day)]
        over = [last for last in ends if last <= day]
        moves = [m for m in (*self._moves[party], *self._questions[party]) if m.day <= day]
        spent = -sum(move.amount for move in moves if not move.is_instalment)
        account = self._books.dedicated_accounts.of(party)
        undrawn = {last: account.earned(last) - spent for last in over}
        months = [month_of(last) for last, earned in undrawn.items() if earned == amount]
        if months:
            return _("金額等於至 {month} 已支用而未提領的補助款").format(month=months[-1])
        if amount == sum(move.amount for move in moves) and any(
            amount <= earned for earned in undrawn.values()
        ):
            return _("金額等於專戶剩餘的補助款本金")
        return ""

    def _instalment_doubt(self, this: Part, party: str) -> str:
        award, scheme = self._books.award, self._books.scheme
        assert award is not None  # noqa: S101 -- plan_import() has looked
        assert scheme is not None  # noqa: S101
        paid_for = self._books.dedicated_accounts.of(party).parties
        approved = functools.partial(approved_on, award, paid_for)
        return instalment_doubt(this, self._instalments[party], award, scheme, approved)


def moved_from_company(day: datetime.date) -> str:
    """What proves that a deposit is grant money: it came to the company on a day."""
    return _("{date} 存入公司帳戶的補助款轉入專戶").format(date=day)


def _is_just_after(day: datetime.date, line_day: datetime.date) -> bool:
    """Whether a transfer of a day may have come on another: a bank needs a few days at most."""
    return datetime.timedelta() <= day - line_day <= _TRANSFER_TIME


def instalment_doubt(
    this: Part, others: Sequence[Part], award: Award, scheme: Scheme, approved: Callable[[datetime.date], int]
) -> str:
    """Why an instalment does not fit the schedule beside the `others`; empty where it does, or may be a part.

    `approved` is the grant in force on a day. The last instalment is what is recognised less what was received,
    which the books may not know yet: it fits while it stays within what was approved.
    """
    way = scheme.paying_out.get(award.guarantee)
    if way is None:
        return ""
    came = sorted([*others, this], key=lambda part: part.date)
    then = [approved(part.date) for part in came]
    found = expected_instalments(way, then[-1], (award.start, award.end), came, then)
    due = next(due for due in found if any(part is this for part in due.came))
    if due.is_as_expected:
        return ""
    if due.when is None:
        return _("撥款期數已滿({count} 期)").format(count=len(way.instalments))
    if due.planned is not None and due.at_most > due.planned:
        return _("與撥款期程不符:本期應為 {planned:,} 元").format(planned=due.planned)
    return _("超過核定補助款的餘額 {left:,} 元").format(left=due.at_most)
