"""The grammar of a case's custom directives, in one place: read them, write them.

2023-06-01 custom "grant-award" "112-納管-0456"      scheme company ubn representative title filed start end guarantee
                                                     guarantee-until contract address telephone
2023-06-01 custom "grant-account" "223706683363"     bank role("dedicated"|"payment") party opened
2023-06-01 custom "grant-partner" "12345675"         name representative
2023-06-01 custom "grant-budget" "equipment" 600000 TWD 600000 TWD         party approval
2023-06-01 custom "grant-item" "equipment" "冷卻模組" 600000 TWD 600000 TWD  quantity unit supplier domestic brand model
                                                     party
2023-06-01 custom "grant-person" "王大明"             role insured months other-months salary since until party
2023-07-31 custom "grant-close" "2023-07"            entitlement withdrawable withdrawn (a category's id) findings
                                                     previous above digest entries late late-YYYY-MM early
2023-08-05 custom "grant-reopen" "2023-07"           reason
2023-07-31 custom "grant-late" "2023-07"             entries previous digest: what an import booked after the close
2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB12345678"     reason approval
2024-06-20 custom "grant-finding" "F-001"            voucher voucher-id check declared deducted state digest papers by
                                                     act("finding"|"reply"|"sign-off") comment clause replaces typed
2024-06-20 custom "grant-sample" "S-001"             method seed size population vouchers by reason typed
2024-06-22 custom "grant-waiver-decision" "voucher-outside-period" "AB12345678"     act("confirmed"|"refused") digest
                                                     by reason typed
2024-06-30 custom "grant-merge" "M-001"              base theirs acts: the acts after it, as they came back
                                                     every audit act also: previous (`entries.digest.act_digest`)
2024-06-25 custom "grant-evidence" "factory-registration" "documents/…pdf"
2024-07-01 custom "grant-deduction" 10000 TWD "why"
Milestones, other funding and papers asked for: `milestones`; time sheets: `timesheets`.
"""

import datetime
import re
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import TypeVar

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser.grammar import ValueType

from ledger.errors import GrantError
from ledger.model.accounts import CURRENCY
from ledger.util.text import one_line

PREFIX = "grant-"
TYPES = frozenset(
    PREFIX + name
    for name in (
        "award",
        "account",
        "partner",
        "budget",
        "item",
        "person",
        "close",
        "reopen",
        "late",
        "waiver",
        "finding",
        "sample",
        "waiver-decision",
        "merge",
        "evidence",
        "deduction",
        "milestone",
        "funding",
        "income",
        "required",
        "timesheet",
    )
)
_SQUEEZED = frozenset(name.replace("-", "") for name in TYPES)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_LATE = re.compile(r"late-\d{4}-\d{2}")
_FIGURE = re.compile(r"entitlement|withdrawable|withdrawn|.*-\d{8}")  # of a close, beside its categories

FINDING_STATES = frozenset({"open", "parked", "disallowed", "accepted", "replied"})
ActKind = Literal["finding", "reply", "sign-off"]

Part = TypeVar("Part")


class DirectiveError(GrantError):
    """A directive of ours whose arguments or metadata do not follow the grammar; `entry` is it, where known."""

    def __init__(self, reason: str, entry: data.Custom | None = None) -> None:
        super().__init__(reason)
        self.entry = entry


class Close(NamedTuple):
    """A month declared final."""

    date: datetime.date
    month: str
    entitlement: int
    withdrawable: int
    previous: str
    digest: str
    entries: tuple[str, ...]
    entry: data.Custom
    above: str = ""  # the mark of the text above it in its file
    by_category: dict[str, int] | None = None  # what it certified of each category; None in old books
    late: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 -- of earlier months: what came in since, by month
    seals_late: bool = False  # whether what comes into a closed month has to be announced


class Late(NamedTuple):
    """What an import booked into a month that was closed already: the tokens of its entries."""

    date: datetime.date
    month: str
    entries: tuple[str, ...]
    previous: str  # the digest of the last close then
    digest: str
    entry: data.Custom


class Reopen(NamedTuple):
    """A closed month opened again, and why; the months after it open with it."""

    date: datetime.date
    month: str
    reason: str
    entry: data.Custom


class Waiver(NamedTuple):
    """What a company says the authority agreed to let pass: a claim, until the auditor confirms it."""

    date: datetime.date
    check: str
    subject: str
    reason: str
    approval: str
    entry: data.Custom


class WaiverDecision(NamedTuple):
    """The auditor's answer to a claimed waiver; `claim` is the digest of the claim that was answered."""

    date: datetime.date
    check: str
    subject: str
    is_confirmed: bool
    claim: str
    by: str
    reason: str
    entry: data.Custom


