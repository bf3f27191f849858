"""Every record of the files of an import with what becomes of it, and where in which file it stands."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import Literal
from typing import NamedTuple

from beancount.core import data

from importers.pipeline import Foreseen
from importers.planning.bank_lines import told_apart
from importers.planning.known_lines import KnownLines
from importers.planning.line_entries import MATCHED
from importers.planning.papers.told import SetAside
from importers.planning.papers.told import Unmatched
from importers.preview import words
from importers.records import BankLine
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.entry_reader import TAKES_BACK
from ledger.model import accounts
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from ledger.util.text import fold

Outcome = Literal["voucher", "payment", "bank", "question", "set-aside", "known", "not-ours", "changed"]
"""What becomes of a record: a new voucher; a payment of vouchers; another line of the dedicated account; asked about;
set aside; in the books already; nobody's business here (counted, not kept); booked before and put right now."""


class Row(NamedTuple):
    """One record: what becomes of it and why, its day and sum (NT$, money out of the bank negative), and its place.

    `file` is its reading's name, `path` the file itself (None for what is not of these files), `row` its row there from
    1 (0: not told). `government` and `self_funded` are the shares a new voucher is split into, and `question` the id
    under which it is asked. `kind` is the word of the program for what it is, `what` the accountant's.
    """

    outcome: Outcome
    kind: str
    what: str
    number: str
    day: datetime.date | None
    amount: int | None
    who: str
    text: str
    reason: str
    file: str
    path: Path | None
    row: int = 0
    category: str = ""
    government: int = 0
    self_funded: int = 0
    question: str = ""


def rows_of(foreseen: Foreseen) -> list[Row]:
    """Every row of an import: what is booked in order of the books, then what is asked, set aside and known."""
    rows = _Rows(foreseen)
    return [*rows.booked(), *rows.asked(), *rows.changed(), *rows.left()]


class _Place(NamedTuple):
    """A record and where it stands."""

    reading: Reading
    path: Path
    record: BankLine | VoucherRecord


