"""What was said under an auditor's finding, each person's words as what they are: opinion, reply, review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.disallowance import said_of
from ledger.model.directives import AuditFinding
from ledger.util.dates import roc
from ledger.util.i18n import _


class FindingWords(NamedTuple):
    """The words under one finding and whose they are: a name and a day a line, in the order in which they came."""

    opinion: str
    opinion_by: str
    reply: str
    reply_by: str
    reviewed_by: str


def words_of(case: Case, finding: AuditFinding) -> FindingWords:
    """All opinions and replies under the finding's id, and the second person's signature under what decides."""
    acts = [act for act in case.filed if act.id == finding.id and act.voucher == finding.voucher]
    opinions = [act for act in acts if act.kind == "finding"]
    replies = [act for act in acts if act.kind == "reply"]
    signature = said_of(case.filed, finding).signature
    return FindingWords(
        opinion=_lines(act.comment for act in opinions),
        opinion_by=_lines(map(who_and_when, opinions)),
        reply=_lines(act.comment for act in replies),
        reply_by=_lines(map(who_and_when, replies)),
        reviewed_by=who_and_when(signature) if signature else "",
    )


def who_and_when(act: AuditFinding) -> str:
    """A name and a day; of a name that was typed, and not that of who was logged in, that it was."""
    typed = _("(姓名為自行輸入)") if act.is_typed and act.by else ""
    return f"{act.by}{typed} {roc(act.date)}".strip()


def _lines(words: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(word for word in words if word))
