"""The fields of a form as values; what is wrong is told with the field's own name, never taken for something else."""

from __future__ import annotations

import datetime
from decimal import Decimal
from decimal import InvalidOperation

from audit.web.query import Query
from ledger.errors import GrantError
from ledger.util.dates import parse_date
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import whole_dollars

_TOO_MUCH = 10**12  # NT$; a slip of the hand


class FieldError(GrantError):
    """A field that was filled in wrongly; the message names it and says what is allowed."""


def amount_of(form: Query, name: str, label: str) -> int | None:
    """A sum in whole NT$ that is no debt, as `whole_amount` reads it; None where nothing was filled in. Raises FieldError."""
    said = form.text(name)
    if not said:
        return None
    amount = whole_dollars(said)
    if amount is None or not 0 <= amount < _TOO_MUCH:
        raise FieldError(_("{label}要填整數元,不是「{text}」").format(label=label, text=said))
    return amount


def whole_amount(text: str) -> int:
    """A sum in whole NT$ as banks and sheets print it. Raises FieldError."""
    amount = whole_dollars(text)
    if amount is None:
        raise FieldError(_("金額要填整數元,不是「{value}」").format(value=text))
    return amount


def number_of(form: Query, name: str, label: str) -> Decimal | None:
    """A quantity, decimals allowed; None where nothing was filled in. Raises FieldError."""
    text = fold(form.text(name)).replace(",", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and number >= 0):
        raise FieldError(_("{label}要填數字,不是「{text}」").format(label=label, text=form.text(name)))
    return number


def date_of(form: Query, name: str, label: str) -> datetime.date | None:
    """A day, of either calendar; None where nothing was filled in. Raises FieldError."""
    text = form.text(name)
    if not text:
        return None
    day = parse_date(text)
    if day is None:
        raise FieldError(
            _("{label}要填日期(例如 2023-06-15 或 112/06/15),不是「{text}」").format(label=label, text=text)
        )
    return day


def needed_date(form: Query, name: str, label: str) -> datetime.date:
    """A day that has to be there. Raises FieldError."""
    day = date_of(form, name, label)
    if day is None:
        raise FieldError(_("請填{label}").format(label=label))
    return day


def needed_amount(form: Query, name: str, label: str) -> int:
    """A sum that has to be there. Raises FieldError."""
    amount = amount_of(form, name, label)
    if amount is None:
        raise FieldError(_("請填{label}").format(label=label))
    return amount


def needed_text(form: Query, name: str, label: str) -> str:
    """Words that have to be there. Raises FieldError."""
    text = form.text(name)
    if not text:
        raise FieldError(_("請填{label}").format(label=label))
    return text