class _Rows:
    """One walk over an import: each record is told once, by the first outcome that it has."""

    def __init__(self, foreseen: Foreseen) -> None:
        self._foreseen = foreseen
        self._places = [
            _Place(reading, read.path, record)
            for read in foreseen.inputs.reads
            for reading in read.readings
            for record in reading.records
        ]
        self._paths = {
            reading.file: read.path for read in foreseen.inputs.reads for reading in read.readings
        } | {left.read.path.name: left.read.path for left in foreseen.inputs.not_taken}
        self._told: set[int] = set()  # the records, by their place in the list
        self._vouchers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, place in enumerate(self._places):
            if isinstance(place.record, VoucherRecord):
                self._vouchers[place.reading.file, fold(place.record.number)].append(index)
        self._numbers = self._numbers_of_links()
        self._lines, self._is_known = self._bank_lines()

    def _numbers_of_links(self) -> dict[str, str]:
        """The numbers of vouchers, new ones and those of the books, by the links of their payments."""
        if not self._foreseen.plan.entries:
            return {}
        booked = [voucher.number for voucher in self._foreseen.context.case.vouchers]
        new = [str(entry.meta["number"]) for entry in self._foreseen.plan.entries if "voucher" in entry.meta]
        return {voucher_link(number): number for number in (*booked, *new)}

    def _bank_lines(self) -> tuple[dict[str, int], set[int]]:
        """The places of bank lines by their ids, and which of them stand in the books already."""
        where = {id(place.record): index for index, place in enumerate(self._places)}
        context = self._foreseen.context
        if not self._foreseen.inputs.statements:
            return {}, set()
        removed = [str(each.record.get("import-id")) for each in context.pending.of_kind("removed")]
        known = KnownLines.booked(context.case.transactions, removed)
        ids: dict[str, int] = {}
        again: set[int] = set()
        for _statement, line, import_id, is_known in told_apart(self._foreseen.inputs.statements, known):
            index = where[id(line)]
            ids.setdefault(import_id, index)
            if is_known:
                again.add(index)
        return ids, again

    # --- what is booked --------------------------------------------------------------------------------

    def booked(self) -> Iterator[Row]:
        """The new entries, in the order of the books."""
        for entry in self._foreseen.plan.entries:
            files = str(entry.meta.get("source", "")).split("; ")
            index = self._place_of(entry, files)
            yield self._of_entry(entry, index, files[0])
        for each in self._foreseen.plan.superseded:
            files = str(each.new.meta.get("source", "")).split("; ")
            row = self._of_entry(each.new, self._place_of(each.new, files), files[0])
            yield row._replace(outcome="changed", reason=_("取代已入帳的同一張憑證"))

    def _place_of(self, entry: data.Transaction, files: Sequence[str]) -> int | None:
        """Which record of these files an entry is of. A paper that several files tell of is told by the first."""
        import_id = str(entry.meta.get("import-id", "")).removeprefix("fee:")
        if import_id in self._lines:
            self._told.add(self._lines[import_id])
            return self._lines[import_id]
        if "voucher" not in entry.meta:  # the payment that a row of a sheet tells of, after its voucher
            return next((index for file in files for index in self._paid_by(file, entry)), None)
        for number in (entry.meta.get("number"), entry.meta.get("reverses")):
            for file in files:
                index = self._next(file, str(number or ""))
                if index is not None:
                    return index
        return None

    def _paid_by(self, file: str, entry: data.Transaction) -> list[int]:
        numbers = [fold(self._numbers.get(link, link)) for link in entry.links]
        return [index for number in numbers for index in self._vouchers.get((file, number), ())]

    def _next(self, file: str, number: str) -> int | None:
        """The next record of a file with a number that nothing was told of yet; the last one where all were told."""
        places = self._vouchers.get((file, fold(number)), [])
        fresh = next((index for index in places if index not in self._told), None)
        if fresh is None:
            return places[-1] if places else None
        self._told.add(fresh)
        return fresh

    def _of_entry(self, entry: data.Transaction, index: int | None, file: str) -> Row:
        place = self._places[index] if index is not None else None
        outcome, kind, what = _kind_of(entry)
        shares = _shares(entry)
        amount = -_sum(entry, accounts.PAYABLE) if outcome == "voucher" else _moved(entry)
        if place is not None and isinstance(place.record, BankLine) and outcome != "voucher":
            amount = place.record.amount
        return Row(
            outcome,
            kind,
            what,
            str(
                entry.meta.get("number")
                or "、".join(self._numbers.get(link, link) for link in sorted(entry.links))
            ),
            entry.date,
            amount,
            entry.payee or "",
            entry.narration or "",
            str(entry.meta.get("unclear") or entry.meta.get(MATCHED) or ""),
            file,
            place.path if place else self._paths.get(file),
            place.record.row if place else 0,
            category=shares.category,
            government=shares.government,
            self_funded=shares.self_funded,
        )

    # --- what is asked, set aside, changed ---------------------------------------------------------------

    def asked(self) -> Iterator[Row]:
        """What somebody has to decide, and what was set aside with its reason."""
        report = self._foreseen.report
        every: list[Unmatched | SetAside] = [*report.unmatched, *report.set_aside]
        for each in every:
            yield self._of_record(each)

    def _of_record(self, each: Unmatched | SetAside) -> Row:
        record = each.record
        index = self._place_of_record(each.file, record)
        place = self._places[index] if index is not None else None
        is_line = "balance" in record
        number = str(record.get("number") or "")
        kind = str(record.get("kind") or ("bank-line" if is_line else ""))
        left_out = next(
            (
                row.row
                for read in self._foreseen.inputs.reads
                for reading in read.readings
                for row in reading.left_out
                if reading.file == each.file and row.record == record
            ),
            0,
        )
        return Row(
            "question" if isinstance(each, Unmatched) else "set-aside",
            kind,
            _("銀行交易") if is_line else _voucher_name(kind) if record else _("附件"),
            number,
            _day(record.get("date")),
            _amount(record),
            str(record.get("seller_name") or record.get("counterparty") or record.get("seller") or ""),
            _text_of(record) if record else each.file,
            each.reason,
            each.file,
            place.path if place else self._path(each.file),
            place.record.row if place else left_out,
            question=each.question if isinstance(each, Unmatched) else each.id,
        )

    def _path(self, file: str) -> Path | None:
        """The file of a name: its own, or the zip that holds it."""
        found = self._paths.get(file) or self._paths.get(file.partition("/")[0])
        if found is not None:
            return found
        scans = (
            read.path
            for read in self._foreseen.inputs.reads
            for scan in read.scans
            if file in {scan.name, f"{read.path.name}/{scan.name}"}
        )
        return next(scans, None)

    def _place_of_record(self, file: str, record: dict[str, Any]) -> int | None:
        for index, place in enumerate(self._places):
            if place.reading.file == file and index not in self._told and _is_same(place.record, record):
                self._told.add(index)
                return index
        return next(  # one that is booked and asked about besides
            (
                index
                for index, place in enumerate(self._places)
                if place.reading.file == file and _is_same(place.record, record)
            ),
            None,
        )

    def changed(self) -> Iterator[Row]:
        """Lines that stand in the books and are decided anew by what came."""
        for each in self._foreseen.report.rebooked:
            numbers = (
                _("付憑證 {numbers}").format(numbers=_("、").join(each.vouchers)) if each.vouchers else ""
            )
            yield Row(
                "changed", "bank-line", _("已入帳的銀行交易"), "", each.day, each.amount, "", each.narration,
                numbers or each.unclear or _("不再待認定"), each.file, None,
            )  # fmt: skip

    # --- what is left ------------------------------------------------------------------------------------

    def left(self) -> Iterator[Row]:
        """The records that nothing is done about: they are known, or not the case's."""
        for index, place in enumerate(self._places):
            if index in self._told:
                continue
            record = place.record
            if isinstance(record, BankLine):
                is_known = index in self._is_known or index not in self._lines.values()
                yield Row(
                    "known" if is_known else "not-ours", "bank-line", _("銀行交易"), "", record.date, record.amount,
                    record.counterparty, f"{record.text} {record.memo}".strip(),
                    _("已經入帳") if is_known else _("付款帳戶裡與本案無關的交易,不入帳也不保留"),
                    place.reading.file, place.path, record.row,
                )  # fmt: skip
            else:
                reason = _("營業稅申報檔只供核對,不入帳") if record.is_declared else self._known_by(record)
                yield Row(
                    "not-ours" if record.is_declared else "known", record.kind, _voucher_name(record.kind),
                    record.number, record.date, record.gross, record.seller_name or record.seller,
                    _items_of(record), reason, place.reading.file, place.path, record.row,
                )  # fmt: skip

    def _known_by(self, record: VoucherRecord) -> str:
        """Why a voucher is no new one: another file of this import tells of it, or the books do."""
        for other, place in enumerate(self._places):
            told = place.record
            if other not in self._told or not isinstance(told, VoucherRecord):
                continue
            if fold(told.number) == fold(record.number):
                return _("與「{file}」是同一張憑證").format(file=place.reading.file)
        return _("已經入帳")


