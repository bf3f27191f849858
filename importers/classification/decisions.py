"""The accountant decides about doubtful vouchers: the decision is kept as a rule, and the voucher booked by it."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from pathlib import Path
from typing import Any
from typing import NamedTuple

from importers.classification.suggestions import Past
from importers.classification.suggestions import Proposal
from importers.classification.suggestions import Proposer
from importers.config.rules import Rule
from importers.config.rules import Rules
from importers.config.rules import parse_rules
from importers.config.rules import with_rule
from importers.config.rules import without_rule
from importers.context import refuse_unreadable
from importers.planning.categories import Near
from importers.planning.categories import near_items
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.entries.builder import with_amounts
from ledger.errors import GrantError
from ledger.files import RULES
from ledger.files.writer import CaseWriter
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.model.accounts import expense_parts
from ledger.operations.as_of import entries_with
from ledger.operations.commit import commit_operation
from ledger.operations.edit import Context
from ledger.operations.rebooking.payment_shares import payment_shares
from ledger.operations.rebooking.rebook import HandMadeError
from ledger.operations.rebooking.rebook import Move
from ledger.operations.rebooking.rebook import item_of
from ledger.operations.rebooking.rebook import rebook
from ledger.operations.rebooking.rebook import unclaimed_postings
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import is_code


class DecisionError(GrantError):
    """A decision that cannot be taken, or taken back; nothing was written and the message says why."""


class Doubt(NamedTuple):
    """A voucher that nobody could place, and what helps to decide about it."""

    voucher: Voucher
    item: str  # the item of its largest cost
    near: tuple[Near, ...]
    categories: tuple[str, ...]  # that its party's budget has
    proposed: str  # the category decided for the like of it before; empty where none was
    is_open: bool  # whether its month is still open, so that it can be booked again
    learned: Proposal | None = None  # what past books suggest

    @property
    def is_code(self) -> bool:
        """Whether the item's name is a code or an abbreviation, which stays a finding whatever is decided."""
        return is_code(self.item)

    def as_json(self) -> dict[str, Any]:
        """As `grant classify --json` shows it."""
        voucher = self.voucher
        return {
            "voucher": voucher.number,
            "date": voucher.date.isoformat(),
            "seller": voucher.seller,
            "seller_name": voucher.seller_name,
            "item": self.item,
            "net": voucher.booked_cost,
            "reason": str(voucher.meta("unclear") or ""),
            "near": [near._asdict() for near in self.near],
            "categories": list(self.categories),
            "proposed": self.proposed,
            "learned": self.learned.as_json() if self.learned else None,
            "is_code": self.is_code,
            "month_open": self.is_open,
        }


class Decision(NamedTuple):
    """What was decided, or taken back: the rule, and whether the voucher was booked anew."""

    rule: Rule
    number: str
    rebooked: bool
    is_approved: bool = True  # whether its item is one of the award's, so that no check asks for it

    def as_json(self) -> dict[str, Any]:
        """As `grant classify --json` shows it."""
        return {
            "voucher": self.number,
            "seller": self.rule.seller,
            "item": self.rule.item,
            "category": self.rule.category,
            "rebooked": self.rebooked,
        }


def doubts(case: Case, rules: Rules) -> list[Doubt]:
    """The vouchers to decide about, in booking order; one that was voided since is no question any more."""
    left: dict[str, int] = defaultdict(int)
    for voucher in case.vouchers:
        left[voucher.reverses or voucher.number] += voucher.booked_cost
    return [
        _doubt(voucher, case, rules)
        for voucher in case.vouchers
        if voucher.meta("unclear") and _is_unplaced(voucher) and left[voucher.number]
    ]


def _is_unplaced(voucher: Voucher) -> bool:
    return bool(not voucher.reverses and voucher.meta("import-id") and unclaimed_postings(voucher.entry))


def _doubt(voucher: Voucher, case: Case, rules: Rules) -> Doubt:
    assert case.award is not None  # noqa: S101 -- load() has looked
    item = max(voucher.lines, key=lambda line: line.disallowed).item
    return Doubt(
        voucher,
        item,
        tuple(near_items(item, case.award, voucher.party)),
        tuple(category for party, category in case.award.budget_on(voucher.booked) if party == voucher.party),
        rules.category_for(voucher.seller, voucher.seller_name, item) or "",
        _is_open(voucher, case),
    )


def with_proposal(doubt: Doubt, proposer: Proposer | None) -> Doubt:
    """The doubt with what past books suggest; nothing where there is nobody to ask."""
    if proposer is None:
        return doubt
    voucher = doubt.voucher
    return doubt._replace(
        learned=proposer.propose(voucher.seller, voucher.seller_name, doubt.item, doubt.categories)
    )


def learn(proposer: Proposer | None, doubt: Doubt, category: str) -> None:
    """Let what was just decided about a doubt speak for the next ones."""
    if proposer is not None and doubt.item:
        voucher = doubt.voucher
        proposer.learn(Past(category, voucher.seller, voucher.seller_name, doubt.item, voucher.number))


def _is_open(voucher: Voucher, case: Case) -> bool:
    opened = first_open_day(case)
    return opened is None or voucher.booked >= opened


def load(folder: Path) -> Loaded:
    """The case, readable and with its award. Raises CaseNotFoundError, UnreadableBooksError, DecisionError."""
    loaded = load_case(folder, datetime.date.max)
    refuse_unreadable(loaded)
    if loaded.case.award is None or loaded.case.scheme is None:
        raise DecisionError(_("案件沒有可用的核定資料"))
    return loaded