class AuditFinding(NamedTuple):
    """An act about a voucher under a finding's id: the auditor's judgement, a reply to it, or the second signature."""

    date: datetime.date
    id: str
    voucher: str
    check: str
    declared: int | None
    deducted: int | None
    state: str
    entry: data.Custom

    @property
    def kind(self) -> ActKind:
        """Which of the three it is; what says nothing is a judgement."""
        named = self.entry.meta.get("act")
        return named if named in {"reply", "sign-off"} else "finding"

    @property
    def by(self) -> str:
        """Whose words they are."""
        return text_of(self.entry, "by")

    @property
    def comment(self) -> str:
        """The words."""
        return text_of(self.entry, "comment")

    @property
    def clause(self) -> str:
        """The clause that a judgement names."""
        return text_of(self.entry, "clause")

    @property
    def error_type(self) -> str:
        """The kind of error (`ledger.model.error_types`); empty where a judgement names none."""
        return text_of(self.entry, "error-type")

    @property
    def due(self) -> datetime.date | None:
        """The day by which an answer is asked for."""
        due = self.entry.meta.get("due")
        return due if isinstance(due, datetime.date) else None

    @property
    def is_typed(self) -> bool:
        """Whether the name was typed and not that of who was logged in."""
        return self.entry.meta.get("typed") is True

    @property
    def replaces(self) -> tuple[str, ...]:
        """The digests of the judgements that this one takes the place of; or the finding's id, for all before."""
        return tuple(text_of(self.entry, "replaces").split())


class Sample(NamedTuple):
    """Vouchers drawn to be looked at: how, from which population (its digest), and which they were."""

    date: datetime.date
    id: str
    method: str
    seed: str
    size: int
    population: str
    vouchers: tuple[str, ...]
    entry: data.Custom

    @property
    def is_sealed(self) -> bool:
        """Whether only the population was fixed: the vouchers are drawn when the public seed is out."""
        return text_of(self.entry, "act") == "sealed"

    @property
    def seed_source(self) -> str:
        """Which public number the seed is, named before it was out."""
        return text_of(self.entry, "seed-source")


class FiledEvidence(NamedTuple):
    """A paper that the scheme wants at the end."""

    date: datetime.date
    kind: str
    path: str
    entry: data.Custom


class Deduction(NamedTuple):
    """A performance deduction that the authority decided, in NT$."""

    date: datetime.date
    amount: int
    reason: str
    entry: data.Custom


# --- reading -------------------------------------------------------------------------------------------


def whole(value: object) -> int:
    """A whole NT$ amount from an Amount or a number. Raises DirectiveError otherwise."""
    number: object = value
    if isinstance(value, Amount):
        number, currency = value
        number = number if currency == CURRENCY else None
    if isinstance(number, Decimal):
        try:
            result = int(number)
        except (ValueError, OverflowError):  # not a number, or without end
            raise DirectiveError(str(value)) from None
        if result == number:
            return result
    raise DirectiveError(str(value))


def values_of(entry: data.Custom, *types: type) -> list[Any]:
    """A directive's values, of at least these types. Raises DirectiveError otherwise."""
    values = [value.value for value in entry.values or ()]  # None where there are none
    if len(values) < len(types) or not all(
        isinstance(value, kind) for value, kind in zip(values, types, strict=False)
    ):
        raise DirectiveError(entry.type)
    return values


def required_date(entry: data.Custom, key: str, default: datetime.date | None = None) -> datetime.date:
    """A date of the metadata, or `default`. Raises DirectiveError where it is no date."""
    value = entry.meta.get(key, default)
    if not isinstance(value, datetime.date):
        raise DirectiveError(f"{entry.type}: {key}")
    return value


def optional_date(entry: data.Custom, key: str) -> datetime.date | None:
    """A date of the metadata; None where there is none. Raises DirectiveError where it is no date."""
    return None if entry.meta.get(key) is None else required_date(entry, key)


def text_of(entry: data.Custom, key: str) -> str:
    """A text of the metadata; empty where there is none."""
    value = entry.meta.get(key)
    return "" if value is None else str(value)


def _count(entry: data.Custom, key: str) -> int:
    return whole(entry.meta.get(key, Decimal(0)))


def optional_amount(entry: data.Custom, key: str) -> int | None:
    """An amount of the metadata in NT$; None where there is none. Raises DirectiveError where it is not whole."""
    value = entry.meta.get(key)
    return None if value is None else whole(value)


def is_ours(name: str) -> bool:
    """Whether a directive is meant for this program: by its name, or by one so near that it is mistyped."""
    return name.startswith(PREFIX) or re.sub("[^a-z]", "", name.casefold()) in _SQUEEZED


