"""The auditor's rows: one a voucher, with what was filed about it, kept apart by the finding's id."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from typing import NamedTuple

from audit.case_view import KeyedVoucher
from audit.case_view import View
from ledger.entries.digest import is_digest_of
from ledger.model.directives import ActKind
from ledger.model.directives import AuditFinding
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import person_key

# Of several findings about one voucher, the state that still asks for something comes first.
_PRESSING = ("open", "replied", "parked", "disallowed", "accepted")


class Act(NamedTuple):
    """One directive of a thread: a judgement, a reply to it, or the second person's sign-off."""

    kind: ActKind
    date: datetime.date
    by: str
    state: str
    comment: str
    finding: AuditFinding

    @property
    def is_typed(self) -> bool:
        """Whether the name was typed and not that of who was logged in."""
        return self.finding.is_typed

    @property
    def who(self) -> str:
        """The name, and of a typed one that it is."""
        return f"{self.by}{_('(姓名為自行輸入)')}" if self.is_typed and self.by else self.by

    @property
    def digest(self) -> str:
        """The content of the voucher that the act was about."""
        return str(self.finding.entry.meta.get("digest") or "")

    @property
    def papers(self) -> str:
        """The papers of the voucher that the act was about."""
        return str(self.finding.entry.meta.get("papers") or "")


@dataclasses.dataclass(frozen=True, slots=True)
class Thread:
    """All that was filed under one finding's id, in order; `latest` is the judgement that decides.

    `digest_now` and `papers_now` are the voucher's content and papers today.
    """

    id: str
    acts: tuple[Act, ...]
    latest: AuditFinding
    digest_now: str | None
    papers_now: str | None
    replaceable: tuple[str, ...]  # the digests of the judgements that stand, which a new one would name

    @property
    def state(self) -> str:
        """Its state; an open one that was replied to since waits for the auditor."""
        is_answered = self.latest.state == "open" and self.acts[-1].kind == "reply"
        return "replied" if is_answered else self.latest.state

    @property
    def decision(self) -> Act:
        """The judgement that decides."""
        return next((act for act in self.acts if act.finding is self.latest), self.acts[0])

    @property
    def signature(self) -> Act | None:
        """The sign-off of the last judgement by somebody other than the judge, on the same content; None without."""
        signed = None
        for act in self.acts:
            if act.kind == "finding":
                signed = None
            elif act.kind == "sign-off" and self.decision.by and act.by:
                is_another = person_key(act.by) != person_key(self.decision.by)
                signed = act if is_another else signed
        return signed

    @property
    def signed_by(self) -> str:
        """Who signed the last judgement off; else empty."""
        return self.signature.by if self.signature else ""

    @property
    def has_four_eyes(self) -> bool:
        """Whether two accounts judged and signed. Two names that were typed may be one person's."""
        return self.signature is not None and not (self.signature.is_typed or self.decision.is_typed)

    @property
    def signed_words(self) -> str:
        """Who signed it off, and where the names were typed that this is no review by two; empty where nobody did."""
        if not self.signed_by:
            return ""
        words = _("{name} 已簽核") if self.has_four_eyes else _("{name} 已簽核(姓名為自行輸入,不算兩人複核)")
        return words.format(name=self.signed_by)

    @property
    def is_changed(self) -> bool:
        """Whether the voucher, or a paper of it, is no longer what was judged or signed."""
        bound = [act for act in self.acts if act.kind != "reply"]
        digest = next((act.digest for act in reversed(bound) if act.digest), "")
        papers = next((act.papers for act in reversed(bound) if act.papers), "")
        return bool(digest and not is_digest_of(digest, self.digest_now or "")) or bool(
            papers and papers != self.papers_now
        )

    @property
    def due(self) -> datetime.date | None:
        """By when an answer is asked for, while it is waited for."""
        return self.latest.due if self.state in {"open", "parked"} else None

    @property
    def clause(self) -> str:
        """The clause that the judgement names."""
        return self.latest.clause


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherAudit:
    """A voucher as the auditor sees it; amounts in NT$."""

    keyed: KeyedVoucher
    threads: tuple[Thread, ...]
    declared: int
    disallowed: int
    parked: int
    is_sampled: bool

    @property
    def accepted(self) -> int:
        """What counts."""
        return self.declared - self.disallowed - self.parked

    @property
    def state(self) -> str:
        """The most pressing state of its findings; empty where nothing was filed."""
        states = {thread.state for thread in self.threads}
        return next((state for state in _PRESSING if state in states), "")

    @property
    def due(self) -> datetime.date | None:
        """The first day by which an answer is asked for."""
        return min((thread.due for thread in self.threads if thread.due), default=None)

    @property
    def is_changed(self) -> bool:
        """Whether the voucher changed after it was judged."""
        return any(thread.is_changed for thread in self.threads)

    @property
    def is_signed(self) -> bool:
        """Whether a second name stands behind every judgement of it, on its content today."""
        return bool(self.threads) and all(
            thread.signed_by and not thread.is_changed for thread in self.threads
        )


