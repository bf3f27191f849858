"""From a case's transactions to records; nothing here sums or judges."""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data

from ledger.model import accounts
from ledger.model.accounts import expense_parts
from ledger.model.award import Award
from ledger.model.directives import DirectiveError
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.model.records import Movement
from ledger.model.records import MovementKind
from ledger.model.records import Payment
from ledger.model.records import Voucher
from ledger.model.records import VoucherLine
from ledger.model.records import WithheldMove

if TYPE_CHECKING:
    from ledger.case.case import Case

TAKES_BACK = "takes-back"  # metadata of a bank line: the import-id of the line that it takes back

Flow = dict[str, int]  # the sums of one transaction by account; cost and the company's own money left out
CostKey = tuple[datetime.date, str, str]
_Lines = dict[tuple[str, str], list[Any]]  # (category, item): [quantity, government, self, disallowed]

_FLOW_ACCOUNTS = frozenset(
    {
        accounts.GRANT_MONEY,
        accounts.OWN_MONEY,
        accounts.DUE_INTEREST,
        accounts.DUE_SURPLUS,
        accounts.WITHHELD_TAX,
        accounts.UNEARNED,
        *accounts.WITHHELD,
        accounts.PAYABLE,
        accounts.INPUT_TAX,
    }
)
_WITHHELD = frozenset(accounts.WITHHELD)
_REVERSALS = frozenset({"allowance", "void", "cancel", "reject"})
_MOVING = frozenset({accounts.GRANT_MONEY, accounts.OWN_MONEY, accounts.DUE_INTEREST, accounts.DUE_SURPLUS})
_FUND_PLACES: dict[accounts.Fund, int] = {"government": 1, "self": 2, "disallowed": 3}


_NOTHING: Mapping[int, Voucher | Payment] = {}


def records_of_entries(case: Case) -> dict[int, Voucher | Payment]:
    """The records that are all that was read of their entries and follow from them and the award alone, by the entry's id().

    What moved a dedicated account is more than one record, and a payment of several vouchers is read by these.
    """
    found: dict[int, Voucher | Payment] = {id(voucher.entry): voucher for voucher in case.vouchers}
    found |= {id(payment.entry): payment for payment in case.payments if _is_paid_by_company(payment.entry)}
    for movement in case.movements:
        found.pop(id(movement.entry), None)
    return found


