"""`Case`: the one read-only view over a case's loaded entries, built in one pass.

Everything that judges, sums or shows reads a `Case`; nothing else walks Beancount entries.
"""

from __future__ import annotations

import copy
import datetime
import functools
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.cost_share import government_share
from ledger.case.audit_acts import ACT_TYPES
from ledger.case.audit_acts import audit_acts
from ledger.case.closes.close_history import CloseHistory
from ledger.case.closes.close_history import Event
from ledger.case.closes.close_history import close_history
from ledger.case.dedicated_account import DedicatedAccounts
from ledger.case.dedicated_account import account_holders
from ledger.case.disallowance import Disallowance
from ledger.case.disallowance import accepted_lines
from ledger.case.disallowance import apply_finding
from ledger.case.disallowance import deciding
from ledger.case.disallowance import in_force
from ledger.case.entry_reader import Reader
from ledger.case.entry_reader import records_of_entries
from ledger.case.papers.documents import CaseDocuments
from ledger.case.papers.documents import VoucherPapers
from ledger.case.recovery import ended_by
from ledger.case.splits import Splits
from ledger.case.splits import splits_of
from ledger.model import directives
from ledger.model import milestones
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.model.award_directives import read_award
from ledger.model.identifiers import voucher_link
from ledger.model.records import NEVER_PAYABLE
from ledger.model.records import Movement
from ledger.model.records import MovementKind
from ledger.model.records import Payment
from ledger.model.records import Problem
from ledger.model.records import Voucher
from ledger.model.records import VoucherLine
from ledger.model.records import WithheldMove
from ledger.schemes.loader import load_scheme
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.util.dates import month_of
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.arithmetic.withholding import Withheld
    from ledger.loading.safe_folder import Unsafe
    from ledger.model.timesheets import Timesheet

__all__ = ["Case", "Movement", "MovementKind", "Payment", "Problem", "Voucher", "VoucherLine"]


