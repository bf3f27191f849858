"""From a voucher, a payment or a bank line to Beancount entries: the only place that builds transactions."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import Literal

from beancount.core import data
from beancount.parser import printer
from beancount.utils.misc_utils import escape_string

from ledger.arithmetic.withholding import Withheld
from ledger.model import accounts
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.util.text import one_line

PaidFrom = Literal["company", "dedicated"]
BankKind = Literal[
    "instalment",
    "interest",
    "withholding",
    "withdrawal",
    "return",
    "remit-interest",
    "remit-surplus",
    "own-money",
    "fee",
    "deposit",
    "unexplained",
    "premium",
    "returned",
]


_NOTHING_WITHHELD = Withheld()


@dataclasses.dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a voucher to book: net cost in NT$ of one item in one category, claimed or kept in view only."""

    category: str
    item: str
    quantity: Decimal | None
    cost: int
    claimed: bool = True
    meta: tuple[tuple[str, Any], ...] = ()  # what the paper says of the line, by `model.voucher_details`


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherToBook:
    """A voucher as it is to be booked. `net`, `tax` in NT$; negative for credit notes and reversals."""

    kind: str
    number: str
    date: datetime.date
    seller: str
    seller_name: str
    buyer: str
    net: int
    tax: int
    lines: tuple[CostLine, ...]
    import_id: str
    source: str = ""
    document: str = ""
    reverses: str = ""
    narration: str = ""  # the items' names where it is empty
    claimed: bool = True  # False: no category is known, so the cost is not claimed
    unclear: str = ""  # why the entry is flagged `!`; empty where it is not
    meta: tuple[tuple[str, Any], ...] = ()
    is_payable: bool = True  # False: the company gave it out of its own stock, and owes nobody


def voucher_entry(
    paper: VoucherToBook, booked: datetime.date, government: Sequence[int], *, grantable: Sequence[bool]
) -> data.Transaction:
    """The transaction of a voucher: cost by fund and category, input tax, what becomes payable.

    `government` is each line's government part. A category that may carry grant money always shows both
    postings, so that a later change of the split changes numbers and never lines.
    """
    several = len(paper.lines) > 1
    meta: dict[str, Any] = {
        "voucher": paper.kind,
        "number": one_line(paper.number),
        "voucher-date": paper.date,
        "seller": one_line(paper.seller),
        "buyer": one_line(paper.buyer),
        "net": twd(paper.net),
        "tax": twd(paper.tax),
        "reverses": one_line(paper.reverses),
    }
    if paper.lines and not several:
        meta["item"] = one_line(paper.lines[0].item)
        meta["quantity"] = paper.lines[0].quantity
        meta |= dict(paper.lines[0].meta)
    meta |= dict(paper.meta)
    meta |= {
        "document": one_line(paper.document),
        "source": one_line(paper.source),
        "import-id": one_line(paper.import_id),
        "unclear": one_line(paper.unclear),
    }
    postings = []
    for line, share, may_carry in zip(paper.lines, government, grantable, strict=True):
        line_meta = (
            {"item": one_line(line.item), "quantity": line.quantity} | dict(line.meta) if several else None
        )
        if not (paper.claimed and line.claimed):
            account = accounts.expense_account("disallowed", line.category)
            postings.append(_posting(account, line.cost, line_meta))
            continue
        if may_carry or share:
            postings.append(_posting(accounts.expense_account("government", line.category), share, line_meta))
        postings.append(
            _posting(accounts.expense_account("self", line.category), line.cost - share, line_meta)
        )
    if paper.tax:
        postings.append(_posting(accounts.INPUT_TAX, paper.tax))
    owed = accounts.PAYABLE if paper.is_payable else accounts.COMPANY
    postings.append(_posting(owed, -(paper.net + paper.tax)))
    named = "、".join(dict.fromkeys(one_line(line.item) for line in paper.lines))
    narration = paper.narration or named or paper.kind
    return _transaction(
        booked,
        paper.seller_name,
        narration,
        postings,
        meta,
        [paper.number],
        flag="!" if paper.unclear else "*",
    )


def payment_entry(
    day: datetime.date,
    payee: str,
    narration: str,
    paid: Sequence[tuple[str, int, int]],
    paid_from: PaidFrom,
    meta: dict[str, Any],
    withheld: Withheld = _NOTHING_WITHHELD,
) -> data.Transaction:
    """A payment of vouchers: (number, amount, government part) each, in NT$.

    From the company's own bank, or out of the dedicated account: the government part from sub-account 1, the
    rest with the tax from sub-account 2. What was `withheld` of the amount, the company owes on.
    """
    several = len(paid) > 1
    postings = [
        _posting(accounts.PAYABLE, amount, _paid_meta(number, government, paid_from) if several else None)
        for number, amount, government in paid
    ]
    postings += _withheld(withheld, -1)
    total = sum(amount for _number, amount, _government in paid) - withheld.total
    if paid_from == "company":
        postings.append(_posting(accounts.COMPANY, -total))
    else:
        government = sum(part for _number, _amount, part in paid)
        postings.append(_posting(accounts.GRANT_MONEY, -government))
        postings.append(_posting(accounts.OWN_MONEY, government - total))
    return _transaction(day, payee, narration, postings, meta, [number for number, _a, _g in paid])


