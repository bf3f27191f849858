"""Faults of the auditor's acts: filed where they do not count, out of their chain, on vouchers that changed since."""

from __future__ import annotations

import datetime
from typing import Any

from beancount.core import data

from audit.filing.audit_file import chain
from ledger.case.case import Case
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.digest import entry_digest
from ledger.model.directives import custom
from tests.checks.builder import Books
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)
ALSO = frozenset({"document-missing", "evidence-missing"})  # the folder that the acts need has no papers


def act(ground: Ground, paper: VoucherToBook, name: str = "F-001", **told: Any) -> data.Custom:
    """An act about a voucher after the end of the case, on the voucher as it stands in the books."""
    given: dict[str, Any] = {
        "voucher": paper.number,
        "state": "open",
        "digest": digest_of(ground.books(), paper),
        "by": "陳稽核",
        "act": "finding",
    }
    return custom(ground.end + 9 * DAY, "finding", name, **(given | told))


def digest_of(books: Books, paper: VoucherToBook) -> str:
    case: Case = books.case()
    return next(entry_digest(each.entry) for each in case.vouchers if each.number == paper.number)


def chained(*acts: data.Custom) -> list[str]:
    """The acts as they stand in the audit file, one text each."""
    texts: list[str] = []
    for each in acts:
        chain([each], "\n".join(texts))
        texts.append(as_text([each]))
    return texts


def filed(ground: Ground, *texts: str, finds: tuple[Any, ...] = (), books: Books | None = None) -> Planted:
    return Planted(books or ground.books(), finds, ALSO, audit="\n".join(texts))


# --- audit-act-misplaced -------------------------------------------------------------------------------


def in_the_books(ground: Ground, entry: data.Custom, *, name: str | None) -> Planted:
    ground.more.append(entry)
    return filed(ground, finds=((name or str(entry.date), None),))


@plant("audit-act-misplaced")
def company_that_accepts_its_own_voucher(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return in_the_books(ground, act(ground, paper, state="accepted"), name=paper.number)


@plant("audit-act-misplaced")
def company_that_signs_for_the_reviewer(ground: Ground) -> Planted:
    paper = ground.any_paper()
    signature = act(ground, paper, state=None, act="sign-off", by="黃複核")
    return in_the_books(ground, signature, name=paper.number)


@plant("audit-act-misplaced")
def company_that_confirms_its_own_waiver(ground: Ground) -> Planted:
    day = ground.end + 9 * DAY
    entry = custom(day, "waiver-decision", "tax-arithmetic", ground.any_paper().number, act="confirmed")
    return in_the_books(ground, entry, name=None)


@near_miss("audit-act-misplaced")
def the_auditor_s_own_act(ground: Ground) -> Planted:
    return filed(ground, *chained(act(ground, ground.any_paper())))


@near_miss("audit-act-misplaced")
def a_sample_of_the_auditor_s(ground: Ground) -> Planted:
    paper = ground.any_paper()
    sample = custom(ground.end + 9 * DAY, "sample", "S-001", method="random", size=1, vouchers=paper.number)
    return filed(ground, *chained(sample))


@near_miss("audit-act-misplaced")
def a_deduction_that_the_authority_decided(ground: Ground) -> Planted:
    ground.more.append(custom(ground.end + 9 * DAY, "evidence", "other", "documents/x.pdf"))
    return filed(ground)


# --- audit-chain-broken --------------------------------------------------------------------------------


def three(ground: Ground) -> tuple[VoucherToBook, list[str]]:
    paper = ground.any_paper()
    return paper, chained(*(act(ground, paper, f"F-00{n}", comment=f"意見{n}") for n in (1, 2, 3)))


@plant("audit-chain-broken")
def act_that_was_changed(ground: Ground) -> Planted:
    paper, texts = three(ground)
    texts[0] = texts[0].replace('"open"', '"accepted"')
    return filed(ground, *texts, finds=((paper.number, None),))


@plant("audit-chain-broken")
def act_that_was_taken_out(ground: Ground) -> Planted:
    paper, texts = three(ground)
    return filed(ground, texts[0], texts[2], finds=((paper.number, None),))


@plant("audit-chain-broken")
def act_written_by_hand(ground: Ground) -> Planted:
    paper, texts = three(ground)
    return filed(ground, *texts, as_text([act(ground, paper, "F-004")]), finds=((paper.number, None),))


@plant("audit-chain-broken")
def act_that_does_not_say_what_was_judged(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return filed(ground, *chained(act(ground, paper, digest=None)), finds=((paper.number, None),))


@near_miss("audit-chain-broken")
def acts_as_they_were_filed(ground: Ground) -> Planted:
    return filed(ground, *three(ground)[1])


@near_miss("audit-chain-broken")
def acts_with_notes_between_them(ground: Ground) -> Planted:
    return filed(ground, *(f"; 註\n{text}" for text in three(ground)[1]))


@near_miss("audit-chain-broken")
def acts_otherwise_spaced(ground: Ground) -> Planted:
    return filed(ground, *(text.replace(": ", ":     ") for text in three(ground)[1]))


# --- judged-voucher-changed ----------------------------------------------------------------------------


def changed(ground: Ground, old: str, new: str, *, sign: bool) -> Planted:
    """A voucher that was judged, and signed, and is edited after."""
    paper = ground.any_paper()
    acts = [act(ground, paper)]
    if sign:
        acts.append(act(ground, paper, state=None, act="sign-off", by="黃複核"))
    books = ground.books()
    head, mark, tail = books.text.partition(f'number: "{paper.number}"')
    assert mark
    place = head.rindex("\n\n")
    entry = head[place:] + mark + tail[: tail.index("\n\n")]
    edited = entry.replace(old, new, 1)
    assert edited != entry
    books = Books(books.text.replace(entry, edited, 1), as_of=books.as_of)
    cost = next(each.cost for each in books.case().vouchers if each.number == paper.number)
    also = ALSO | {"closed-month-changed"}
    return Planted(books, ((paper.number, cost),), also, audit="\n".join(chained(*acts)))


@plant("judged-voucher-changed")
def note_after_the_signature(ground: Ground) -> Planted:
    return changed(ground, "  number:", '  note: "補登"\n  number:', sign=True)


@plant("judged-voucher-changed")
def remark_after_the_judgement(ground: Ground) -> Planted:
    return changed(ground, "  number:", '  remark: "更正"\n  number:', sign=False)


@plant("judged-voucher-changed")
def unit_after_the_signature(ground: Ground) -> Planted:
    return changed(ground, "  number:", '  unit: "組"\n  number:', sign=True)


@near_miss("judged-voucher-changed")
def voucher_as_it_was_judged(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return filed(
        ground, *chained(act(ground, paper), act(ground, paper, state=None, act="sign-off", by="黃複核"))
    )


@near_miss("judged-voucher-changed")
def digest_of_older_books(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return filed(ground, *chained(act(ground, paper, digest=digest_of(ground.books(), paper)[:12])))


@near_miss("judged-voucher-changed")
def reply_to_a_judgement(ground: Ground) -> Planted:
    paper = ground.any_paper()
    answer = act(ground, paper, state=None, act="reply", by="林會計", comment="補件", digest="0" * 64)
    return filed(ground, *chained(act(ground, paper), answer))
