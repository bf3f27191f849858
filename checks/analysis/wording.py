"""How findings say things: amounts, shares, vouchers, and the note on rules that are only assumed."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from checks.engine.finding import Claim
from ledger.case.case import Voucher
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.model.directives import Waiver
from ledger.schemes.categories import category_name
from ledger.schemes.model import UNSURE
from ledger.schemes.model import Confidence
from ledger.util.i18n import _


def money(amount: int) -> str:
    """`1,234 元`."""
    return _("{amount} 元").format(amount=f"{amount:,}")


def percent(ratio: Decimal) -> str:
    """`30%` from 0.30."""
    return f"{(ratio * 100).normalize():f}%"


def count(number: Decimal) -> str:
    """A quantity without trailing zeros."""
    return f"{number.normalize():f}"


def assumption() -> str:
    """The note itself."""
    return _("(此為推定規定,請洽承辦人)")


class HasConfidence(Protocol):
    """Anything of a scheme that says how sure it is."""

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""


def assumed(*rules: HasConfidence | None) -> str:
    """The note that a finding ends with where one of its numbers is not this programme's own published rule."""
    return assumption() if any(rule is not None and rule.confidence in UNSURE for rule in rules) else ""


def label(voucher: Voucher) -> str:
    """What to call a voucher: its number, else the day and narration of its entry."""
    if voucher.number:
        return voucher.number
    entry = voucher.entry
    return _("{date}「{narration}」").format(date=entry.date, narration=entry.narration or entry.payee or "")


def category(award: Award, key: Key) -> str:
    """A category's name, with the party's where the case has partners."""
    party, name = key[0], category_name(key[1])
    if not award.partners:
        return name
    return _("{party}的{category}").format(party=award.party_name(party), category=name)


def several(names: list[str]) -> str:
    """Names in a row: `甲、乙、丙`."""
    return _("、").join(names)


def waived(waiver: Waiver) -> str:
    """When, why and by whose approval a finding was waived."""
    return _("{date} 放行,理由:{reason};核准:{approval}").format(
        date=waiver.date, reason=waiver.reason or _("未載明"), approval=waiver.approval or _("未載明")
    )


def claimed(claim: Claim | None) -> str:
    """What the company claims of a finding; empty where it claims nothing."""
    if claim is None:
        return ""
    return _("業者主張經核准放行,待查核人員核定;理由:{reason};核准:{approval}").format(
        reason=claim.reason or _("未載明"), approval=claim.approval or _("未載明")
    )
