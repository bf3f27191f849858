"""`Case`: the one read-only view over a case's loaded entries, built in one pass.

Everything that judges, sums or shows reads a `Case`; nothing else walks Beancount entries.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import Literal
from typing import NamedTuple

from beancount.core import data

from ledger import accounts
from ledger import directives
from ledger.award import Award
from ledger.award import Key
from ledger.dates import month_of
from ledger.i18n import _
from ledger.identity import voucher_link
from ledger.scheme import Scheme
from ledger.scheme import SchemeError
from ledger.scheme import load_scheme
from ledger.share import government_share

MovementKind = Literal[
    "instalment",
    "interest",
    "withholding",
    "withdrawal",
    "payment",
    "remittance",
    "own-money",
    "fee",
    "deposit",
    "unexplained",
]


class Problem(NamedTuple):
    """Something in the books that cannot be understood: what, and the entry it is in."""

    message: str
    entry: data.Directive


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherLine:
    """One item of a voucher in one category: what each fund bears, in NT$."""

    category: str
    item: str
    quantity: Decimal | None
    government: int
    self_funded: int
    disallowed: int

    @property
    def cost(self) -> int:
        """The cost claimed: government and self."""
        return self.government + self.self_funded


@dataclasses.dataclass(frozen=True, slots=True)
class Voucher:
    """One transaction that books cost: its paper, its lines, where it stands in the books."""

    kind: str  # invoice, receipt, payroll, allowance, void …; empty where the entry names no voucher
    number: str
    date: datetime.date  # on the paper
    booked: datetime.date
    seller: str
    seller_name: str
    buyer: str
    party: str
    net: int | None
    tax: int | None
    lines: tuple[VoucherLine, ...]
    input_tax: int
    payable: int  # what it makes the company owe; negative where a credit note takes from it
    documents: tuple[str, ...]
    reverses: str  # the number of the voucher that this entry takes back, for allowances and voids
    entry: data.Transaction

    @property
    def cost(self) -> int:
        """Government and self cost of all lines."""
        return sum(line.cost for line in self.lines)

    @property
    def government(self) -> int:
        """The government's part as booked."""
        return sum(line.government for line in self.lines)

    @property
    def booked_cost(self) -> int:
        """All cost postings, those claimed from nobody included."""
        return sum(line.cost + line.disallowed for line in self.lines)

    @property
    def month(self) -> str:
        """The month that bears the cost."""
        return month_of(self.booked)

    def meta(self, key: str) -> Any:
        """A piece of the entry's metadata."""
        return self.entry.meta.get(key)


@dataclasses.dataclass(frozen=True, slots=True)
class Payment:
    """A part of a transaction that pays one voucher, in NT$."""

    number: str  # the voucher's number as the link or the posting names it
    date: datetime.date
    amount: int
    from_grant: int  # of it out of sub-account 1
    from_own: int  # out of sub-account 2
    entry: data.Transaction


@dataclasses.dataclass(frozen=True, slots=True)
class Movement:
    """One movement on the dedicated account or with the treasury, in NT$; money out is negative."""

    kind: MovementKind
    date: datetime.date
    grant: int  # sub-account 1
    own: int  # sub-account 2
    interest: int  # credited to the treasury's interest
    tax: int  # withheld
    remitted_interest: int
    remitted_surplus: int
    months: tuple[str, ...]  # named in the bank's memo
    party: str
    entry: data.Transaction


@dataclasses.dataclass(slots=True)
class _Flow:
    """The sums of one transaction by account, while it is read."""

    grant: int = 0
    own: int = 0
    interest: int = 0
    surplus: int = 0
    tax: int = 0
    unearned: int = 0
    company: int = 0
    payable: int = 0
    input_tax: int = 0
    touches_bank: bool = False


_FLOW_FIELDS = {
    accounts.GRANT_MONEY: "grant",
    accounts.OWN_MONEY: "own",
    accounts.DUE_INTEREST: "interest",
    accounts.DUE_SURPLUS: "surplus",
    accounts.WITHHELD_TAX: "tax",
    accounts.UNEARNED: "unearned",
    accounts.COMPANY: "company",
    accounts.PAYABLE: "payable",
    accounts.INPUT_TAX: "input_tax",
}


