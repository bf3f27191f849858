"""From readings to what is new: routes of one voucher joined, what is known left out, what is doubtful asked.

Nothing that was read is lost: a record is booked, known, asked about, set aside with its reason, or waits in
`pending.jsonl` for what it takes back; what waits is judged again with every import.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Sequence

from importers.planning.import_ids import another
from importers.planning.import_ids import base_id
from importers.planning.import_ids import voucher_id
from importers.planning.papers.outcome import Outcome
from importers.planning.papers.ownership import Ownership
from importers.planning.papers.same_paper import booked_by_id
from importers.planning.papers.same_paper import categories_differ
from importers.planning.papers.same_paper import categories_of
from importers.planning.papers.same_paper import changed_category
from importers.planning.papers.same_paper import completed
from importers.planning.papers.same_paper import difference
from importers.planning.papers.same_paper import import_id_of
from importers.planning.papers.same_paper import is_booked_as
from importers.planning.papers.same_paper import joined
from importers.planning.papers.same_paper import same_paper
from importers.planning.papers.same_paper import same_seller
from importers.planning.papers.sort_credits import CreditNotes
from importers.planning.papers.take_backs import VOID
from importers.planning.papers.take_backs import Event
from importers.planning.papers.take_backs import Target
from importers.planning.papers.take_backs import assign
from importers.planning.papers.take_backs import booked_targets
from importers.planning.papers.take_backs import frees_number
from importers.planning.papers.take_backs import original_day
from importers.planning.papers.take_backs import takes_back
from importers.planning.papers.take_backs import waiting_reason
from importers.planning.papers.told import Gathered
from importers.planning.papers.told import NewVoucher
from importers.planning.papers.told import Reversal
from importers.planning.papers.told import Told
from importers.planning.papers.waiting import named
from importers.planning.papers.waiting import waited_records
from importers.planning.papers.waiting import waiting_id
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.files.pending import PendingStore
from ledger.model.award import Award
from ledger.model.award import Item
from ledger.schemes.categories import category_name
from ledger.schemes.categories import category_named
from ledger.util.i18n import _
from ledger.util.text import fold

_ROUTES = (
    "mig-xml",
    "platform-xlsx",
    "invoice-qr",
    "cloud-invoice-csv",
    "carrier-csv",
    "voucher-sheet",
    "payroll-sheet",
)


def gather(
    readings: Sequence[Reading],
    case: Case,
    award: Award,
    store: PendingStore | None = None,
) -> Gathered:
    """Sort the voucher records of all readings, and those that have waited in `store`.

    The same number and the same item by two routes is one voucher. The same number with another item or
    amount is, within one import, a voucher of its own, booked and left to the checks; one that differs from what an
    earlier import booked is a question and not booked.
    """
    return _Gathering(case, award, store or PendingStore()).run(readings)


class _Gathering:
    """One sorting: what the books know, what has been answered, and what it comes to so far."""

    def __init__(self, case: Case, award: Award, store: PendingStore) -> None:
        self._case = case
        self._award = award
        self._store = store
        self._outcome = Outcome(store)
        self._booked = booked_by_id(case)
        self._targets = booked_targets(case)
        self._by_number: dict[tuple[str, str], list[Voucher]] = defaultdict(list)
        for voucher in case.vouchers:
            if not voucher.reverses:
                self._by_number[voucher.kind, fold(voucher.number)].append(voucher)
        self._freeing: set[str] = set()  # the numbers that are being freed
        self._awaited: set[tuple[str, datetime.date]] = (
            set()
        )  # (number, day) of papers whose cancellation is here
        self._credits = CreditNotes(case, self._outcome, self._booked)
        self._ownership = Ownership(case, award, store, self._outcome, self._targets)

    def run(self, readings: Sequence[Reading]) -> Gathered:
        """Sort everything."""
        names = _sellers(readings, self._case)
        told = [
            Told(named(record, names), reading.file, reading.format)
            for reading in sorted(readings, key=_route)
            for record in reading.records
            if isinstance(record, VoucherRecord)
        ]
        told += waited_records(self._store, names)
        self._ownership.learn(told, list(self._booked))
        groups: dict[str, list[Told]] = defaultdict(list)
        events: dict[str, list[tuple[Told, Event]]] = defaultdict(list)
        for each in told:
            if not self._ownership.is_wanted(each):
                continue
            if takes_back(each.record):
                event = Event(
                    each.record, each.file, is_told=self._outcome.answer(each, "take-back") == "take"
                )
                events[fold(each.record.number)].append((each, event))
            else:
                groups[voucher_id(each.record)].append(each)
        for number, found in events.items():
            assign([event for _told, event in found], self._targets.get(number, ()))
        self._freeing = {
            number
            for number, found in events.items()
            if any(frees_number(event.record) for _told, event in found)
        }
        self._awaited = {
            (number, day)
            for number, found in events.items()
            for _told, event in found
            if event.target is None and (day := original_day(event.record)) is not None
        }
        for import_id, group in groups.items():
            self._sort_group(import_id, group)
        self._credits.drop_unfounded(self._targets)
        for number, found in events.items():
            self._take_back(number, found)
        return self._outcome.found

    # --- the records of one paper ----------------------------------------------------------------------

    def _sort_group(self, import_id: str, group: Sequence[Told]) -> None:
        """One paper's records: routes joined, the known left out, the doubtful asked."""
        fresh: list[NewVoucher] = []
        for told in group:
            twin = next((new for new in fresh if self._is_twin(new, told)), None)
            message = next((new for new in fresh if _are_two_messages(new, told)), None)
            if twin is not None:
                self._join(twin, told)
            elif message is not None and fold(told.record.number) not in self._freeing:
                self._maybe_issued_again(import_id, told, message, fresh)
            elif told.record.kind == "allowance":
                self._credits.sort(import_id, told, fresh, self._new)
            else:
                self._sort_paper(import_id, told, fresh)
        if import_id.startswith("allowance:"):
            self._outcome.found.allowances += fresh
        else:
            self._outcome.found.new += fresh

    def _join(self, new: NewVoucher, told: Told) -> None:
        """Another record of a new paper; asked about where the two rows name different categories."""
        before, category = new.record.category, told.record.category
        differs, answer = categories_differ(new.record, told.record), self._outcome.answer(told, "conflict")
        new.record = joined(new.record, told.record)
        new.files.append(told.file)
        if differs and answer not in {"replace", "ignore"}:
            reason = _("兩列同一張憑證的會計科目不同({old}、{new}),依前者入帳;請查明")
            self._outcome.ask(
                told, "conflict", reason.format(old=before, new=category), ("replace", "ignore")
            )
            return
        if differs and answer == "replace":
            new.record = dataclasses.replace(new.record, category=category)
        self._outcome.count_known(told)

    def _is_twin(self, new: NewVoucher, told: Told) -> bool:
        """Whether a record tells of a new paper by another route.

        Where the number is being freed (註銷), two messages that say the same may be two papers; but what waits and
        lies in the inbox still is one.
        """
        if told.waited is not None and told.waited.id == waiting_id(told.waited.kind, new.record):
            return True
        may_be_two = fold(told.record.number) in self._freeing and new.format == told.format
        return same_paper(new.record, told.record) and not may_be_two and not _are_two_messages(new, told)

    def _sort_paper(self, import_id: str, told: Told, fresh: list[NewVoucher]) -> None:
        """A paper that is no credit note: new, known, or to be asked about."""
        booked = self._booked.get(import_id, [])
        if booked and self._is_awaited(told.record) and not any(v.date == told.record.date for v in booked):
            self._new(import_id, told, fresh)  # what takes it back came before it
            return
        same = [voucher for voucher in booked if is_booked_as(told.record, voucher)]
        booked_now = [voucher for voucher in booked if not self._target(voucher).is_reversed]
        same_now = [voucher for voucher in same if voucher in booked_now]
        if same_now:
            self._same_again(import_id, told, same_now, fresh)
        elif same:
            self._same_after_reversal(import_id, told, same, fresh)
        elif booked_now:
            self._conflict(import_id, told, booked_now[0], fresh)
        elif booked and not any(self._target(voucher).is_freed for voucher in booked):
            self._used_up(import_id, told, fresh)
        elif not booked and (double := self._double_of(told.record)):
            self._maybe_double(import_id, told, double, fresh)
        else:
            self._new(import_id, told, fresh)

    def _new(self, import_id: str, told: Told, fresh: list[NewVoucher]) -> NewVoucher:
        place = len(self._booked.get(import_id, ())) + len(fresh) + 1
        new = NewVoucher(another(import_id, place), told.record, [told.file], told.format, waited=told.waited)
        fresh.append(new)
        return new

    def _same_again(
        self, import_id: str, told: Told, same: Sequence[Voucher], fresh: list[NewVoucher]
    ) -> None:
        """The same again: known, unless the message itself bears another day, as after a 註銷 that has not come."""
        of_day = next((voucher for voucher in same if voucher.date == told.record.date), None)
        is_message = _are_both_messages(told, same[0])
        answer = self._outcome.answer(told, "duplicate")
        if of_day is not None or not is_message or answer == "same":
            self._known_again(import_id, told, of_day or same[0])
        elif answer == "different":
            self._new(import_id, told, fresh)
        else:
            self._ask_of_two_messages(told)

    def _ask_of_two_messages(self, told: Told) -> None:
        reason = _("號碼 {number} 的兩則發票訊息金額相同、日期不同:是同一張,還是註銷後重新開立的?沒有入帳")
        self._outcome.ask(told, "duplicate", reason.format(number=told.record.number), ("same", "different"))

    def _maybe_issued_again(
        self, import_id: str, told: Told, message: NewVoucher, fresh: list[NewVoucher]
    ) -> None:
        """A message of the number and the sum of a new one, but of another day: as `_same_again`, in one import."""
        answer = self._outcome.answer(told, "duplicate")
        if answer == "same":
            self._join(message, told)
        elif answer == "different":
            self._new(import_id, told, fresh)
        else:
            self._ask_of_two_messages(told)

    def _is_awaited(self, record: VoucherRecord) -> bool:
        """Whether a cancellation that fits nothing in the books names this very paper."""
        return record.date is not None and (fold(record.number), record.date) in self._awaited

    def _used_up(self, import_id: str, told: Told, fresh: list[NewVoucher]) -> None:
        """Another paper under a number that was cancelled (作廢), which may not be used again."""
        answer = self._outcome.answer(told, "conflict")
        if answer == "ignore":
            self._outcome.count_known(told)
        elif answer == "keep-both":
            self._new(import_id, told, fresh)
        else:
            reason = _(
                "號碼 {number} 的憑證已作廢,作廢的號碼不能再用,又出現同號而內容不同的憑證({gross:,} 元),沒有入帳;請查明"
            ).format(number=told.record.number, gross=told.record.gross or 0)
            self._outcome.ask(told, "conflict", reason, ("keep-both", "ignore"), conflicts=True)

    def _known_again(self, import_id: str, told: Told, voucher: Voucher) -> None:
        """A record that is booked; asked about where its row now names another category than it did."""
        changed = changed_category(told.record, voucher)
        if changed and self._outcome.answer(told, "conflict") not in {"ignore", "keep-both"}:
            if self._outcome.answer(told, "conflict") == "replace":
                new = NewVoucher(
                    import_id, told.record, [told.file], told.format, replaces=import_id_of(voucher)
                )
                self._outcome.found.new.append(new)
                return
            reason = _("同一張憑證已入帳,但會計科目不同(原 {old},現 {new}),沒有更動;請查明").format(
                old=categories_of(voucher), new=told.record.category
            )
            approved = self._approved_elsewhere(told.record)
            if approved:
                reason += _(
                    "。品名「{item}」核定在{category},取代後仍依核定科目入帳;要改科目請用 grant correct"
                ).format(item=approved.name, category=category_name(approved.category))
            self._outcome.ask(told, "conflict", reason, ("replace", "ignore"))
            return
        self._outcome.count_known(told)
        self._outcome.found.completed += completed(told, voucher, self._case)
        if told.record.paid is not None:
            self._outcome.found.paid.append(NewVoucher(import_id, told.record, [told.file], told.format))

    def _approved_elsewhere(self, record: VoucherRecord) -> Item | None:
        """The approved item of a row that decides its category, whatever the row says."""
        named = (self._award.item_named(item.name) for item in record.items)
        return next(
            (item for item in named if item and item.category != category_named(record.category)), None
        )

    def _same_after_reversal(
        self, import_id: str, told: Told, same: Sequence[Voucher], fresh: list[NewVoucher]
    ) -> None:
        """The same again after it was taken back: a paper that comes again, or one that took up a freed number."""
        target = self._target(same[0])
        day, taken_back = told.record.date, target.event_date
        is_later = day is not None and taken_back is not None and day > taken_back
        is_another = is_later and told.format == "mig-xml" and all(voucher.date != day for voucher in same)
        # of its day by another route: the register's row of a message, or the message of a row
        is_its_row = any(voucher.date == day and not _are_both_messages(told, voucher) for voucher in same)
        if (
            is_its_row
            or self._outcome.answer(told, "duplicate") == "same"
            or not (target.is_freed or is_another)
        ):
            self._known_again(import_id, told, same[0])
        elif not target.is_freed and self._outcome.answer(told, "duplicate") != "different":
            self._ask_reissued(told)
        elif is_later or self._outcome.answer(told, "duplicate") == "different":
            self._new(import_id, told, fresh)
        else:
            self._ask_reissued(told)

    def _ask_reissued(self, told: Told) -> None:
        reason = _(
            "號碼 {number} 作廢或註銷後又出現同號同金額的憑證:是原來那張,還是重新開立的?沒有入帳"
        ).format(number=told.record.number)
        self._outcome.ask(told, "duplicate", reason, ("different", "same"))

    def _conflict(self, import_id: str, told: Told, voucher: Voucher, fresh: list[NewVoucher]) -> None:
        """A record that differs from what an earlier import booked under its number."""
        answer = self._outcome.answer(told, "conflict")
        if answer == "ignore":
            self._outcome.count_known(told)
        elif answer == "keep-both":
            self._new(import_id, told, fresh)
        elif answer == "replace":
            self._new(import_id, told, fresh).replaces = import_id_of(voucher)
        else:
            self._outcome.ask(
                told, "conflict", difference(told.record, voucher), ("replace", "keep-both", "ignore"),
                conflicts=True,
            )  # fmt: skip

    def _double_of(self, record: VoucherRecord) -> Voucher | None:
        """A booked voucher under another id that is very likely this paper: its number, kind and sum are the same."""
        if record.kind == "invoice" or record.payroll is not None:
            return None
        return next(
            (
                voucher
                for voucher in self._by_number.get((record.kind, fold(record.number)), ())
                if (voucher.net or 0) + (voucher.tax or 0) == record.gross
                and (voucher.date == record.date or same_seller(record, voucher))
            ),
            None,
        )

    def _maybe_double(self, import_id: str, told: Told, voucher: Voucher, fresh: list[NewVoucher]) -> None:
        answer = self._outcome.answer(told, "duplicate")
        if answer == "same":
            self._outcome.count_known(told)
        elif answer == "different":
            self._new(import_id, told, fresh)
        else:
            reason = _(
                "與 {date} 已入帳的憑證 {number}({seller},{gross:,} 元)很可能是同一張,沒有入帳;請確認"
            ).format(
                date=voucher.date,
                number=voucher.number,
                seller=voucher.seller_name or voucher.seller,
                gross=told.record.gross or 0,
            )
            self._outcome.ask(told, "duplicate", reason, ("same", "different"))

    # --- what takes back -------------------------------------------------------------------------------

    def _take_back(self, number: str, found: Sequence[tuple[Told, Event]]) -> None:
        """Give each event its paper; what finds none waits for it."""
        new = [*self._outcome.found.new, *self._outcome.found.allowances]
        targets = {id(each): each.target for each in new if fold(each.record.number) == number}
        assign([event for _told, event in found], list(targets.values()))
        for told, event in found:
            if event.target is None:
                self._let_event_wait(number, told)
            elif event.is_known:
                self._outcome.count_known(told)
            else:
                self._withdraw_rivals([each for each in new if targets.get(id(each)) in event.rivals])
                taking = NewVoucher(f"{VOID}{event.target.import_id}", told.record, [told.file], told.format)
                self._outcome.found.reversals.append(Reversal(taking, event.target.import_id))

    def _withdraw_rivals(self, rivals: Sequence[NewVoucher]) -> None:
        """Ask about papers that the event may mean as well as the one that it takes back."""
        for rival in rivals:
            self._outcome.found.new.remove(rival)
            self._ask_reissued(Told(rival.record, rival.files[0], rival.format, rival.waited))

    def _let_event_wait(self, number: str, told: Told) -> None:
        open_targets = [target for target in self._targets.get(number, ()) if not target.is_reversed]
        if open_targets and frees_number(told.record) and self._outcome.answer(told, "take-back") != "leave":
            reason = _(
                "註銷所指的發票,日期或金額與帳上的 {number}({date},{gross:,} 元)不同,沒有沖銷;請確認"
            ).format(number=told.record.number, date=open_targets[0].date, gross=open_targets[0].gross)
            self._outcome.ask(told, "take-back", reason, ("take", "leave"))
            return
        self._outcome.let_wait(told, "take-back", waiting_reason(told.record), asks=False, choices=("leave",))

    # --- what is told and what waits -------------------------------------------------------------------

    def _target(self, voucher: Voucher) -> Target:
        """A booked voucher as something that may be taken back."""
        own_id = import_id_of(voucher)
        papers = self._targets.get(fold(voucher.number), [])
        found = (paper for paper in papers if paper.import_id in {own_id, base_id(own_id)})
        unknown = Target(own_id, fold(voucher.number), voucher.kind, voucher.date, 0, is_booked=True, place=0)
        return next(found, unknown)


def _are_both_messages(told: Told, voucher: Voucher) -> bool:
    """Whether a record and what is booked were told by e-invoice messages, and by no register."""
    return told.format == "mig-xml" and str(voucher.meta("source") or "").endswith(".xml")


def _are_two_messages(new: NewVoucher, told: Told) -> bool:
    """Whether two invoice messages of one number and sum bear different days, as after a 註銷 that has not come."""
    return (
        new.format == told.format == "mig-xml"
        and told.record.kind == "invoice"
        and new.record.date != told.record.date
        and same_paper(new.record, told.record)
    )


def _sellers(readings: Sequence[Reading], case: Case) -> dict[str, str]:
    """The names of sellers by their company numbers, as the books or the other routes tell them."""
    told = [
        (record.seller, record.seller_name)
        for reading in readings
        for record in reading.records
        if isinstance(record, VoucherRecord)
    ]
    told += [(voucher.seller, voucher.seller_name) for voucher in case.vouchers]
    return {seller: name for seller, name in told if seller and name}


def _route(reading: Reading) -> tuple[int, str]:
    rank = _ROUTES.index(reading.format) if reading.format in _ROUTES else len(_ROUTES)
    return rank, reading.file
