"""The papers of a purchase in the order of their days: quotation, order, delivery, acceptance, invoice, payment."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Literal
from typing import NamedTuple

from audit.case_view import View
from ledger.case.case import Voucher
from ledger.util.i18n import _
from ledger.util.text import fold
from reports.labels import voucher_kind

Stage = Literal["quotation", "order", "delivery", "acceptance", "invoice", "payment"]

# Of which stage a paper is: by the kind that it was filed as, or by the words of its name.
_OF_KIND: dict[str, Stage] = {
    "quotation": "quotation",
    "purchase-order": "order",
    "research-contract": "order",
    "import-declaration": "delivery",
    "delivery-note": "delivery",
    "acceptance-report": "acceptance",
    "acceptance-report-improvement": "acceptance",
}
_OF_WORDS: tuple[tuple[Stage, str], ...] = (
    ("quotation", "報價|估價|詢價"),
    ("order", "訂購|採購單|訂單|合約|契約"),
    ("delivery", "送貨|出貨|交貨|簽收"),
    ("acceptance", "驗收"),
)
_DATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)\.")


class Event(NamedTuple):
    """One paper, or a payment, on its day. `doubt` says what is odd about its place in the order."""

    stage: Stage
    name: str
    date: datetime.date
    doubt: str = ""


def chronology(view: View, voucher: Voucher) -> list[Event]:
    """What is known of a purchase, the earliest first; nothing where only the invoice is."""
    found = [*_evidence(view, voucher), *_documents(voucher)]
    found.append(Event("invoice", voucher_kind(voucher.kind) or _("憑證"), voucher.date))
    found += [Event("payment", _("付款"), payment.date) for payment in view.payments_of(voucher)]
    if len(found) < 2:
        return []
    days: dict[str, list[datetime.date]] = {}
    for event in found:
        days.setdefault(event.stage, []).append(event.date)
    return sorted(
        (event._replace(doubt=_doubt(event, days)) for event in found),
        key=lambda event: (event.date, _rank(event.stage)),
    )


def _rank(stage: Stage) -> int:
    return ("quotation", "order", "delivery", "acceptance", "invoice", "payment").index(stage)


def _evidence(view: View, voucher: Voucher) -> list[Event]:
    """The papers that were filed as evidence of this voucher."""
    number = fold(voucher.number)
    names = {paper.id: paper.name for paper in view.case.scheme.evidence} if view.case.scheme else {}
    return [
        Event(_OF_KIND[each.kind], names.get(each.kind, each.kind), each.date)
        for each in view.case.evidence
        if number and each.kind in _OF_KIND and fold(str(each.entry.meta.get("voucher") or "")) == number
    ]


def _documents(voucher: Voucher) -> list[Event]:
    """The voucher's own papers whose names say what they are and of which day."""
    found = []
    for document in voucher.documents:
        name = Path(document).name
        dated = _DATED.match(name)
        stage = next((stage for stage, words in _OF_WORDS if re.search(words, name)), None)
        if dated is None or stage is None:
            continue
        try:
            day = datetime.date(int(dated[1]), int(dated[2]), int(dated[3]))
        except ValueError:
            continue
        found.append(Event(stage, name[dated.end() :], day))
    return found


def _doubt(event: Event, days: dict[str, list[datetime.date]]) -> str:
    """What speaks against the order of a purchase: asked after it was bought, paid before it was accepted."""
    first_invoice = min(days["invoice"])
    if event.stage in {"quotation", "order"} and event.date > first_invoice:
        return _("晚於憑證日期")
    if event.stage == "quotation" and "order" in days and event.date > min(days["order"]):
        return _("晚於訂購")
    if event.stage == "payment" and "acceptance" in days and event.date < min(days["acceptance"]):
        return _("早於驗收")
    return ""
