"""What the auditor files, as `grant-finding` directives; built here, written by `audit.filing.audit_file`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Literal
from typing import NamedTuple

from beancount.core import data

from audit.audit_trail import Thread
from audit.case_view import KeyedVoucher
from ledger.errors import GrantError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.error_types import ERROR_TYPES
from ledger.util.i18n import _
from ledger.util.text import person_key

State = Literal["open", "parked", "disallowed", "accepted"]

STATES: tuple[State, ...] = ("open", "parked", "disallowed", "accepted")
WAITING = frozenset({"open", "parked"})
LONGEST_TEXT = 2000

_ID = re.compile(r"F-(\d+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class FilingError(GrantError):
    """Something that may not be filed as it is; the message says why."""


class DraftFinding(NamedTuple):
    """What an auditor is about to file on one voucher. `deducted` in NT$; None strikes all of it."""

    keyed: KeyedVoucher
    state: State
    deducted: int | None = None
    check: str = ""
    comment: str = ""
    clause: str = ""
    by: str = ""
    error_type: str = ""
    due: datetime.date | None = None  # by when an answer is asked for; of what waits alone


def one_line(text: str) -> str:
    """Text as it is filed: on one line, without control characters, of a bearable length."""
    return _CONTROL.sub(" ", text).strip()[:LONGEST_TEXT]


def directive(
    draft: DraftFinding, finding_id: str, day: datetime.date, papers: str = "", replaces: Sequence[str] = ()
) -> data.Custom:
    """A finding as it is filed, with the digests of the content and the papers that were judged.

    `replaces`: the digests of the judgements that it takes the place of.
    """
    voucher = draft.keyed.voucher
    deducted = voucher.cost if draft.deducted is None else draft.deducted
    return custom(
        day,
        "finding",
        finding_id,
        voucher=voucher.number,
        voucher_id=_voucher_id(draft.keyed),
        check=one_line(draft.check),
        declared=twd(voucher.cost),
        deducted=twd(deducted) if draft.state == "disallowed" else None,
        state=draft.state,
        comment=one_line(draft.comment),
        clause=one_line(draft.clause),
        error_type=draft.error_type,
        due=draft.due if draft.state in WAITING else None,
        digest=draft.keyed.digest,
        papers=papers,
        replaces=" ".join(replaces),
        by=one_line(draft.by),
        act="finding",
    )


def _voucher_id(keyed: KeyedVoucher) -> str:
    return str(keyed.voucher.meta("import-id") or "")


def check_draft(draft: DraftFinding) -> None:
    """Refuse what cannot stand. Raises FilingError."""
    if draft.state not in STATES:
        raise FilingError(_("沒有這種處理方式:{state}").format(state=draft.state))
    if not one_line(draft.by):
        raise FilingError(_("請填寫查核人員姓名"))
    if draft.state != "accepted" and not one_line(draft.comment):
        raise FilingError(_("請寫明查核意見"))
    if draft.error_type and draft.error_type not in ERROR_TYPES:
        raise FilingError(_("沒有這種錯誤類型:{name}").format(name=draft.error_type))
    cost = draft.keyed.voucher.cost
    if not draft.keyed.voucher.number and not _voucher_id(draft.keyed):
        raise FilingError(_("這筆分錄沒有憑證號碼,無法登錄意見;請先請業者補登號碼"))
    if draft.deducted is not None and not 0 < draft.deducted <= max(cost, 0):
        raise FilingError(_("剔除金額須大於 0,且不超過申報的 {cost} 元").format(cost=f"{cost:,}"))


def reply(thread: Thread, comment: str, by: str, day: datetime.date) -> data.Custom:
    """The company's answer: words, which change no state. Raises FilingError."""
    if not one_line(comment) or not one_line(by):
        raise FilingError(_("請填寫回覆內容與回覆人"))
    return _follow_up(thread, day, comment=one_line(comment), by=one_line(by), act="reply")


def sign_off(thread: Thread, by: str, day: datetime.date) -> data.Custom:
    """The second person's signature under the last judgement. Raises FilingError."""
    if not one_line(by):
        raise FilingError(_("請填寫複核人員姓名"))
    if not thread.decision.by:
        raise FilingError(_("{id} 沒有記載查核人員,請先重新登錄意見").format(id=thread.id))
    if person_key(by) == person_key(thread.decision.by):
        raise FilingError(
            _("{id} 由 {by} 查核,須由另一人複核簽核").format(id=thread.id, by=thread.decision.by)
        )
    if thread.digest_now is None:
        raise FilingError(_("{id} 所指的憑證已不在帳上,無法簽核").format(id=thread.id))
    if thread.is_changed:
        raise FilingError(_("{id} 的憑證在查核後有異動,請重新查核後再簽核").format(id=thread.id))
    return _follow_up(thread, day, by=one_line(by), act="sign-off")


def _follow_up(thread: Thread, day: datetime.date, *, by: str, act: str, comment: str = "") -> data.Custom:
    """A reply or a signature: it names the finding and what it is about, and decides nothing."""
    latest = thread.latest
    return custom(
        day,
        "finding",
        thread.id,
        voucher=latest.voucher,
        voucher_id=str(latest.entry.meta.get("voucher-id") or ""),
        comment=comment,
        digest=thread.digest_now or thread.decision.digest,
        papers=thread.papers_now or thread.decision.papers,
        by=by,
        act=act,
    )