def read_close(entry: data.Custom) -> Close:
    """One `grant-close`."""
    amounts = {key: value for key, value in entry.meta.items() if isinstance(value, Amount)}
    late = {key: text_of(entry, key) for key in entry.meta if _LATE.fullmatch(key)}
    return Close(
        entry.date,
        _month(entry),
        _count(entry, "entitlement"),
        _count(entry, "withdrawable"),
        text_of(entry, "previous"),
        text_of(entry, "digest"),
        tuple(text_of(entry, "entries").split()),
        entry,
        text_of(entry, "above"),
        {key: whole(value) for key, value in amounts.items() if not _FIGURE.fullmatch(key)},
        {key.removeprefix("late-"): tuple(tokens.split()) for key, tokens in late.items()},
        "late" in entry.meta,
    )


def read_late(entry: data.Custom) -> Late:
    """One `grant-late`."""
    return Late(
        entry.date,
        _month(entry),
        tuple(text_of(entry, "entries").split()),
        text_of(entry, "previous"),
        text_of(entry, "digest"),
        entry,
    )


def read_reopen(entry: data.Custom) -> Reopen:
    """One `grant-reopen`. A month is not re-opened without a reason: raises DirectiveError."""
    reason = text_of(entry, "reason").strip()
    if not reason:
        raise DirectiveError(f"{entry.type}: reason")
    return Reopen(entry.date, _month(entry), reason, entry)


def _month(entry: data.Custom) -> str:
    month = str(values_of(entry, str)[0])
    if _MONTH.fullmatch(month) is None:
        raise DirectiveError(f"{entry.type}: {month}")
    return month


def read_waiver(entry: data.Custom) -> Waiver:
    """One `grant-waiver`."""
    check, subject = values_of(entry, str, str)[:2]
    return Waiver(entry.date, check, subject, text_of(entry, "reason"), text_of(entry, "approval"), entry)


def read_waiver_decision(entry: data.Custom) -> WaiverDecision:
    """One `grant-waiver-decision`. Raises DirectiveError for an act that is none."""
    check, subject = values_of(entry, str, str)[:2]
    act = text_of(entry, "act")
    if act not in {"confirmed", "refused"}:
        raise DirectiveError(f"{entry.type}: act")
    return WaiverDecision(
        entry.date,
        check,
        subject,
        act == "confirmed",
        text_of(entry, "digest"),
        text_of(entry, "by"),
        text_of(entry, "reason"),
        entry,
    )


def read_finding(entry: data.Custom) -> AuditFinding:
    """One `grant-finding`. `replied` in older files is `open`: a reply is words and no state.

    Raises DirectiveError for a state that is none.
    """
    state = text_of(entry, "state") or "open"
    if state not in FINDING_STATES:
        raise DirectiveError(f"{entry.type}: state {state}")
    return AuditFinding(
        entry.date,
        str(values_of(entry, str)[0]),
        text_of(entry, "voucher"),
        text_of(entry, "check"),
        optional_amount(entry, "declared"),
        optional_amount(entry, "deducted"),
        text_of(entry, "state") or "open",
        entry,
    )


def read_sample(entry: data.Custom) -> Sample:
    """One `grant-sample`."""
    return Sample(
        entry.date,
        str(values_of(entry, str)[0]),
        text_of(entry, "method"),
        text_of(entry, "seed"),
        _count(entry, "size"),
        text_of(entry, "population"),
        tuple(text_of(entry, "vouchers").split()),
        entry,
    )


def read_evidence(entry: data.Custom) -> FiledEvidence:
    """One `grant-evidence`."""
    kind, path = values_of(entry, str, str)[:2]
    return FiledEvidence(entry.date, kind, path, entry)


def read_deduction(entry: data.Custom) -> Deduction:
    """One `grant-deduction`."""
    amount, reason = values_of(entry, Amount, str)[:2]
    return Deduction(entry.date, whole(amount), reason, entry)


# --- writing -------------------------------------------------------------------------------------------


def twd(amount: int) -> Amount:
    """A Beancount amount of NT$."""
    return Amount(Decimal(amount), CURRENCY)


def custom(day: datetime.date, name: str, /, *values: str | Amount, **meta: Any) -> data.Custom:
    """A directive of ours; metadata names are written with `_` for `-`, and None leaves one out."""
    kept = {key.replace("_", "-"): _meta(value) for key, value in meta.items() if value not in {None, ""}}
    lines = [one_line(value) if isinstance(value, str) else value for value in values]
    return data.Custom(kept, day, PREFIX + name, [ValueType(value, type(value)) for value in lines])


def _meta(value: Any) -> Any:
    """A metadata value that Beancount can print: whole numbers as Decimal, texts on one line."""
    if isinstance(value, str):
        return one_line(value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
