"""`answer`: what a line of the dedicated account was for, said by somebody who knows.

The line stands in the books flagged `!`; its amount and day are the bank's and stay. Only what stands on the other side
changes: a withdrawal, own money, an instalment, a fee, the payment or the refund of a voucher, money to be given back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.withholding import Withheld
from ledger.arithmetic.withholding import withheld_of
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import reopen_directive
from ledger.entries.builder import BankKind
from ledger.entries.builder import bank_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import remittance_entry
from ledger.model import accounts
from ledger.model.directives import whole
from ledger.operations.edit import Context
from ledger.operations.edit import Instead
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import is_open
from ledger.operations.edit import plan_edit
from ledger.operations.edit import readable_case
from ledger.operations.edit import voucher_named
from ledger.operations.rebooking.redraft import written_meta
from ledger.util.dates import month_of
from ledger.util.i18n import N_
from ledger.util.i18n import _

BANK_ANSWERS = {
    "withdrawal": N_("提領已月結的支用數"),
    "own-money": N_("業者自己的錢"),
    "instalment": N_("補助款的一期或一部分"),
    "refund": N_("廠商退款"),
    "payment": N_("支付憑證"),
    "fee": N_("銀行手續費"),
    "return": N_("誤存或誤領,要退回"),
}
_OUT = frozenset({"withdrawal", "payment", "fee"})
_IN = frozenset({"instalment", "refund"})
_KINDS: dict[str, BankKind] = {
    "withdrawal": "withdrawal",
    "own-money": "own-money",
    "instalment": "instalment",
    "fee": "fee",
}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_FEE = 30  # NT$ that a bank takes at most for a transfer
_SAID_BEFORE = frozenset({"unclear", "kind", "months", "number"})


class BankAnswer(NamedTuple):
    """What a bank line was: a word of BANK_ANSWERS, the months it withdraws for, the vouchers it is about."""

    word: str
    months: Sequence[str] = ()
    vouchers: Sequence[str] = ()


def bank_answers(amount: int) -> list[str]:
    """The answers that a line can have: `amount` NT$, money out negative."""
    left_out = _IN if amount < 0 else _OUT
    return [word for word in BANK_ANSWERS if word not in left_out]


def bank_amount(entry: data.Transaction) -> int:
    """What a line moved on the dedicated account, NT$; money out is negative."""
    return sum(whole(posting.units) for posting in entry.postings if posting.account in accounts.AT_BANK)


def plan_bank_answer(context: Context, import_id: str, answer: BankAnswer, reason: str = "") -> Planned:
    """Work out the answer about the line of an import-id. Raises OperationError."""
    case = readable_case(context)
    entry = next(
        (
            entry
            for entry in case.unclassified
            if entry.meta.get("import-id") == import_id and bank_amount(entry)
        ),
        None,
    )
    if entry is None:
        raise OperationError(_("帳上沒有待認定的銀行明細「{id}」").format(id=import_id))
    amount = bank_amount(entry)
    if answer.word not in bank_answers(amount):
        raise OperationError(
            _("「{answer}」不能用在這筆款項;可以回答:{allowed}").format(
                answer=answer.word, allowed=_("、").join(bank_answers(amount))
            )
        )
    strange = [month for month in answer.months if not _MONTH.fullmatch(month)]
    if strange:
        raise OperationError(_("月份請寫成 YYYY-MM,不是「{month}」").format(month=strange[0]))
    new: list[data.Directive] = []
    if not is_open(case, entry.date):
        if context.reopen is None:
            raise OperationError(
                _("{date} 已月結;要改認這筆款項請加 --reopen 重開該月").format(date=entry.date)
            )
        new.append(reopen_directive(case, month_of(entry.date), reason or answer.word, context.reopen))
    text = f"認定 {entry.date} {amount:,} 元:{BANK_ANSWERS[answer.word]}"
    if answer.vouchers:
        text += f" {'、'.join(answer.vouchers)}"
    answered = _answered(case, entry, amount, answer)
    over = fee_in(-amount, _owed_of(case, answer.vouchers)) if answer.word == "payment" else 0
    fees = (_fee_on_top(entry, over),) if over else ()
    instead = Instead(entry, (answered, *fees))
    return plan_edit("answer", f"{text}({reason})" if reason else text, context, instead=[instead], new=new)


def _answered(case: Case, entry: data.Transaction, amount: int, answer: BankAnswer) -> data.Transaction:
    meta = {key: value for key, value in written_meta(entry.meta).items() if key not in _SAID_BEFORE}
    payee, words = entry.payee or "", entry.narration or ""
    if answer.word in {"payment", "refund"}:
        return _about_vouchers(case, entry, amount, answer, meta)
    if answer.word == "return":
        kind: BankKind = (
            "deposit" if amount > 0 else "own-money" if _put_in(case, entry, amount) else "return"
        )
        return bank_entry(kind, entry.date, amount, payee, words, meta)._replace(flag="*")
    if answer.months:
        meta["months"] = " ".join(answer.months)
    return bank_entry(_KINDS[answer.word], entry.date, amount, payee, words, meta)


def _put_in(case: Case, entry: data.Transaction, amount: int) -> bool:
    """Whether money that goes out is a deposit given back: one of that sum came in before and is there still."""
    sums = Counter(move.own for move in case.movements if move.kind == "deposit" and move.date <= entry.date)
    sums.subtract(-move.own for move in case.movements if move.kind == "own-money" and move.own < 0)
    return sums[-amount] > 0


def _about_vouchers(
    case: Case, entry: data.Transaction, amount: int, answer: BankAnswer, meta: dict[str, Any]
) -> data.Transaction:
    """The line as payment of vouchers, or as what a supplier gave back of one."""
    if not answer.vouchers:
        raise OperationError(_("請用 --voucher 指明是哪一張憑證"))
    vouchers = [voucher_named(case, name) for name in answer.vouchers]
    withheld = Withheld()
    if answer.word == "refund":
        (voucher, *more) = vouchers
        if more:
            raise OperationError(_("退款只能是一張憑證的"))
        back = min(amount, max(0, _paid_by_grant(case, voucher) - _granted(case, voucher)))
        paid = [(voucher.number, -amount, -back)]
    elif remitted := remitted_by(case, vouchers, -amount, with_others=False):
        payee = entry.payee or ""
        return remittance_entry(entry.date, payee, entry.narration or "", remitted, "dedicated", meta)
    else:
        over = fee_in(-amount, _owed_of(case, answer.vouchers))
        withheld = withheld_in(case, vouchers, -amount - over)
        paid = _paid(case, vouchers, -amount - over, withheld)
    payee = entry.payee or vouchers[0].seller_name
    return payment_entry(entry.date, payee, entry.narration or "", paid, "dedicated", meta, withheld)


def fee_in(amount: int, owed: Sequence[int]) -> int:
    """The bank's fee in a payment of `amount` NT$ that pays what is `owed` in full: what is over, if it may be one."""
    over = amount - sum(owed)
    return over if 0 < over <= _FEE * len(owed) else 0