class Case:
    """A case as its books say, on a day."""

    def __init__(
        self,
        entries: Iterable[data.Directive],
        *,
        folder: Path | None = None,
        as_of: datetime.date | None = None,
    ) -> None:
        """Read `entries` once. `as_of` is what "today" is; later entries are left out.

        Nothing is raised for what the books get wrong: it is in `problems`.
        """
        self.folder = folder
        self.as_of = as_of or datetime.date.today()
        self.award: Award | None = None
        self.scheme: Scheme | None = None
        self.vouchers: list[Voucher] = []
        self.payments: list[Payment] = []
        self.movements: list[Movement] = []
        self.closes: list[directives.Close] = []
        self.reopened: set[int] = set()
        self.waivers: list[directives.Waiver] = []
        self.evidence: list[directives.Evidence] = []
        self.deductions: list[directives.Deduction] = []
        self.documents: list[data.Document] = []
        self.unclassified: list[data.Transaction] = []
        self.transactions: list[data.Transaction] = []
        self.problems: list[Problem] = []
        self.filed: list[directives.Finding] = []  # every finding as it was filed, earlier states included
        self.samples: list[directives.Sample] = []
        self._findings: dict[str, directives.Finding] = {}
        self._closing: list[tuple[datetime.date, str, bool]] = []
        self._read(entries)

    # --- reading ---------------------------------------------------------------------------------------

    def _read(self, entries: Iterable[data.Directive]) -> None:
        known = [entry for entry in entries if entry.date <= self.as_of or _is_award(entry)]
        customs = [e for e in known if isinstance(e, data.Custom) and e.type.startswith(directives.PREFIX)]
        self._read_award(customs)
        for custom in customs:
            try:
                self._read_custom(custom)
            except (directives.DirectiveError, ValueError) as error:
                self.problems.append(
                    Problem(_("指令寫法不對:{reason}").format(reason=error), custom),
                )
        for entry in known:
            if isinstance(entry, data.Transaction):
                self.transactions.append(entry)
                try:
                    self._read_transaction(entry)
                except directives.DirectiveError as error:
                    reason = _("金額不是新臺幣整數元,或日期沒有寫成日期:{value}").format(value=error)
                    self.problems.append(Problem(reason, entry))
            elif isinstance(entry, data.Document):
                self.documents.append(entry)

    def _read_award(self, customs: list[data.Custom]) -> None:
        try:
            self.award = directives.read_award(customs)
        except (directives.DirectiveError, ValueError) as error:
            self.problems.append(Problem(_("核定指令寫法不對:{reason}").format(reason=error), customs[0]))
        if self.award is None:
            return
        try:
            self.scheme = load_scheme(self.award.scheme, self.folder)
        except SchemeError as error:
            self.problems.append(Problem(str(error), self.award.entry))

    def _read_custom(self, entry: data.Custom) -> None:
        match entry.type:
            case "grant-close":
                self.closes.append(directives.read_close(entry))
                self._closing.append((entry.date, self.closes[-1].month, True))
            case "grant-reopen":
                self._reopen(entry)
            case "grant-waiver":
                self.waivers.append(directives.read_waiver(entry))
            case "grant-finding":
                finding = directives.read_finding(entry)
                self.filed.append(finding)
                self._findings[finding.id] = finding
            case "grant-sample":
                self.samples.append(directives.read_sample(entry))
            case "grant-evidence":
                self.evidence.append(directives.read_evidence(entry))
            case "grant-deduction":
                self.deductions.append(directives.read_deduction(entry))

    def _reopen(self, entry: data.Custom) -> None:
        """A month re-opened: it and the months after it are closed no more."""
        month = str(entry.values[0].value)
        self.closes = [close for close in self.closes if close.month < month]
        self._closing.append((entry.date, month, False))

    def _read_transaction(self, entry: data.Transaction) -> None:
        flow = _Flow()
        lines: dict[tuple[str, str], list[Any]] = {}
        for posting in entry.postings:
            parts = accounts.expense_parts(posting.account)
            if parts is not None:
                _add_line(lines, parts, posting, entry)
            elif (field := _FLOW_FIELDS.get(posting.account)) is not None:
                setattr(flow, field, getattr(flow, field) + directives.whole(posting.units))
                flow.touches_bank |= field in {"grant", "own"}
        if entry.flag == "!":
            self.unclassified.append(entry)
        if lines or "voucher" in entry.meta:
            self.vouchers.append(self._voucher(entry, lines, flow))
        elif flow.payable:
            self._read_payments(entry, flow)
        if flow.touches_bank or flow.interest > 0 or flow.surplus > 0:
            self._read_movement(entry, flow)

    def _voucher(
        self, entry: data.Transaction, lines: dict[tuple[str, str], list[Any]], flow: _Flow
    ) -> Voucher:
        meta = entry.meta
        buyer = str(meta.get("buyer") or "")
        party = self.award.party_of_buyer(buyer) if self.award else ""
        return Voucher(
            kind=str(meta.get("voucher") or ""),
            number=str(meta.get("number") or ""),
            date=_date(meta.get("voucher-date"), entry.date),
            booked=entry.date,
            seller=str(meta.get("seller") or ""),
            seller_name=entry.payee or "",
            buyer=buyer,
            party=party,
            net=_optional_whole(meta.get("net")),
            tax=_optional_whole(meta.get("tax")),
            lines=tuple(
                VoucherLine(category, item, quantity, *sums)
                for (category, item), (quantity, *sums) in lines.items()
            ),
            input_tax=flow.input_tax,
            payable=-flow.payable,
            documents=tuple(
                str(value) for key, value in meta.items() if key.startswith("document") and value
            ),
            reverses=str(meta.get("reverses") or ""),
            entry=entry,
        )

    def _read_payments(self, entry: data.Transaction, flow: _Flow) -> None:
        """One payment a voucher: the posting's own `number` where several are paid at once, else the link."""
        links = sorted(entry.links)
        number = str(entry.meta.get("number") or (links[0] if links else ""))
        amounts: dict[str, int] = defaultdict(int)
        for posting in entry.postings:
            if posting.account == accounts.PAYABLE:
                named = (posting.meta or {}).get("number")
                amounts[str(named or number)] += directives.whole(posting.units)
        grant_left, own_left = -flow.grant, -flow.own
        for paid, amount in amounts.items():
            # several vouchers paid at once out of the dedicated account share it in the order of the postings
            grant, own = (grant_left, own_left) if len(amounts) == 1 else (min(amount, grant_left), 0)
            own = own if len(amounts) == 1 else min(amount - grant, own_left)
            grant_left, own_left = grant_left - grant, own_left - own
            self.payments.append(Payment(paid, entry.date, amount, grant, own, entry))

    def _read_movement(self, entry: data.Transaction, flow: _Flow) -> None:
        kind = _movement_kind(entry, flow)
        months = tuple(str(entry.meta.get("months") or "").split())
        party = str(entry.meta.get("party") or (self.award.ubn if self.award else ""))
        paid_out = flow.grant + flow.own + flow.company < 0
        self.movements.append(
            Movement(
                kind=kind,
                date=entry.date,
                grant=flow.grant,
                own=flow.own,
                interest=_interest_gross(kind, flow),
                tax=flow.tax,
                remitted_interest=max(0, flow.interest) if paid_out else 0,
                remitted_surplus=max(0, flow.surplus) if paid_out else 0,
                months=months,
                party=party,
                entry=entry,
            )
        )

    # --- money on the dedicated account ----------------------------------------------------------------

    @functools.cached_property
    def findings(self) -> list[directives.Finding]:
        """The auditor's findings, each in its latest state."""
        return list(self._findings.values())

    def received(self, day: datetime.date | None = None, party: str | None = None) -> int:
        """Grant money paid in through `day`, in NT$."""
        return sum(m.grant for m in self._moves(party) if m.kind == "instalment" and _through(m.date, day))

    def withdrawn(self, day: datetime.date | None = None, party: str | None = None) -> int:
        """Grant money that left the dedicated account for cost through `day` (withdrawals, direct payments)."""
        return -sum(
            m.grant
            for m in self._moves(party)
            if m.kind in {"withdrawal", "unexplained", "payment"} and _through(m.date, day)
        )

    def _moves(self, party: str | None) -> Iterable[Movement]:
        return self.movements if party is None else (m for m in self.movements if m.party == party)

    # --- cost ------------------------------------------------------------------------------------------

    @functools.cached_property
    def struck(self) -> dict[int, tuple[int, int]]:
        """(disallowed, parked) NT$ of each voucher that an auditor's finding takes out, by the entry's id().

        A partial disallowance takes `deducted`; a whole one, and a parked one, take the voucher's cost.
        """
        taken: dict[int, tuple[int, int]] = {}
        for finding in self.findings:
            if finding.state not in {"disallowed", "parked"}:
                continue
            for voucher in self.judged(finding):
                disallowed, parked = taken.get(id(voucher.entry), (0, 0))
                left = voucher.cost - disallowed - parked
                if finding.state == "parked":
                    parked += left
                else:
                    asked = voucher.cost if finding.deducted is None else finding.deducted
                    disallowed += min(asked, left)
                taken[id(voucher.entry)] = (disallowed, parked)
        return taken

    def judged(self, finding: directives.Finding) -> list[Voucher]:
        """The vouchers that a finding is about.

        The one whose `import-id` the finding carries as `voucher-id`, which tells a number booked twice apart;
        else all that bear the number it names.
        """
        named = self._by_import_id.get(str(finding.entry.meta.get("voucher-id") or ""))
        if named is not None and named.number == finding.voucher:
            return [named]
        return self._by_number.get(finding.voucher, []) if finding.voucher else []

    @functools.cached_property
    def _by_number(self) -> dict[str, list[Voucher]]:
        by_number: dict[str, list[Voucher]] = defaultdict(list)
        for voucher in self.vouchers:
            by_number[voucher.number].append(voucher)
        return by_number

    @functools.cached_property
    def _by_import_id(self) -> dict[str, Voucher]:
        return {
            str(voucher.meta("import-id")): voucher for voucher in self.vouchers if voucher.meta("import-id")
        }

    def accepted_lines(self, voucher: Voucher) -> list[tuple[str, int, int]]:
        """(category, accepted cost, disallowed cost) of a voucher's lines, after the auditor's findings.

        What a finding takes comes off the lines in their order. Parked cost is neither.
        """
        disallowed, parked = self.struck.get(id(voucher.entry), (0, 0))
        result = []
        for line in voucher.lines:
            cut = min(line.cost, disallowed) if disallowed > 0 else 0
            held = min(line.cost - cut, parked) if parked > 0 else 0
            disallowed, parked = disallowed - cut, parked - held
            result.append((line.category, line.cost - cut - held, cut + line.disallowed))
        return result

    @functools.cached_property
    def _cost_by_day(self) -> list[tuple[datetime.date, Key, int, int]]:
        return [
            (voucher.booked, (voucher.party, category), accepted, disallowed)
            for voucher in self.vouchers
            for category, accepted, disallowed in self.accepted_lines(voucher)
        ]

    def cost(self, through: datetime.date | None = None) -> dict[Key, tuple[int, int]]:
        """(accepted, disallowed) net cost per (party, category), booked through a day; budget order."""
        sums: dict[Key, list[int]] = {}
        if self.award is not None:
            sums = {key: [0, 0] for key in self.award.budget_on(self.as_of)}
        for booked, key, accepted, disallowed in self._cost_by_day:
            if through is None or booked <= through:
                both = sums.setdefault(key, [0, 0])
                both[0] += accepted
                both[1] += disallowed
        return {key: (both[0], both[1]) for key, both in sums.items()}

    def government_shares(self, through: datetime.date | None = None) -> dict[Key, int]:
        """g_c per (party, category) on the cost accepted through a day, by the budget then in force."""
        if self.award is None or self.scheme is None:
            return {}
        budget = self.award.budget_on(through or self.as_of)
        shares = {}
        for key, (accepted, _disallowed) in self.cost(through).items():
            approved = budget.get(key)
            shares[key] = 0 if approved is None else self.share(key[1], accepted, approved)
        return shares

    def share(self, category: str, cost: int, approved: Any) -> int:
        """The government's part of a cumulative cost, by the scheme's settings."""
        assert self.scheme is not None  # noqa: S101 -- callers have looked
        return government_share(
            cost,
            approved,
            grantable=self.scheme.may_carry_grant(category),
            rounding=self.scheme.share_rounding.value,
        )

    def entitlement(self, through: datetime.date) -> int:
        """What the cost accepted through a day has earned, in NT$."""
        return sum(self.government_shares(through).values())

    @functools.cached_property
    def expected_splits(self) -> dict[int, tuple[int, ...]]:
        """The government part that each line of a voucher should bear, by the entry's id().

        One voucher's split is the change it makes in its category's cumulative share, in booking order, so
        that postings always add up to the cumulative figure (DESIGN §5.2). Findings change nothing here.
        """
        if self.award is None or self.scheme is None:
            return {}
        cost: dict[Key, int] = defaultdict(int)
        given: dict[Key, int] = defaultdict(int)
        expected = {}
        for voucher in self.vouchers:
            budget = self.award.budget_on(voucher.booked)
            parts = []
            for line in voucher.lines:
                key = (voucher.party, line.category)
                cost[key] += line.cost
                approved = budget.get(key)
                total = given[key] if approved is None else self.share(line.category, cost[key], approved)
                parts.append(total - given[key])
                given[key] = total
            expected[id(voucher.entry)] = tuple(parts)
        return expected

    # --- months and vouchers ---------------------------------------------------------------------------

    @functools.cached_property
    def closed_months(self) -> dict[str, directives.Close]:
        """The months in force as closed, the last close of each."""
        return {close.month: close for close in self.closes}

    def closed_on(self, day: datetime.date) -> frozenset[str]:
        """The months that stood closed at the end of `day`, closes re-opened only later included."""
        closed: set[str] = set()
        for date, month, is_close in self._closing:
            if date <= day:
                closed = closed | {month} if is_close else {other for other in closed if other < month}
        return frozenset(closed)

    @functools.cached_property
    def unpaid(self) -> dict[str, int]:
        """What is still payable by the link of a voucher: positive where the company owes."""
        left: dict[str, int] = defaultdict(int)
        for voucher in self.vouchers:
            left[voucher_link(voucher.reverses or voucher.number)] += voucher.payable
        for payment in self.payments:
            left[voucher_link(payment.number)] -= payment.amount
        return left