# --- reading entries and records -----------------------------------------------------------------------


class _Shares(NamedTuple):
    category: str
    government: int
    self_funded: int


def _kind_of(entry: data.Transaction) -> tuple[Outcome, str, str]:
    """(outcome, the program's word, the accountant's) of a new entry."""
    meta = entry.meta
    if "voucher" in meta:
        kind = str(meta["voucher"])
        name = _voucher_name(kind)
        is_reversal = bool(meta.get("reverses")) and kind != "allowance"
        return "voucher", kind, _("沖銷 {name}").format(name=name) if is_reversal else name
    if TAKES_BACK in meta:
        return "bank", "taking-back", words.bank_line_name("taking-back")
    moves = {posting.account: whole(posting.units) for posting in entry.postings}
    if accounts.PAYABLE in moves:
        name = _("付款") if moves[accounts.PAYABLE] > 0 else _("廠商退款")
        return "payment", "payment", name
    if not moves.keys().isdisjoint(accounts.WITHHELD):
        return "payment", "remittance", _("繳納代扣款")
    kind = str(meta.get("kind") or _kind_by_accounts(moves))
    return "bank", kind, words.bank_line_name(kind)


def _kind_by_accounts(moves: dict[str, int]) -> str:
    """What a line of the dedicated account is, by where its money goes."""
    if accounts.UNEARNED in moves:
        return "instalment"
    if accounts.DUE_INTEREST in moves:
        return "interest" if moves[accounts.DUE_INTEREST] < 0 else "remit-interest"
    if accounts.DUE_SURPLUS in moves:
        return "remit-surplus"
    if accounts.WITHHELD_TAX in moves:
        return "withholding"
    return "withdrawal" if accounts.GRANT_MONEY in moves else "own-money"


