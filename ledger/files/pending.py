"""`pending.jsonl`: what a case waits for, so that no record of an import is forgotten.

One JSON object a line with sorted keys, in a stable order: rows of a download that the case did not take, voids and
credit notes that came before what they take back, records that differ from what is booked, pictures without a
voucher, ids that were removed, and answers that are no rules. The same waiting records give the same bytes.

Reading is tolerant, as the file may have been merged or edited: a line that cannot be read is kept as it is and told
in words. Only the one CaseWriter writes it.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import NamedTuple

from ledger.files import PENDING
from ledger.files.writer import CaseWriter
from ledger.util.i18n import _

KINDS = frozenset(
    {
        "set-aside",  # a row of a bulk download, or a voucher that was not booked
        "conflict",  # a record that differs from what is booked under its number
        "duplicate",  # a record that is very likely booked already
        "take-back",  # a void, cancellation, reject or credit note without what it takes back
        "bank-line",  # a line of the company's own account that may be the case's
        "document",  # a picture without a voucher
        "statement",  # a statement that cannot be read without an answer
        "removed",  # an import-id that was taken out of the books and stays out
    }
)

_ID_LENGTH = 10
_TEXTS = ("id", "kind", "file", "date", "reason", "answer")


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """One thing that waits. `amount` is NT$, money out negative; None where it has none.

    `choices` are the answers that can be given (none: it waits by itself); `asks` tells whether somebody has to give
    one, and `answer` what was given. `data` is what acting on the answer needs.
    """

    id: str
    kind: str
    file: str
    reason: str
    record: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    date: datetime.date | None = None
    amount: int | None = None
    choices: tuple[str, ...] = ()
    asks: bool = False
    answer: str = ""
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to answer it."""
        return self.asks and not self.answer

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file; what says nothing is left out."""
        said = {
            "id": self.id,
            "kind": self.kind,
            "file": self.file,
            "reason": self.reason,
            "record": dict(self.record),
            "date": self.date.isoformat() if self.date else "",
            "amount": self.amount,
            "choices": list(self.choices),
            "asks": self.asks,
            "answer": self.answer,
            "data": dict(self.data),
        }
        return {key: value for key, value in said.items() if value or (key == "amount" and value is not None)}


class BrokenLine(NamedTuple):
    """A line of the file that says nothing we know; it is kept as it is."""

    lineno: int
    text: str

    def __str__(self) -> str:
        return _("{file} 第 {line} 行讀不懂,原樣保留;這一筆不會再詢問").format(file=PENDING, line=self.lineno)


def pending_id(kind: str, *said: object) -> str:
    """The id of what waits, out of what it says: the same thing bears the same id whenever it comes."""
    text = "\0".join([kind, *(str(part) for part in said)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


class PendingStore:
    """All that waits in a case, by id."""

    def __init__(self, records: Iterable[Pending] = (), broken: Iterable[BrokenLine] = ()) -> None:
        self._records = {record.id: record for record in records}
        self.broken = tuple(broken)

    @classmethod
    def parse(cls, text: str) -> PendingStore:
        """What the text of the file says; of one id that stands there twice the answered one counts."""
        store, broken = cls(), []
        for lineno, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            record = _parsed(line)
            if record is None:
                broken.append(BrokenLine(lineno, line.rstrip("\r")))
            else:
                store.add(record)
        store.broken = tuple(broken)
        return store

    def __iter__(self) -> Iterator[Pending]:
        return iter(sorted(self._records.values(), key=_order))

    def __len__(self) -> int:
        return len(self._records)

    def get(self, id_: str) -> Pending | None:
        """What waits under an id."""
        return self._records.get(id_)

    def of_kind(self, *kinds: str) -> list[Pending]:
        """What waits of some kinds, in the order of the file."""
        return [record for record in self if record.kind in kinds]

    def add(self, record: Pending) -> Pending:
        """Let something wait; an answer that was given to it before stays given. Gives what waits now."""
        before = self._records.get(record.id)
        if before is not None and before.answer and not record.answer:
            record = dataclasses.replace(record, answer=before.answer)
        self._records[record.id] = record
        return record

    def answer(self, id_: str, answer: str, **data: object) -> Pending:
        """Keep an answer, with what else was said. Raises KeyError where nothing waits under the id."""
        record = self._records[id_]
        self._records[id_] = dataclasses.replace(record, answer=answer, data={**record.data, **data})
        return self._records[id_]

    def drop(self, id_: str) -> None:
        """Let something wait no longer."""
        self._records.pop(id_, None)

    def text(self) -> str:
        """The text of the file: the records in a stable order, then the lines that nobody could read."""
        lines = [
            json.dumps(record.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            for record in self
        ]
        return "".join(f"{line}\n" for line in [*lines, *(broken.text for broken in self.broken)])

    def stage(self, writer: CaseWriter) -> None:
        """Stage the file where it changes; a case in which nothing waits needs none."""
        text = self.text()
        if writer.text(PENDING) != text:
            writer.write(PENDING, text)


def read_pending(folder: Path) -> PendingStore:
    """What waits in the case in `folder`; nothing where there is no file."""
    path = folder / PENDING
    content = path.read_bytes() if path.is_file() else b""
    return PendingStore.parse(content.decode("utf-8-sig", "surrogateescape"))


def _order(record: Pending) -> tuple[str, str, str]:
    return (record.date.isoformat() if record.date else "", record.kind, record.id)


def _parsed(line: str) -> Pending | None:
    """The record of a line; None where it is none."""
    try:
        said = json.loads(line)
        texts = {name: said.get(name, "") for name in _TEXTS}
        amount, choices = said.get("amount"), said.get("choices", [])
        record, data = said.get("record", {}), said.get("data", {})
        day = datetime.date.fromisoformat(texts.pop("date")) if texts["date"] else texts.pop("date") or None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    is_sound = (
        all(isinstance(text, str) for text in texts.values())
        and texts["id"]
        and texts["kind"] in KINDS
        and isinstance(record, dict)
        and isinstance(data, dict)
        and isinstance(choices, list)
        and all(isinstance(choice, str) for choice in choices)
        and (amount is None or (isinstance(amount, int) and not isinstance(amount, bool)))
    )
    if not is_sound:
        return None
    return Pending(
        **texts,
        record=record,
        date=day,
        amount=amount,
        choices=tuple(choices),
        asks=said.get("asks") is True,
        data=data,
    )