def _is_award(entry: data.Directive) -> bool:
    """Directives that describe the award hold whatever today is."""
    return isinstance(entry, data.Custom) and entry.type in {
        "grant-award",
        "grant-account",
        "grant-partner",
        "grant-item",
        "grant-person",
        "grant-budget",
    }


def _through(date: datetime.date, day: datetime.date | None) -> bool:
    return day is None or date <= day


def _date(value: object, default: datetime.date) -> datetime.date:
    """A date of the metadata; text in its place is a mistake of the books, not a date to guess."""
    if value is not None and not isinstance(value, datetime.date):
        raise directives.DirectiveError(str(value))
    return value or default


def _optional_whole(value: object) -> int | None:
    return None if value is None else directives.whole(value)


def _add_line(
    lines: dict[tuple[str, str], list[Any]],
    parts: tuple[accounts.Fund, str],
    posting: data.Posting,
    entry: data.Transaction,
) -> None:
    """Add a cost posting to the line of its category and item: [quantity, government, self, disallowed]."""
    fund, category = parts
    meta = posting.meta or {}
    item = str(meta.get("item") or entry.meta.get("item") or entry.narration or "")
    quantity = meta.get("quantity", entry.meta.get("quantity"))
    line = lines.setdefault((category, item), [quantity if isinstance(quantity, Decimal) else None, 0, 0, 0])
    line[1 + ("government", "self", "disallowed").index(fund)] += directives.whole(posting.units)


def _interest_gross(kind: MovementKind, flow: _Flow) -> int:
    """Gross interest: what is owed to the treasury for it, or bank and tax together where that is more."""
    return max(-flow.interest, flow.grant + flow.tax) if kind == "interest" else 0


def _movement_kind(entry: data.Transaction, flow: _Flow) -> MovementKind:
    """What a movement is, by the accounts on its other side; the flag and `kind` tell what they cannot."""
    named = entry.meta.get("kind")
    if flow.payable > 0:
        return "payment"
    if flow.unearned < 0:
        return "instalment"
    if flow.interest > 0 or flow.surplus > 0:
        return "remittance"
    if flow.interest < 0:
        return "interest"
    if flow.tax:
        return "withholding"
    if named == "fee":
        return "fee"
    if named == "return":
        return "withdrawal"
    if flow.grant + flow.own > 0:
        return "deposit" if named == "deposit" or flow.grant > 0 else "own-money"
    if flow.grant < 0:
        return "unexplained" if named == "unexplained" else "withdrawal"
    return "own-money"
