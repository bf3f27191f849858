"""Digests over the content of entries: what they say, not how or where it is written.

Where an entry stands, how it is formatted, the order of its postings and metadata, and papers filed to it
later do not count; a number is itself however many zeros it is written with.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount

from ledger.model.identifiers import voucher_link

_ENTRY_LENGTH = 12
_CLOSE_LENGTH = 32
_PLACE = frozenset({"filename", "lineno", "source"})  # where an entry stands, which file told of it
_LINKED = "="
_END = "\0"  # between fields; no text of a ledger holds it


def entry_hash(entry: data.Transaction) -> str:
    """A transaction's content as a short hash: the first letters of `entry_digest`."""
    return entry_digest(entry)[:_ENTRY_LENGTH]


def is_digest_of(recorded: str, digest: str) -> bool:
    """Whether what was recorded, in full or as the short hash of older books, is this digest."""
    return len(recorded) >= _ENTRY_LENGTH and digest.startswith(recorded)


def entry_digest(entry: data.Transaction) -> str:
    """The SHA-256 of a transaction's content, in hexadecimal."""
    fields = [
        entry.date.isoformat(),
        entry.flag or "",
        entry.payee or "",
        entry.narration or "",
        *_counted(sorted(entry.links)),
        *_counted(sorted(entry.tags)),
        *_counted(_said(entry.meta)),
        *sorted([_posting(posting) for posting in entry.postings]),
    ]
    return _digest(fields, None)


def _posting(posting: data.Posting) -> str:
    meta = posting.meta
    fields = [
        posting.account,
        _plain(posting.units),
        _plain(posting.cost),
        _plain(posting.price),
        posting.flag or "",
        *(_said(meta) if meta and not meta.keys() <= _PLACE else ()),
    ]
    return _END.join(fields)


def entry_token(entry: data.Transaction) -> str:
    """The hash as a close keeps it, with the voucher's link, so that an entry that is gone can be named."""
    number = voucher_link(str(entry.meta.get("number") or ""))
    return entry_hash(entry) + (_LINKED + number if number else "")


def token_number(token: str) -> str:
    """The voucher's link in a token; empty where the entry names no voucher."""
    return token.partition(_LINKED)[2]


def close_hash(entry: data.Custom) -> str:
    """The digest of a `grant-close`: over all that it says but the digest itself.

    It says the digest of the close before, so the closes form a chain.
    """
    said = {key: value for key, value in entry.meta.items() if key != "digest"}
    values = [_plain(value.value) for value in entry.values or ()]
    return _digest([entry.date.isoformat(), *_counted(values), *_said(said)], _CLOSE_LENGTH)


def act_digest(entry: data.Custom, previous: str | None = None) -> str:
    """The SHA-256 of an audit act, in hexadecimal, by which the act after it names it.

    It is taken over what the directive says, not over how the file is written, so that any program that reads
    Beancount can check it: the UTF-8 bytes of the JSON array `[date, type, values, metadata]`, without spaces
    and with no character escaped that JSON does not want escaped. The date is `YYYY-MM-DD`; the values stand in
    their order; the metadata is an array of `[key, value]` in the order of the keys, `filename` and `lineno`
    left out. Each value is `[kind, text]`: `string` as it is, `number` in plain digits without zeros at the end
    (`30000`, `0.5`), `amount` a number, a space and the currency, `date` as above, `bool` `TRUE` or `FALSE`.
    With `previous`, the act is taken as if it named that one: so an act from before the chain is covered by it.
    """
    said = {key: value for key, value in entry.meta.items() if key not in {"filename", "lineno"}}
    if previous is not None and "previous" not in said:
        said["previous"] = previous
    values = [_typed(value.value) for value in entry.values or ()]
    meta = [[key, _typed(value)] for key, value in sorted(said.items()) if not key.startswith("__")]
    content = [entry.date.isoformat(), entry.type, values, meta]
    import json  # noqa: PLC0415 -- only a case with acts of the auditor needs it

    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _typed(value: Any) -> list[str]:
    match value:
        case bool():
            return ["bool", "TRUE" if value else "FALSE"]
        case Amount():
            return ["amount", f"{_number(value.number)} {value.currency}"]
        case Decimal():
            return ["number", _number(value)]
        case datetime.date():
            return ["date", value.isoformat()]
        case _:
            return ["string", "" if value is None else str(value)]


def _digest(fields: list[str], length: int | None) -> str:
    return hashlib.sha256(_END.join(fields).encode("utf-8", "surrogatepass")).hexdigest()[:length]


def _counted(fields: list[str]) -> list[str]:
    """Fields after their number, so that none is taken for a field of what follows."""
    return [str(len(fields)), *fields]


def _said(meta: Mapping[str, Any]) -> list[str]:
    """What metadata says, one field a key."""
    return [
        key + _END + _plain(value)
        for key, value in sorted(meta.items())
        if key not in _PLACE and value is not None and not key.startswith(("__", "document"))
    ]


def _plain(value: Any) -> str:
    """A value of the ledger as text; its kind is told by the first letter, so that `1` is not `"1"`."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, Amount):
        return f"a{_number(value.number)} {value.currency}"
    if isinstance(value, Decimal):
        return "n" + _number(value)
    if isinstance(value, datetime.date):
        return "d" + value.isoformat()
    return "o" + str(value)


def _number(number: Any) -> str:
    text = str(number)
    is_plain = text.isdigit() or not isinstance(number, Decimal)
    return text if is_plain else f"{number.normalize():f}"