def remittance_entry(
    day: datetime.date,
    payee: str,
    narration: str,
    remitted: Mapping[str, Withheld],
    paid_from: PaidFrom,
    meta: dict[str, Any],
) -> data.Transaction:
    """What was withheld of vouchers, by their numbers, paid on to the tax bureau and the health insurance.

    Out of the dedicated account it is the company's own money: the grant's part went with the fee.
    """
    postings = [
        posting._replace(meta={"number": voucher_link(number)} if len(remitted) > 1 else None)
        for number, withheld in remitted.items()
        for posting in _withheld(withheld, 1)
    ]
    total = sum(withheld.total for withheld in remitted.values())
    bank = accounts.COMPANY if paid_from == "company" else accounts.OWN_MONEY
    return _transaction(day, payee, narration, [*postings, _posting(bank, -total)], meta, list(remitted))


def _withheld(withheld: Withheld, sign: int) -> list[data.Posting]:
    """The postings of what is withheld, `sign` -1, or paid on, 1."""
    sums = zip(accounts.WITHHELD, withheld, strict=True)
    return [_posting(account, sign * amount) for account, amount in sums if amount]


def _paid_meta(number: str, government: int, paid_from: PaidFrom) -> dict[str, Any]:
    """Which of several vouchers a posting pays, and what of it is the grant's."""
    told = {"government": twd(government)} if paid_from == "dedicated" else {}
    return {"number": voucher_link(number)} | told


_BANK_SIDES: dict[BankKind, tuple[str, str]] = {
    # kind: (account at the bank, account on the other side)
    "instalment": (accounts.GRANT_MONEY, accounts.UNEARNED),
    "interest": (accounts.GRANT_MONEY, accounts.DUE_INTEREST),
    "withholding": (accounts.GRANT_MONEY, accounts.WITHHELD_TAX),
    "withdrawal": (accounts.GRANT_MONEY, accounts.COMPANY),
    "return": (accounts.GRANT_MONEY, accounts.COMPANY),
    "remit-interest": (accounts.GRANT_MONEY, accounts.DUE_INTEREST),
    "remit-surplus": (accounts.GRANT_MONEY, accounts.DUE_SURPLUS),
    "own-money": (accounts.OWN_MONEY, accounts.COMPANY),
    "fee": (accounts.GRANT_MONEY, accounts.COMPANY),
    "deposit": (accounts.OWN_MONEY, accounts.COMPANY),
    "unexplained": (accounts.GRANT_MONEY, accounts.COMPANY),
    "premium": (accounts.GRANT_MONEY, accounts.COMPANY),
    "returned": (accounts.GRANT_MONEY, accounts.COMPANY),  # what a later line took back, whatever it was
}
# what the accounts alone do not tell
_NAMED_KINDS = {"return", "fee", "deposit", "unexplained", "premium", "returned"}


def bank_entry(
    kind: BankKind, day: datetime.date, amount: int, payee: str, narration: str, meta: dict[str, Any]
) -> data.Transaction:
    """A line of the dedicated account that is no payment of a voucher; `amount` signed, out is negative.

    What fits nothing (`deposit`, `unexplained`) is flagged `!`: an account for money is never guessed in
    silence.
    """
    at_bank, other = _BANK_SIDES[kind]
    flag = "!" if kind in {"deposit", "unexplained"} or meta.get("unclear") else "*"
    named = {"kind": kind} if kind in _NAMED_KINDS else {}
    return _transaction(
        day,
        payee,
        narration,
        [_posting(at_bank, amount), _posting(other, -amount)],
        named | meta,
        [],
        flag=flag,
    )


def interest_entry(
    day: datetime.date,
    amount: int,
    withheld: tuple[int, int],
    payee: str,
    narration: str,
    meta: dict[str, Any],
) -> data.Transaction:
    """Interest that the bank credited net: `amount` in NT$, and the (income tax, health premium) `withheld` from it.

    What is owed to the treasury is gross; the tax and the premium are the company's.
    """
    tax, premium = withheld
    postings = [_posting(accounts.GRANT_MONEY, amount)]
    postings += [_posting(accounts.WITHHELD_TAX, tax)] if tax else []
    postings += [_posting(accounts.COMPANY, premium)] if premium else []
    postings.append(_posting(accounts.DUE_INTEREST, -(amount + tax + premium)))
    return _transaction(day, payee, narration, postings, meta, [])


def take_back_entry(
    taken_back: Sequence[data.Transaction],
    day: datetime.date,
    payee: str,
    narration: str,
    meta: dict[str, Any],
) -> data.Transaction:
    """A bank line that takes back another: it undoes every posting that the other line was booked with."""
    postings = [
        _posting(posting.account, -whole(posting.units), _told_again(posting.meta))
        for entry in taken_back
        for posting in entry.postings
    ]
    links = frozenset(link for entry in taken_back for link in entry.links)
    entry = _transaction(day, payee, narration, postings, meta, [])
    return entry._replace(links=links)