class Case:
    """A case as its books say, on a day."""

    def __init__(
        self,
        entries: Iterable[data.Directive],
        *,
        folder: Path | None = None,
        as_of: datetime.date | None = None,
        like: Case | None = None,
    ) -> None:
        """Read `entries` once. `as_of` is what "today" is; later entries are left out.

        Of entries that are another case's too, `like`, what was read there is taken over: most are where it was changed.
        Nothing is raised for what the books get wrong: it is in `problems`.
        """
        self.folder = folder
        self.unsafe: Sequence[Unsafe] | None = (
            None  # what the loading found in the folder; None where nothing looked
        )
        self.as_of = as_of or datetime.date.today()
        self.award: Award | None = None
        self.scheme: Scheme | None = None
        self.reopened: list[directives.Reopen] = []
        self.late: list[directives.Late] = []
        self.waivers: list[directives.Waiver] = []
        self.evidence: list[directives.FiledEvidence] = []
        self.deductions: list[directives.Deduction] = []
        self.milestones: list[milestones.Milestone] = []
        self.funding: list[milestones.Funding] = []
        self.income: list[milestones.Income] = []  # that is the treasury's
        self.required: list[milestones.RequiredPaper] = []
        self.timesheets: list[Timesheet] = []
        self.documents: list[data.Document] = []
        self.unclassified: list[data.Transaction] = []
        self.transactions: list[data.Transaction] = []
        self.problems: list[Problem] = []
        self.filed: list[
            directives.AuditFinding
        ] = []  # every finding as it was filed, earlier states included
        self.samples: list[directives.Sample] = []
        self.waiver_decisions: list[directives.WaiverDecision] = []
        self._judgements: list[tuple[directives.AuditFinding, str]] = []
        self._closing: list[Event] = []
        self._read(entries, like)

    def on(self, day: datetime.date, entries: Sequence[data.Directive]) -> Case:
        """The case on another day, of the `entries` that it was read from.

        Where nothing is booked between the two days the same records are looked at from the other one; else they are
        read anew.
        """
        if sum(not _is_known(entry, day) for entry in entries) != self.left_out:
            return Case(entries, folder=self.folder, as_of=day)
        other = copy.copy(self)
        other.as_of = day
        return other

    def today(self) -> Case:
        """The same records, looked at today: or, where they go on after today, on the day of the last of them.

        For a case that was read to the end of time, so that nothing is missing: days are counted to no such day.
        """
        other = copy.copy(self)
        other.as_of = min(self.as_of, max(datetime.date.today(), self.last_day))
        return other

    # --- reading ---------------------------------------------------------------------------------------

    def _read(self, entries: Iterable[data.Directive], like: Case | None) -> None:
        entries = list(entries)
        known = [entry for entry in entries if _is_known(entry, self.as_of)]
        self.last_day = max((entry.date for entry in known), default=datetime.date.min)
        self.left_out = len(entries) - len(known)  # entries of later than "today"
        customs = [
            entry
            for entry in known
            if isinstance(entry, data.Custom)
            and directives.is_ours(entry.type)
            and entry.type not in ACT_TYPES
        ]
        self._read_award(customs)
        for custom in customs:
            self._read_one(custom, functools.partial(self._read_custom, custom))
        self.audit_acts = audit_acts(entries, self.folder)
        for act, digest in zip(self.audit_acts.acts, self.audit_acts.digests, strict=True):
            if act.date <= self.as_of:
                self._read_one(act, functools.partial(self._read_act, act, digest))
        self._end_early()
        reader = Reader(self.award, self._read_before(like))
        for entry in known:
            if isinstance(entry, data.Transaction):
                self.transactions.append(entry)
                if entry.flag == "!":
                    self.unclassified.append(entry)
                try:
                    reader.read(entry)
                except directives.DirectiveError as error:
                    reason = _("金額不是新臺幣整數元,或日期沒有寫成日期:{value}").format(value=error)
                    self.problems.append(Problem(reason, entry))
            elif isinstance(entry, data.Document):
                self.documents.append(entry)
        reader.settle_taken_back()
        self.vouchers: list[Voucher] = reader.vouchers
        self.payments: list[Payment] = reader.payments
        self.returned_payments: list[Payment] = reader.returned_payments
        self.withheld: list[WithheldMove] = reader.withheld
        self._holders = account_holders(self.award, reader.movements)
        self.movements: list[Movement] = [
            move if move.party in self._holders or self.award is None else replace(move, party=self.award.ubn)
            for move in reader.movements
        ]
        self.booked_cost = reader.cost

    def _read_before(self, like: Case | None) -> dict[int, Voucher | Payment]:
        """What was read in another case and is the same here: where its award names the same parties and scheme."""
        if like is None or like.award is None or self.award is None:
            return {}
        ours, theirs = [(each.scheme, each.ubn, [*each.parties]) for each in (self.award, like.award)]
        return records_of_entries(like) if ours == theirs else {}

    def _end_early(self) -> None:
        """The day on which the authority ended the case is the last of its period."""
        ended = ended_by(self.milestones)
        if ended is not None and self.award is not None and ended.date < self.award.end:
            self.award = replace(self.award, end=max(self.award.start, ended.date))

    def _read_award(self, customs: list[data.Custom]) -> None:
        self._read_scheme(customs)
        try:
            self.award = read_award(customs)
        except (directives.DirectiveError, ValueError) as error:
            entry = getattr(error, "entry", None) or next(e for e in customs if e.type == "grant-award")
            self.problems.append(Problem(_("核定指令寫法不對:{reason}").format(reason=error), entry))
        for again in [entry for entry in customs if entry.type == "grant-award"][1:]:
            reason = _("一個案件只有一筆 grant-award,這一筆不會計入;請改在第一筆,或刪去這一筆")
            self.problems.append(Problem(reason, again))
        if self.award is None:
            self.scheme = None

    def _read_scheme(self, customs: list[data.Custom]) -> None:
        """The scheme that the award names, before the award: the categories that it speaks of are the scheme's."""
        head = next((entry for entry in customs if entry.type == "grant-award"), None)
        if head is None:
            return
        try:
            self.scheme = load_scheme(str(head.meta.get("scheme") or ""), self.folder)
        except SchemeError as error:
            self.problems.append(Problem(str(error), head))

    def _read_one(self, entry: data.Custom, read: Callable[[], None]) -> None:
        try:
            read()
        except (directives.DirectiveError, ValueError) as error:
            self.problems.append(Problem(_("指令寫法不對:{reason}").format(reason=error), entry))

    def _read_act(self, entry: data.Custom, digest: str) -> None:
        match entry.type:
            case "grant-finding":
                finding = directives.read_finding(entry)
                self.filed.append(finding)
                self._judgements.append((finding, digest))
            case "grant-sample":
                self.samples.append(directives.read_sample(entry))
            case "grant-waiver-decision":
                self.waiver_decisions.append(directives.read_waiver_decision(entry))

    def _read_custom(self, entry: data.Custom) -> None:
        match entry.type:
            case "grant-close":
                self._closing.append(directives.read_close(entry))
            case "grant-late":
                self.late.append(directives.read_late(entry))
            case "grant-reopen":
                self.reopened.append(directives.read_reopen(entry))
                self._closing.append(self.reopened[-1])
            case "grant-waiver":
                self.waivers.append(directives.read_waiver(entry))
            case "grant-evidence":
                self.evidence.append(directives.read_evidence(entry))
            case "grant-deduction":
                self.deductions.append(directives.read_deduction(entry))
            case "grant-milestone":
                self.milestones.append(milestones.read_milestone(entry))
            case "grant-funding":
                self.funding.append(milestones.read_funding(entry))
            case "grant-income":
                self.income.append(milestones.read_income(entry))
            case "grant-required":
                self.required.append(milestones.read_required(entry))
            case "grant-timesheet":
                from ledger.model.timesheets import read_timesheet  # noqa: PLC0415 -- most cases have none

                self.timesheets.append(read_timesheet(entry))
            case unknown if unknown not in directives.TYPES:
                raise directives.DirectiveError(unknown)

    @functools.cached_property
    def papers(self) -> CaseDocuments:
        """The papers that lie in the case folder."""
        return CaseDocuments(self.folder)

    @functools.cached_property
    def voucher_papers(self) -> VoucherPapers:
        """The papers of the vouchers."""
        return VoucherPapers(self)

    # --- money on the dedicated account ----------------------------------------------------------------

    @functools.cached_property
    def findings_in_force(self) -> list[directives.AuditFinding]:
        """The auditor's judgements that none replaces."""
        return in_force(self._judgements)

    @functools.cached_property
    def findings(self) -> list[directives.AuditFinding]:
        """The auditor's findings, each by the judgement that decides."""
        return deciding(self.findings_in_force)

    @functools.cached_property
    def act_digests(self) -> dict[int, str]:
        """The digest of each of the auditor's acts, by the entry's id()."""
        return {id(finding.entry): digest for finding, digest in self._judgements}

    @functools.cached_property
    def dedicated_accounts(self) -> DedicatedAccounts:
        """The dedicated accounts, the lead's first: whose cost each pays, and what moved on it."""
        return DedicatedAccounts(self, self._holders)

    # --- cost ------------------------------------------------------------------------------------------

    @functools.cached_property
    def struck(self) -> dict[int, Disallowance]:
        """What the auditor's findings take of each voucher, by the entry's id(): (disallowed, parked) NT$."""
        taken: dict[int, Disallowance] = {}
        largest = deciding(each for each in self.findings_in_force if each.state == "disallowed")
        waiting = [each for each in self.findings_in_force if each.state == "parked"]
        for finding in (
            *largest,
            *waiting,
        ):  # what is parked is what was not disallowed, whichever came first
            for voucher in self.judged(finding):
                taken_back = [] if voucher.reverses else self._reversals.get(voucher.number, [])
                apply_finding(taken, [voucher, *taken_back], finding.state, finding.deducted)
        return taken

    @functools.cached_property
    def _reversals(self) -> dict[str, list[Voucher]]:
        """The credit notes and voids by the number of the voucher that they take from."""
        reversals: dict[str, list[Voucher]] = defaultdict(list)
        for voucher in self.vouchers:
            if voucher.reverses:
                reversals[voucher.reverses].append(voucher)
        return reversals

    def judged(self, finding: directives.AuditFinding) -> list[Voucher]:
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
        taken = self.struck.get(id(voucher.entry))
        if taken is None:
            return [(line.category, line.cost, line.disallowed) for line in voucher.lines]
        return accepted_lines(voucher, taken)

    @functools.cached_property
    def _cost_by_day(self) -> list[tuple[datetime.date, Key, int, int]]:
        """(day, key, accepted, disallowed), a line a day and category: as booked, less what findings take."""
        cost, struck = self.booked_cost, self.struck
        if struck:
            cost = {key: [*both] for key, both in cost.items()}
        for voucher in self.vouchers if struck else ():
            if id(voucher.entry) in struck:
                for line, (category, kept, cut) in zip(
                    voucher.lines, self.accepted_lines(voucher), strict=True
                ):
                    both = cost[voucher.booked, voucher.party, category]
                    both[0] -= line.cost - kept
                    both[1] += cut - line.disallowed
        return [
            (day, (party, category), accepted, disallowed)
            for (day, party, category), (accepted, disallowed) in cost.items()
        ]

    @functools.cached_property
    def parked(self) -> dict[Key, int]:
        """The cost per (party, category) that waits for the auditor's decision, in NT$: in no other figure."""
        waiting: dict[Key, int] = {}
        for voucher in self.vouchers:
            taken = self.struck.get(id(voucher.entry))
            if taken is None or not taken.parked:
                continue
            for line, (category, kept, cut) in zip(voucher.lines, self.accepted_lines(voucher), strict=True):
                key = (voucher.party, category)
                waiting[key] = waiting.get(key, 0) + line.cost - kept - (cut - line.disallowed)
        return waiting

    def cost(self, through: datetime.date | None = None) -> dict[Key, tuple[int, int]]:
        """(accepted, disallowed) net cost per (party, category), booked through a day; budget order."""
        keys = self.award.budget_on(self.as_of) if self.award is not None else ()
        accepted, disallowed = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
        for booked, key, kept, cut in self._cost_by_day:
            if through is None or booked <= through:
                accepted[key] = accepted.get(key, 0) + kept
                disallowed[key] = disallowed.get(key, 0) + cut
        return {key: (kept, disallowed[key]) for key, kept in accepted.items()}

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

    def share(self, category: str, cost: int, approved: Approved) -> int:
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
        """The government part that each line of a voucher should bear, by the entry's id(); see `splits`.

        Findings change nothing here.
        """
        return self._splits.expected

    @functools.cached_property
    def fitting_splits(self) -> dict[int, tuple[int, ...]]:
        """As `expected_splits`, where what the order of the books gives is right too."""
        return self._splits.fitting

    @functools.cached_property
    def _splits(self) -> Splits:
        return Splits({}, {}) if self.award is None or self.scheme is None else splits_of(self)

    # --- months and vouchers ---------------------------------------------------------------------------

    @functools.cached_property
    def _months(self) -> CloseHistory:
        return close_history(self._closing)

    @functools.cached_property
    def made_closes(self) -> dict[str, directives.Close]:
        """Every close that was made, re-opened ones included, by its digest."""
        return {event.digest: event for event in self._closing if isinstance(event, directives.Close)}

    @functools.cached_property
    def closes(self) -> list[directives.Close]:
        """The closes in force, in the order in which they were made."""
        return self._months.closes

    @functools.cached_property
    def closed_months(self) -> dict[str, directives.Close]:
        """The months in force as closed, the last close of each."""
        return {close.month: close for close in self.closes}

    def closed_on(self, day: datetime.date) -> frozenset[str]:
        """The months that stood closed at the end of `day`, closes re-opened only later included."""
        return self._months.closed_on(day)

    def transactions_of(self, month: str) -> list[data.Transaction]:
        """The transactions that are booked in a month."""
        return self._by_month.get(month, [])

    @functools.cached_property
    def _by_month(self) -> dict[str, list[data.Transaction]]:
        by_day: dict[datetime.date, list[data.Transaction]] = defaultdict(list)
        for entry in self.transactions:
            by_day[entry.date].append(entry)
        by_month: dict[str, list[data.Transaction]] = defaultdict(list)
        for day, entries in by_day.items():
            by_month[month_of(day)] += entries
        return by_month

    @functools.cached_property
    def unremitted(self) -> dict[str, Withheld]:
        """What was withheld of the payee of a voucher and not paid on, by its link; negative where too much was."""
        if not self.withheld:
            return {}
        from ledger.arithmetic.withholding import Withheld  # noqa: PLC0415 -- few cases have paid a person

        left: dict[str, Withheld] = {}
        for move in self.withheld:
            tax, premium = left.get(move.link, Withheld())
            left[move.link] = Withheld(tax + move.tax, premium + move.premium)
        return {link: withheld for link, withheld in left.items() if any(withheld)}

    @functools.cached_property
    def unpaid(self) -> dict[str, int]:
        """What is still payable by the link of a voucher: positive where the company owes."""
        left: dict[str, int] = defaultdict(int)
        for voucher in self.vouchers:
            left[voucher_link(voucher.reverses) if voucher.reverses else voucher.link] += voucher.payable
        for payment in self.payments:
            left[payment.link] -= payment.amount
        for voucher in self.vouchers:
            if voucher.kind in NEVER_PAYABLE and left[voucher.link] > 0:  # as older books have it
                left[voucher.link] = 0
        return left


def _is_known(entry: data.Directive, day: datetime.date) -> bool:
    """Whether an entry is there on a day."""
    return entry.date <= day or _is_award(entry)


def _is_award(entry: data.Directive) -> bool:
    """Directives that describe the award hold whatever today is."""
    return isinstance(entry, data.Custom) and entry.type in {
        "grant-award",
        "grant-account",
        "grant-partner",
        "grant-item",
        "grant-person",
        "grant-budget",
        "grant-funding",
        "grant-required",
    }