class Reader:
    """Reads transactions one by one, in booking order, into `vouchers`, `payments` and `movements`."""

    def __init__(self, award: Award | None, known: Mapping[int, Voucher | Payment] = _NOTHING) -> None:
        """`known` are records that say all of their entries for this award, by the entry's id() (`records_of_entries`)."""
        self._award = award
        self._known = known
        self._lead = award.ubn if award else ""
        self.vouchers: list[Voucher] = []
        self.payments: list[Payment] = []
        self.returned_payments: list[Payment] = []  # that came back, and what brought them back
        self.movements: list[Movement] = []
        self.withheld: list[WithheldMove] = []
        self.cost: dict[CostKey, list[int]] = {}  # (day, party, category): [claimed, disallowed in the books]
        self._taking_back: list[data.Transaction] = []
        self._links: dict[str, Voucher] = {}
        self._linked = 0  # how many of the vouchers are in it

    def read(self, entry: data.Transaction) -> None:
        """Read one transaction. Raises DirectiveError for an amount or a date that is none."""
        if TAKES_BACK in entry.meta:
            self._taking_back.append(entry)
        if (known := self._known.get(id(entry))) is not None:
            if isinstance(known, Payment):
                self.payments.append(known)
            else:
                self.vouchers.append(known)
                self._add_cost(entry.date, known.party, known.lines)
            return
        if _is_paid_by_company(entry):
            self._paid_by_company(entry, entry.postings[0])
            return
        flow: Flow = {}
        lines: _Lines = {}
        for account, units, _cost, _price, _flag, meta in entry.postings:
            if account in _FLOW_ACCOUNTS:
                flow[account] = flow.get(account, 0) + whole(units)
            elif (parts := expense_parts(account)) is not None:
                fund, category = parts
                line = _line(lines, category, meta or {}, entry)
                line[_FUND_PLACES[fund]] += whole(units)
        paid: list[Payment] = []
        if lines or "voucher" in entry.meta:
            self.vouchers.append(self._voucher(entry, lines, flow))
        elif flow.get(accounts.PAYABLE):
            paid = self._payments(entry, flow)
            self.payments += paid
        if not _WITHHELD.isdisjoint(flow):
            self.withheld += _withheld_moves(entry)
        if not _MOVING.isdisjoint(flow) and (
            accounts.GRANT_MONEY in flow or accounts.OWN_MONEY in flow or _to_treasury(flow)
        ):
            self.movements.append(self._movement(entry, flow, paid, is_cost=bool(lines)))

    def settle_taken_back(self) -> None:
        """Once all is read: a bank line and the one that takes it back are neither payments nor flows."""
        ids = {str(entry.meta[TAKES_BACK]) for entry in self._taking_back}
        if not ids:
            return
        ids |= {f"fee:{import_id}" for import_id in ids}
        undone = set(map(id, self._taking_back))

        def is_undone(entry: data.Transaction) -> bool:
            return id(entry) in undone or entry.meta.get("import-id") in ids

        self.returned_payments = [payment for payment in self.payments if is_undone(payment.entry)]
        self.payments = [payment for payment in self.payments if not is_undone(payment.entry)]
        self.movements = [_undone(move) if is_undone(move.entry) else move for move in self.movements]
        self.withheld = [move for move in self.withheld if not is_undone(move.entry)]

    def _voucher(self, entry: data.Transaction, lines: _Lines, flow: Flow) -> Voucher:
        tell = entry.meta.get
        kind = str(tell("voucher") or "")
        buyer = str(tell("buyer") or "")
        number = str(tell("number") or "")
        reverses = str(tell("reverses") or "")
        party = self._party(tell("party") or buyer)
        cost = disallowed = 0
        read = []
        for (category, item), (quantity, government, own, unclaimed) in lines.items():
            cost += government + own
            disallowed += unclaimed
            read.append(VoucherLine(category, item, quantity, government, own, unclaimed))
        self._add_cost(entry.date, party, read)
        return Voucher(  # by place: by name it takes three times as long
            kind,
            number,
            _date(tell("voucher-date"), entry.date),
            entry.date,
            str(tell("seller") or ""),
            entry.payee or "",
            buyer,
            party,
            _optional_whole(tell("net")),
            _optional_whole(tell("tax")),
            tuple(read),
            cost,
            disallowed,
            flow.get(accounts.INPUT_TAX, 0),
            -flow.get(accounts.PAYABLE, 0),
            reverses,
            bool(reverses) or kind in _REVERSALS,
            bool(tell("voided")),
            voucher_link(number),
            str(tell("document") or ""),
            entry,
        )

    def _add_cost(self, day: datetime.date, party: str, lines: Iterable[VoucherLine]) -> None:
        """Take the cost of a voucher's lines into the sums."""
        for line in lines:
            key = (day, party, line.category)
            sums = self.cost.get(key)
            if sums is None:
                sums = self.cost[key] = [0, 0]
            sums[0] += line.government + line.self_funded
            sums[1] += line.disallowed

    def _party(self, named: object) -> str:
        """The party of this company number; the lead where it is nobody's of the award."""
        return self._award.party_of_buyer(str(named)) if self._award and named else self._lead

    def _paid_by_company(self, entry: data.Transaction, owed: data.Posting) -> None:
        amount = whole(owed.units)
        if amount:
            number = _paid_number(entry, owed)
            self.payments.append(Payment(number, voucher_link(number), _paid_on(entry), amount, 0, 0, entry))

    def _payments(self, entry: data.Transaction, flow: Flow) -> list[Payment]:
        """One payment a voucher: the posting's own `number` where several are paid at once, else the link."""
        grant, own = -flow.get(accounts.GRANT_MONEY, 0), -flow.get(accounts.OWN_MONEY, 0)
        payable = [posting for posting in entry.postings if posting.account == accounts.PAYABLE]
        first = _paid_number(entry, payable[0])
        if len(payable) == 1 or {_paid_number(entry, posting) for posting in payable} == {first}:
            amount = flow[accounts.PAYABLE]
            withheld = -sum(flow.get(account, 0) for account in accounts.WITHHELD)
            day = _paid_on(entry)
            return [Payment(first, voucher_link(first), day, amount, grant, own, entry, withheld)]
        amounts: dict[str, int] = defaultdict(int)
        told: dict[str, int] = defaultdict(int)  # the grant's part, where the postings tell it
        for posting in payable:
            name = _paid_number(entry, posting)
            amounts[name] += whole(posting.units)
            if posting.meta and "government" in posting.meta:
                told[name] += whole(posting.meta["government"])
        parts = told or self._grant_parts(amounts, grant)
        payments = []
        for name, amount in amounts.items():
            rest = min(amount - parts[name], own)
            own -= rest
            payments.append(
                Payment(name, voucher_link(name), _paid_on(entry), amount, parts[name], rest, entry)
            )
        return payments

    def _voucher_numbered(self, number: str) -> Voucher | None:
        """The first voucher so far that a payment's number or link means."""
        for voucher in self.vouchers[self._linked :]:
            self._links.setdefault(voucher.link, voucher)
        self._linked = len(self.vouchers)
        return self._links.get(voucher_link(number))

    def _grant_parts(self, amounts: dict[str, int], grant: int) -> dict[str, int]:
        """Grant money that paid several vouchers at once: each its government part, what is over in order."""
        parts = {}
        for name, amount in amounts.items():
            voucher = self._voucher_numbered(name)
            parts[name] = max(0, min(voucher.government if voucher else 0, amount, grant))
            grant -= parts[name]
        for name, amount in amounts.items():
            more = max(0, min(amount - parts[name], grant))
            parts[name] += more
            grant -= more
        return parts

    def _movement(
        self, entry: data.Transaction, flow: Flow, paid: list[Payment], *, is_cost: bool
    ) -> Movement:
        kind = "payment" if is_cost else _movement_kind(entry, flow)
        grant, interest = flow.get(accounts.GRANT_MONEY, 0), flow.get(accounts.DUE_INTEREST, 0)
        own, tax = flow.get(accounts.OWN_MONEY, 0), flow.get(accounts.WITHHELD_TAX, 0)
        company = sum(whole(p.units) for p in entry.postings if p.account == accounts.COMPANY)
        paid_out = grant + own + company < 0
        return Movement(
            kind=kind,
            date=entry.date,
            grant=grant,
            own=own,
            # what is owed to the treasury for it, or bank and tax together where that is more
            interest=max(-interest, grant + tax) if kind == "interest" else 0,
            tax=tax,
            remitted_interest=max(0, interest) if paid_out else 0,
            remitted_surplus=max(0, flow.get(accounts.DUE_SURPLUS, 0)) if paid_out else 0,
            months=tuple(str(entry.meta.get("months") or "").split()),
            party=self._whose(entry, paid),
            entry=entry,
        )

    def _whose(self, entry: data.Transaction, paid: list[Payment]) -> str:
        """Whose money moved: the party it names, else that of the voucher it pays, else the lead."""
        named = entry.meta.get("party")
        if named or self._award is None or not self._award.partners:
            return self._party(named)
        for payment in paid:
            voucher = self._voucher_numbered(payment.number)
            if voucher is not None:
                return voucher.party
        return self._party(entry.meta.get("buyer"))