def decide(
    folder: Path, number: str, category: str, *, note: str = "", date: datetime.date | None = None
) -> Decision:
    """Put a doubtful voucher into a category: as a rule for the next time, and in the books if its month is open.

    Raises DecisionError, RulesError, and what loading and writing raise; then nothing is written.
    """
    with CaseWriter(folder) as writer:
        loaded = load(folder)
        text = writer.text(RULES)
        doubt = _doubt_about(number, loaded.case, parse_rules(text))
        if category not in doubt.categories:
            raise DecisionError(_("科目「{category}」不在核定預算內").format(category=category))
        voucher = doubt.voucher
        rule = Rule(
            seller=voucher.seller or voucher.seller_name,
            item=doubt.item,
            category=category,
            note=note,
            date=date,
            voucher=str(voucher.meta("import-id")),
        )
        if not rule.seller and not rule.item:
            raise DecisionError(_("憑證 {number} 沒有賣方也沒有品名,無法記成規則").format(number=number))
        if doubt.is_open:
            rule = _with_booking(rule, voucher)
            _rebook(writer, loaded, voucher, _move(loaded.case, rule, claim=True))
        writer.write(RULES, with_rule(text, rule))
        commit_operation(writer, "classify", f"認定憑證 {voucher.number} 的科目")
    award = loaded.case.award
    is_approved = award is not None and award.item_named(doubt.item) is not None
    return Decision(rule, voucher.number, doubt.is_open, is_approved)


def _with_booking(rule: Rule, voucher: Voucher) -> Rule:
    """The rule with what its undo needs of the voucher as it stands."""
    unclaimed = unclaimed_postings(voucher.entry)
    parts = expense_parts(unclaimed[0].account)
    return dataclasses.replace(
        rule,
        was=parts[1] if parts else rule.category,
        moved=tuple(dict.fromkeys(item_of(voucher.entry, posting) for posting in unclaimed)),
        doubt=str(voucher.meta("unclear") or "") if voucher.entry.flag == "!" else "",
    )


def undo(folder: Path) -> Decision:
    """Take back the last decision: its rule, and the booking by it. Raises as `decide` does."""
    with CaseWriter(folder) as writer:
        loaded = load(folder)
        text = writer.text(RULES)
        rule = parse_rules(text).last_decision
        if rule is None:
            raise DecisionError(_("沒有可以取消的認定"))
        left = without_rule(text, rule)
        if left is None:
            raise DecisionError(
                _(
                    "{file} 裡最後一條認定已被改過,不能自動取消;請以 grant undo 復原當時的操作,或以 grant correct 更正那張憑證"
                ).format(file=RULES)
            )
        voucher = next((v for v in loaded.case.vouchers if v.meta("import-id") == rule.voucher), None)
        rebooked = bool(rule.was and voucher is not None)
        if rebooked and voucher is not None:
            if not _is_open(voucher, loaded.case):
                raise DecisionError(
                    _("憑證 {number} 的月份已月結,認定不能取消;請用 grant correct --reopen 更正").format(
                        number=voucher.number
                    )
                )
            _rebook(writer, loaded, voucher, _move(loaded.case, rule, claim=False))
        writer.write(RULES, left)
        commit_operation(writer, "classify", f"取消憑證 {rule.voucher} 的認定")
    return Decision(rule, voucher.number if voucher is not None else rule.voucher, rebooked)


def _doubt_about(number: str, case: Case, rules: Rules) -> Doubt:
    """The doubt about the voucher of this number; one that is not claimed without a doubt counts too."""
    found = [v for v in case.vouchers if fold(v.number) == fold(number) and _is_unplaced(v)]
    if not found:
        raise DecisionError(_("沒有號碼是 {number} 的待認定憑證").format(number=number))
    return _doubt(found[0], case, rules)


def _move(case: Case, rule: Rule, *, claim: bool) -> Move:
    assert case.scheme is not None  # noqa: S101 -- load() has looked
    may_carry = case.scheme.may_carry_grant(rule.category)
    return Move(claim, rule.category, rule.was, may_carry, rule.moved, rule.doubt)


def _rebook(writer: CaseWriter, loaded: Loaded, voucher: Voucher, move: Move) -> None:
    try:
        rebook(writer, loaded, voucher, move)
    except HandMadeError as error:
        raise DecisionError(
            _("憑證 {number} 的分錄已被改過,沒有更動;請用 grant correct 更正它的科目或品項").format(
                number=voucher.number
            )
        ) from error
    _payments_follow(writer, loaded)


def _payments_follow(writer: CaseWriter, loaded: Loaded) -> None:
    """Lay what the dedicated account paid over grant and own money by the shares as they are now staged."""
    case = loaded.case
    if not any(payment.from_grant or payment.from_own for payment in case.payments):
        return
    assert case.folder is not None  # noqa: S101 -- load_case() has set it
    base = case.folder.resolve()
    entries = entries_with(Context(loaded, writer.text), writer.texts)
    after = Case(entries, folder=case.folder, as_of=case.as_of)
    paid = payment_shares(case, after, lambda path: writer.text(path.relative_to(base).as_posix()))
    for path, amounts in paid.amounts.items():
        name = path.relative_to(base).as_posix()
        writer.write(name, with_amounts(writer.text(name), amounts))
