"""Whose business a record is, and whether it is complete: what is not the case's is set aside or asked about."""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Sequence

from importers.planning.categories import Known
from importers.planning.import_ids import base_id
from importers.planning.import_ids import voucher_id
from importers.planning.papers.outcome import Outcome
from importers.planning.papers.set_aside import RowJudge
from importers.planning.papers.take_backs import takes_back
from importers.planning.papers.told import SetAside
from importers.planning.papers.told import Told
from importers.planning.papers.told import Unmatched
from importers.planning.papers.waiting import waiting_id
from importers.records import BULK_FORMATS
from ledger.case.case import Case
from ledger.files.pending import PendingStore
from ledger.model.award import Award
from ledger.util.i18n import _
from ledger.util.text import fold


class Ownership:
    """Tells what is the case's among the records of one sorting.

    `removed` waits in the store for what a person took out of the books; `numbers` are those that the books hold.
    """

    def __init__(
        self, case: Case, award: Award, store: PendingStore, outcome: Outcome, numbers: Container[str]
    ) -> None:
        self._award = award
        self._store = store
        self._outcome = outcome
        self._numbers = numbers
        self._removed = {
            (base_id(str(each.record.get("import-id"))), each.amount) for each in store.of_kind("removed")
        }
        self._judge = RowJudge(Known.of(case, award), award)
        self._ours: set[str] = set()

    def learn(self, told: Sequence[Told], booked: Sequence[str]) -> None:
        """Take what is put in for the case by itself as the case's, its sellers too, and so the ids that are booked."""
        own = [each for each in told if each.format not in BULK_FORMATS and not each.record.is_declared]
        self._ours = set(booked) | {voucher_id(each.record) for each in own}
        for each in own:
            if not takes_back(each.record):
                self._judge.learn(each.record)
        self._judge.learn_rows([each.record for each in told if each.format in BULK_FORMATS])

    def is_wanted(self, told: Told) -> bool:
        """Whether a record is the case's business, still to be booked, and complete enough for that."""
        record, import_id = told.record, voucher_id(told.record)
        if not self._removed.isdisjoint({(import_id, None), (import_id, record.gross)}):
            self._outcome.count_known(told)
            return False
        if record.is_declared and self._is_declared_only(told):
            return False
        if told.format in BULK_FORMATS and not self._is_ours(told):
            return False
        if not takes_back(record) and (not record.number or record.date is None or record.net is None):
            reason = _("缺少憑證號碼、日期或金額,無法入帳")
            self._outcome.found.unmatched.append(Unmatched(told.file, record.as_json(), reason, waits=True))
            return False
        return self._is_positive(told)

    def _is_declared_only(self, told: Told) -> bool:
        """Whether a row of the VAT return books nothing; one that nothing else told of is set aside, and may be taken."""
        record = told.record
        if self._is_told(told):
            self._outcome.found.not_of_case += told.waited is None
            return True
        if record.seller in self._award.parties or not record.number:
            self._outcome.found.not_of_case += 1
            self._outcome.found.set_aside.append(SetAside(told.file, record.as_json(), _declared_reason()))
            return True
        if self._outcome.answer(told, "set-aside") == "take":
            return False
        self._outcome.let_wait(told, "set-aside", _declared_reason(), asks=False, choices=("take", "leave"))
        return True

    def _is_told(self, told: Told) -> bool:
        """Whether the books, or another record of the import, tell of what a row declares."""
        record = told.record
        return fold(record.number) in self._numbers or voucher_id(record) in self._ours

    def _is_ours(self, told: Told) -> bool:
        """Whether a row of a bulk download is the case's; else it waits, asked about or set aside."""
        if voucher_id(told.record) in self._ours or self._outcome.answer(told, "set-aside") == "take":
            return True
        left = self._store.get(waiting_id("set-aside", told.record))
        if left is not None and left.answer == "leave":  # said for good, whoever the seller turns out to be
            self._outcome.let_wait(told, "set-aside", left.reason, asks=False, choices=("take", "leave"))
            return False
        judgement = self._judge.judge(told.record)
        if judgement.is_ours:
            return True
        asks = judgement.asks and not takes_back(told.record)
        self._outcome.let_wait(told, "set-aside", judgement.reason, asks=asks, choices=("take", "leave"))
        return False

    def _is_positive(self, told: Told) -> bool:
        """Whether a paper may be booked: one with negative amounts that is no credit note is asked about."""
        record = told.record
        is_negative = (record.net or 0) < 0 or (record.gross or 0) < 0
        if not is_negative or takes_back(record) or record.kind == "allowance":
            return True
        if self._outcome.answer(told, "set-aside") == "take":
            return True
        reason = _("金額是負數({gross:,} 元),但不是折讓,沒有入帳;是折讓請改憑證種類,否則請查明").format(
            gross=record.gross or record.net or 0
        )
        self._outcome.let_wait(told, "set-aside", reason, asks=True, choices=("take", "leave"))
        return False


def _declared_reason() -> str:
    return _("營業稅申報檔只供核對,沒有入帳;只有月份,沒有日期與品名")