def _is_paid_by_company(entry: data.Transaction) -> bool:
    """Whether the company's bank pays a voucher and nothing else happens: most entries that book no cost are so."""
    if len(entry.postings) != 2 or "voucher" in entry.meta:
        return False
    owed, paid_by = entry.postings
    return paid_by.account == accounts.COMPANY and owed.account == accounts.PAYABLE


def _undone(move: Movement) -> Movement:
    """A movement that only moved money at the bank, and counts for nothing else."""
    return replace(
        move, kind="taken-back", interest=0, tax=0, remitted_interest=0, remitted_surplus=0, months=()
    )


def _to_treasury(flow: Flow) -> bool:
    return flow.get(accounts.DUE_INTEREST, 0) > 0 or flow.get(accounts.DUE_SURPLUS, 0) > 0


def _paid_on(entry: data.Transaction) -> datetime.date:
    """The day of a payment: where it is booked later, because its month was closed, the entry tells the true one."""
    told = entry.meta.get("paid")
    if isinstance(told, str):
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(told)
    return told if isinstance(told, datetime.date) else entry.date


def _paid_number(entry: data.Transaction, posting: data.Posting) -> str:
    """The number of the voucher that a posting pays."""
    number = (posting.meta or {}).get("number") or entry.meta.get("number")
    return str(number or (min(entry.links) if entry.links else ""))


