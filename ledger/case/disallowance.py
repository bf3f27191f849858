"""What an auditor's findings take out of the cost: disallowed for good, or parked until it is decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from ledger.entries.digest import act_digest
from ledger.model.directives import AuditFinding
from ledger.model.directives import Waiver
from ledger.model.directives import WaiverDecision
from ledger.model.records import Voucher
from ledger.util.text import fold

_SEVERITY = ("accepted", "open", "parked", "disallowed")


class Disallowance(NamedTuple):
    """What findings take of one voucher, in NT$; both negative for a credit note that goes with its invoice."""

    disallowed: int = 0
    parked: int = 0


def in_force(filed: Iterable[tuple[AuditFinding, str]]) -> list[AuditFinding]:
    """The judgements that stand, of all acts in their order, each with its digest.

    Only a judgement that names the one it replaces takes its place; what is merely later, a reply or a signature
    does not. So of several that stand under one id each counts, and none lifts another.
    """
    by_id: dict[str, dict[str, AuditFinding]] = {}
    for finding, digest in filed:
        if finding.kind != "finding":
            continue
        known = by_id.setdefault(finding.id, {})
        for named in finding.replaces:
            if named == finding.id:
                known.clear()
            known.pop(named, None)
        known[digest] = finding
    return [finding for known in by_id.values() for finding in known.values()]


def deciding(judgements: Iterable[AuditFinding]) -> list[AuditFinding]:
    """Of the judgements that stand, the one that decides for each id and voucher: the one that takes the most."""
    decided: dict[tuple[str, str, str], AuditFinding] = {}
    for finding in judgements:
        key = (finding.id, finding.voucher, str(finding.entry.meta.get("voucher-id") or ""))
        if key not in decided or _weight(finding) >= _weight(decided[key]):
            decided[key] = finding
    return list(decided.values())


class Said(NamedTuple):
    """What stands beside a judgement under its id: the company's last reply, and the second person's signature."""

    reply: AuditFinding | None
    signature: AuditFinding | None


def said_of(filed: Iterable[AuditFinding], decided: AuditFinding) -> Said:
    """The last reply to a finding, and who signed the judgement that decides: never the one who judged."""
    reply = signature = None
    for act in filed:
        if act.id != decided.id:
            continue
        if act.kind == "reply":
            reply = act
        elif act.kind == "finding":
            signature = None
        elif act.by and fold(act.by) != fold(decided.by) != "":
            signature = act
    return Said(reply, signature)


def _weight(finding: AuditFinding) -> tuple[int, bool, int]:
    is_whole = finding.deducted is None
    return _SEVERITY.index(finding.state), is_whole, 0 if finding.deducted is None else finding.deducted


def apply_finding(
    taken: dict[int, Disallowance], vouchers: Sequence[Voucher], state: str, deducted: int | None
) -> None:
    """Add one finding to `taken` (by the entry's id()): `vouchers` are the one judged and its credit notes.

    A whole disallowance, and parking, take an invoice together with its credit notes: what is left of the
    cost and nothing else. A partial one takes `deducted`. A credit note alone is never taken out: striking
    anything never raises the grant.
    """
    left = {
        id(voucher.entry): voucher.cost - sum(taken.get(id(voucher.entry), Disallowance()))
        for voucher in vouchers
    }
    total = sum(left.values())
    if total <= 0:
        return
    asked = total if deducted is None or state == "parked" else max(0, min(deducted, total))
    whole = asked == total
    for voucher in vouchers:
        key = id(voucher.entry)
        part = left[key] if whole else min(max(0, left[key]), asked)
        asked -= part
        disallowed, parked = taken.get(key, Disallowance())
        taken[key] = (
            Disallowance(disallowed, parked + part)
            if state == "parked"
            else Disallowance(disallowed + part, parked)
        )


def accepted_lines(voucher: Voucher, taken: Disallowance) -> list[tuple[str, int, int]]:
    """(category, accepted cost, disallowed cost) of a voucher's lines, after what findings take of it.

    It comes off the lines in their order; lines that take from the others only go with the whole voucher.
    Parked cost is neither accepted nor disallowed, and is always all that was not disallowed before.
    """
    disallowed, parked = taken
    whole = disallowed + parked == voucher.cost
    result = []
    for line in voucher.lines:
        cut = line.cost if whole and not parked else max(0, min(line.cost, disallowed))
        held = line.cost - cut if whole else 0
        disallowed -= cut
        result.append((line.category, line.cost - cut - held, cut + line.disallowed))
    return result


def decision_on(waiver: Waiver, decisions: Iterable[WaiverDecision]) -> WaiverDecision | None:
    """The decision on a claim: of those that none replaces, a refusal before a confirmation, else the last."""
    digest = act_digest(waiver.entry)
    left: dict[str, WaiverDecision] = {}
    for decision in decisions:
        if decision.claim not in {"", digest}:
            continue
        for named in str(decision.entry.meta.get("replaces") or "").split():
            left.pop(named, None)
        left[act_digest(decision.entry)] = decision
    return min(reversed(left.values()), key=lambda each: each.is_confirmed, default=None)