def _told_again(meta: dict[str, Any] | None) -> dict[str, Any] | None:
    """Which voucher a posting pays, where it is one of several."""
    number = (meta or {}).get("number")
    return {"number": number} if number else None


def treasury_entry(
    surplus: bool, day: datetime.date, amount: int, payee: str, narration: str, meta: dict[str, Any]
) -> data.Transaction:
    """A remittance to the treasury out of the company's own account; `amount` positive."""
    due = accounts.DUE_SURPLUS if surplus else accounts.DUE_INTEREST
    return _transaction(
        day, payee, narration, [_posting(due, amount), _posting(accounts.COMPANY, -amount)], meta, []
    )


def _posting(account: str, amount: int, meta: dict[str, Any] | None = None) -> data.Posting:
    return data.Posting(account, twd(amount), None, None, None, _kept(meta or {}) or None)


def _kept(meta: dict[str, Any]) -> dict[str, Any]:
    """Metadata that a ledger can hold: what says nothing left out, texts on one line."""
    lines = {key: one_line(value) if isinstance(value, str) else value for key, value in meta.items()}
    return {key: value for key, value in lines.items() if value is not None and value != ""}


def _transaction(
    day: datetime.date,
    payee: str,
    narration: str,
    postings: list[data.Posting],
    meta: dict[str, Any],
    numbers: Sequence[str],
    flag: str = "*",
) -> data.Transaction:
    links = frozenset(voucher_link(one_line(number)) for number in numbers if number)
    return data.Transaction(
        _kept(meta), day, flag, one_line(payee) or None, one_line(narration), data.EMPTY_SET, links, postings
    )


def as_text(entries: Sequence[data.Directive]) -> str:
    """Entries as ledger text, each followed by an empty line."""
    return "".join(printer.format_entry(_printable(entry)) + "\n" for entry in entries)


def _printable(entry: data.Directive) -> data.Directive:
    """Beancount's printer escapes every text but those among a custom directive's values."""
    if not isinstance(entry, data.Custom):
        return entry
    escape: Callable[[str], str] = escape_string
    values = [
        value._replace(value=escape(value.value)) if value.dtype is str else value for value in entry.values
    ]
    return entry._replace(values=values)


# --- changing a split that was written ------------------------------------------------------------------

# the amount of a posting as written, a sum of several numbers included
_AMOUNT = re.compile(r"""^(\s+(?:[!*&#?%]\s+)?[^\s"';]+\s+)([-+*/().,\d\s]*\d[)\s]*?)(?=\s*TWD\b)""")


def split_changes(entry: data.Transaction, lines: Sequence[Any], government: Sequence[int]) -> dict[int, int]:
    """{line number in the file: new amount} that gives each line of a booked voucher its government part.

    `lines` are the voucher's `VoucherLine`s. Empty where nothing differs, or where the entry was written by
    hand in a form that has no such posting: then it is left to the checks.
    """
    found: dict[int, int] = {}
    for line, share in zip(lines, government, strict=True):
        if line.government == share:
            continue
        for fund, amount in (("government", share), ("self", line.cost - share)):
            posting = _posting_of(entry, line, fund)  # type: ignore[arg-type]
            if posting is None or posting.meta is None or "lineno" not in posting.meta:
                return {}
            found[posting.meta["lineno"]] = amount
    return found


def with_splits(
    entries: Sequence[data.Directive], amounts: Mapping[Path, Mapping[int, int]]
) -> list[data.Directive]:
    """Entries as they will be once the amounts of some postings are others: {file: {line number: amount}}."""
    if not amounts:
        return list(entries)
    return [_with_split(entry, amounts.get(Path(entry.meta.get("filename", "")), {})) for entry in entries]


def _with_split(entry: data.Directive, amounts: Mapping[int, int]) -> data.Directive:
    if not amounts or not isinstance(entry, data.Transaction):
        return entry
    lines = [int((posting.meta or {}).get("lineno", 0)) for posting in entry.postings]
    if not any(line in amounts for line in lines):
        return entry
    postings = [
        posting._replace(units=twd(amounts[line])) if line in amounts else posting
        for posting, line in zip(entry.postings, lines, strict=True)
    ]
    return entry._replace(postings=postings)


def _posting_of(entry: data.Transaction, line: Any, fund: accounts.Fund) -> data.Posting | None:
    matches = [
        posting
        for posting in entry.postings
        if accounts.expense_parts(posting.account) == (fund, line.category)
        and (posting.meta or {}).get("item", line.item) == line.item
    ]
    return matches[0] if len(matches) == 1 else None


def with_amounts(text: str, amounts: dict[int, int]) -> str:
    """Ledger text with the amounts of some postings replaced, by line number from 1; all else is kept.

    A posting without an amount stays so: it takes up what the others leave.
    """
    rows = text.split("\n")  # as Beancount counts lines; a text may hold other marks that end one elsewhere
    for lineno, amount in amounts.items():
        rows[lineno - 1] = _AMOUNT.sub(rf"\g<1>{amount}", rows[lineno - 1], count=1)
    return "\n".join(rows)