def _withheld_moves(entry: data.Transaction) -> list[WithheldMove]:
    """What an entry withholds or pays on, one move a voucher."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for posting in entry.postings:
        if posting.account in _WITHHELD:
            place = accounts.WITHHELD.index(posting.account)
            sums[_paid_number(entry, posting)][place] -= whole(posting.units)
    day = _paid_on(entry)
    return [
        WithheldMove(name, voucher_link(name), day, tax, premium, entry)
        for name, (tax, premium) in sums.items()
    ]


def _date(value: object, default: datetime.date) -> datetime.date:
    """A date of the metadata; text in its place is a mistake of the books, not a date to guess."""
    if value is not None and not isinstance(value, datetime.date):
        raise DirectiveError(str(value))
    return value or default


def _optional_whole(value: object) -> int | None:
    return None if value is None else whole(value)


def _line(lines: _Lines, category: str, meta: data.Meta, entry: data.Transaction) -> list[Any]:
    """The line of a cost posting's category and item, begun where it is the first of them."""
    item = str(meta.get("item") or entry.meta.get("item") or entry.narration or "")
    line = lines.get((category, item))
    if line is None:
        quantity = meta.get("quantity", entry.meta.get("quantity"))
        line = lines[category, item] = [quantity if isinstance(quantity, Decimal) else None, 0, 0, 0]
    return line


def _movement_kind(entry: data.Transaction, flow: Flow) -> MovementKind:
    """What a movement is, by the accounts on its other side; the flag and `kind` tell what they cannot."""
    named = entry.meta.get("kind")
    grant, own = flow.get(accounts.GRANT_MONEY, 0), flow.get(accounts.OWN_MONEY, 0)
    if flow.get(accounts.PAYABLE) or not _WITHHELD.isdisjoint(flow):
        return "payment"
    if flow.get(accounts.UNEARNED, 0) < 0:
        return "instalment"
    if _to_treasury(flow):
        return "remittance"
    if flow.get(accounts.DUE_INTEREST, 0) < 0:
        return "interest"
    if flow.get(accounts.WITHHELD_TAX):
        return "withholding"
    if named in {"fee", "premium"}:
        return "fee" if named == "fee" else "premium"
    if named == "return":
        return "withdrawal"
    if grant + own > 0:
        return "deposit" if named == "deposit" or grant > 0 else "own-money"
    if grant < 0:
        return "unexplained" if named in {"unexplained", "returned"} else "withdrawal"
    return "own-money"