def _shares(entry: data.Transaction) -> _Shares:
    """The categories of a voucher, and its government and own parts."""
    names: list[str] = []
    sums = {"government": 0, "self": 0}
    for posting in entry.postings:
        found = accounts.expense_parts(posting.account)
        if found is not None:
            fund, category = found
            name = category_name(category)
            names += [name] if name not in names else []
            if fund in sums:
                sums[fund] += whole(posting.units)
    return _Shares("、".join(names), sums["government"], sums["self"])


def _sum(entry: data.Transaction, account: str) -> int:
    return sum(whole(posting.units) for posting in entry.postings if posting.account == account)


def _moved(entry: data.Transaction) -> int:
    """What an entry moves at the bank, signed; of the company's own account what it pays."""
    at_bank = [whole(p.units) for p in entry.postings if p.account in accounts.AT_BANK]
    return sum(at_bank) if at_bank else _sum(entry, accounts.COMPANY)


def _is_same(record: BankLine | VoucherRecord, told: dict[str, Any]) -> bool:
    """Whether a record is the one that was told; a seller's name may have been filled in since it was read."""
    said = record.as_json()
    return {**said, "seller_name": ""} == {**told, "seller_name": ""}


def _day(said: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(said))
    except ValueError:
        return None


def _amount(record: dict[str, Any]) -> int | None:
    for key in ("gross", "amount", "net"):
        if isinstance(record.get(key), int):
            return int(record[key])
    return None


def _text_of(record: dict[str, Any]) -> str:
    if "items" in record:
        return "、".join(str(item.get("name", "")) for item in record["items"])
    if "balance" in record:
        return f"{record.get('text', '')} {record.get('memo', '')}".strip()
    told = ("number", "date", "kind")  # which have columns of their own
    return " ".join(str(value) for key, value in record.items() if value and key not in told)


def _items_of(record: VoucherRecord) -> str:
    return "、".join(item.name for item in record.items)


def _voucher_name(kind: str) -> str:
    names = {
        "invoice": _("統一發票"),
        "receipt": _("收據"),
        "payroll": _("薪資清冊"),
        "allowance": _("折讓單"),
        "cancel": _("作廢"),
        "void": _("註銷"),
        "reject": _("退回"),
        "foreign-invoice": _("國外發票"),
        "labour-receipt": _("勞務報酬單"),
        "requisition": _("領料單"),
        "declaration": _("進口報單"),
        "apportionment": _("分攤表"),
        "travel": _("出差旅費報告表"),
    }
    return names.get(kind, kind or _("憑證"))