def sample_names(view: View) -> dict[str, str]:
    """What a sample calls each voucher, by its key: its number where only one has it, else the key itself."""
    return view.cached("sample names", _sample_names)


def _sample_names(view: View) -> dict[str, str]:
    names = {}
    for each in view.vouchers.values():
        number = each.voucher.number
        alone = len(view.keys_numbered(number)) == 1
        names[each.key] = fold(number) if alone else each.key
    return names


def rows_of(view: View) -> list[VoucherAudit]:
    """The rows of a case in the order of its books; worked out once a view."""
    return view.cached("rows", _rows)


def row_of(view: View, key: str) -> VoucherAudit | None:
    """The row of one voucher."""
    return view.cached("rows by key", lambda known: {row.keyed.key: row for row in rows_of(known)}).get(key)


def lost_threads(view: View) -> list[Thread]:
    """What was filed about vouchers that are no longer in the books."""
    return view.cached("threads", _threads)[""]


def threads_by_id(view: View) -> dict[str, Thread]:
    """Every thread by its finding's id."""
    return {thread.id: thread for threads in view.cached("threads", _threads).values() for thread in threads}


def _rows(view: View) -> list[VoucherAudit]:
    threads = view.cached("threads", _threads)
    names = sample_names(view)
    sampled = {name for sample in view.case.samples for name in sample.vouchers}
    rows = []
    for each in view.vouchers.values():
        disallowed, parked = view.case.struck.get(id(each.voucher.entry), (0, 0))
        rows.append(
            VoucherAudit(
                keyed=each,
                threads=tuple(threads.get(each.key, ())),
                declared=each.voucher.cost,
                disallowed=disallowed,
                parked=parked,
                is_sampled=names[each.key] in sampled,
            )
        )
    return rows


def _threads(view: View) -> dict[str, list[Thread]]:
    """The threads by the voucher's key; those whose voucher is gone under the empty key."""
    by_id: dict[str, list[AuditFinding]] = defaultdict(list)
    for finding in view.case.filed:
        by_id[finding.id].append(finding)
    in_force: dict[str, list[AuditFinding]] = defaultdict(list)
    for finding in view.case.findings_in_force:
        in_force[finding.id].append(finding)
    decided = {finding.id: finding for finding in view.case.findings}
    found: dict[str, list[Thread]] = defaultdict(list)
    for finding_id, filed in by_id.items():
        acts = tuple(map(_act, filed))
        latest = decided.get(finding_id, filed[0])
        named = tuple(view.case.act_digests[id(each.entry)] for each in in_force[finding_id])
        keys = [view.key_of_entry[id(voucher.entry)] for voucher in view.case.judged(latest)]
        for key in keys or [""]:
            each = view.vouchers[key] if key else None
            digest = each.digest if each else None
            papers = view.case.voucher_papers.digest(each.voucher) if each and _has_papers(acts) else None
            found[key].append(Thread(finding_id, acts, latest, digest, papers, named))
    found.setdefault("", [])
    return found


def _has_papers(acts: tuple[Act, ...]) -> bool:
    return any(act.papers for act in acts)


def _act(finding: AuditFinding) -> Act:
    return Act(finding.kind, finding.date, finding.by, finding.state, finding.comment, finding)