def remitted_by(
    case: Case, vouchers: Sequence[Voucher], amount: int, *, with_others: bool
) -> dict[str, Withheld]:
    """What a line of `amount` NT$ pays on of what was withheld of these vouchers; nothing where they are not paid yet.

    All of it, or of one the tax or the premium; `with_others`: it may pay more, which is none of the case's.
    Raises OperationError where it fits none.
    """
    if any(case.unpaid.get(voucher.link, 0) > 0 for voucher in vouchers):
        return {}
    due = {voucher.number: case.unremitted.get(voucher.link, Withheld()) for voucher in vouchers}
    if not due or any(left.total <= 0 for left in due.values()):
        return {}
    total = sum(left.total for left in due.values())
    if amount == total or (with_others and amount > total):
        return due
    for number, left in due.items() if len(due) == 1 else ():
        for part in (Withheld(left.tax), Withheld(premium=left.premium)):
            if part.total == amount:
                return {number: part}
    raise OperationError(
        _("這筆款項 {amount} 元與代扣而未繳的 {due} 元不合").format(amount=f"{amount:,}", due=f"{total:,}")
    )


def withheld_in(case: Case, vouchers: Sequence[Voucher], amount: int) -> Withheld:
    """What was withheld of a person's fee, where `amount` NT$ is just what that leaves of it."""
    if len(vouchers) != 1 or not vouchers[0].is_fee_of_person:
        return Withheld()
    return withheld_of(max(0, case.unpaid.get(vouchers[0].link, 0)), amount)


def _owed_of(case: Case, names: Sequence[str]) -> list[int]:
    """What is owed of each of these vouchers."""
    return [max(0, case.unpaid.get(voucher_named(case, name).link, 0)) for name in names]


def _fee_on_top(entry: data.Transaction, fee: int) -> data.Transaction:
    meta = {
        "import-id": f"fee:{entry.meta.get('import-id')}",
        "source": str(entry.meta.get("source") or ""),
    }
    return bank_entry("fee", entry.date, -fee, "", _("匯費"), meta)


def _paid(
    case: Case, vouchers: Sequence[Voucher], amount: int, withheld: Withheld
) -> list[tuple[str, int, int]]:
    """What a payment gives each voucher: what is owed of it, the last one the rest; and the grant's part."""
    paid = []
    for place, voucher in enumerate(vouchers):
        owed = max(0, case.unpaid.get(voucher.link, 0))
        part = min(owed, amount) if place < len(vouchers) - 1 else amount
        if part <= 0 or (part > owed and len(vouchers) > 1):
            raise OperationError(
                _("這筆款項 {amount} 元與各憑證的應付金額不合:憑證 {number} 應付 {owed} 元").format(
                    amount=f"{amount:,}", number=voucher.number, owed=f"{owed:,}"
                )
            )
        share = max(0, min(part, _granted(case, voucher) - _paid_by_grant(case, voucher)))
        paid.append((voucher.number, part + withheld.total, share))
        amount -= part
    return paid


def _granted(case: Case, voucher: Voucher) -> int:
    """The government's part of a voucher, less what its credit notes took."""
    return sum(
        other.government
        for other in case.vouchers
        if other is voucher or (voucher.number and other.reverses == voucher.number)
    )


def _paid_by_grant(case: Case, voucher: Voucher) -> int:
    return sum(payment.from_grant for payment in case.payments if payment.link == voucher.link)
