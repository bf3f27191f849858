"""Checks on the auditor's acts: filed where they count, each chained to the one before, on vouchers still the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.audit_acts import chain_breaks
from ledger.case.audit_acts import name_of
from ledger.case.case import Case
from ledger.entries.digest import entry_digest
from ledger.entries.digest import is_digest_of
from ledger.model.directives import AuditFinding
from ledger.util.i18n import _

__plugins__ = ("plugin",)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="audit")


@check("audit-act-misplaced")
def audit_act_misplaced(case: Case) -> Iterator[Found]:
    """查核紀錄不在 audit.beancount。

    說明:查核意見、抽樣、放行的核定只有寫在案件最上層的 audit.beancount 才算數。寫在別的檔案(例如業者的帳冊)的一律不計入,
    不論它自稱出自哪個檔案。

    規定與出處:查核紀錄由查核人員登錄,業者的帳冊不能自己認列或簽核,是本程式的原則,未見公開規定(可信度:推定)。

    如何改正:由查核人員在查核頁面登錄,或以 grant merge 併入退回的 audit.beancount;帳冊裡的這一筆不會計入。

    不合的例子:

        帳冊 books/2023-07.beancount 裡的
        2024-06-20 custom "grant-finding" "F-001"
          voucher: "AB12345678"
          state: "accepted"

    合格的例子:

        audit.beancount 裡的同一筆
    """
    for entry in case.audit_acts.misplaced:
        message = _("查核紀錄 {name} 不在 audit.beancount,沒有計入;請由查核人員在查核頁面登錄")
        yield Found(entry, message.format(name=name_of(entry)), voucher=str(entry.meta.get("voucher") or ""))


@check("audit-chain-broken")
def audit_chain_broken(case: Case) -> Iterator[Found]:
    """查核紀錄銜接不上,或沒有記載所查的內容。

    說明:每筆查核紀錄都記下前一筆的摘要(previous)與所查憑證的摘要(digest)。有人增、刪、改過其中一筆,後一筆就銜接不上。
    這樣的紀錄照樣計入金額,但要查明。第一筆記下案號,從另一個案件抄來的就看得出來;日期早於前一筆的提醒。
    銜接開始之前登錄的只提醒一次。

    規定與出處:查核紀錄須可證明未經事後更動,是本程式的作法,未見公開規定(可信度:推定)。

    如何改正:自版本紀錄(grant log)或送出的 grant bundle 還原 audit.beancount;確認無誤者由查核人員在查核頁面重新登錄。

    不合的例子:

        audit.beancount 裡以編輯器補寫的一筆,沒有 previous

    合格的例子:

        在查核頁面登錄的一筆
    """
    for broken in chain_breaks(case.audit_acts, case.award.id if case.award else ""):
        message = _("查核紀錄 {name}:{reason};請自版本紀錄還原,或由查核人員重新登錄")
        yield Found(
            broken.entry,
            message.format(name=name_of(broken.entry), reason=broken.reason),
            voucher=str(broken.entry.meta.get("voucher") or ""),
            severity=None if broken.is_grave else "warning",
            subject=broken.reason,
        )


@check("judged-voucher-changed", severity="warning")
def judged_voucher_changed(case: Case) -> Iterator[Found]:
    """憑證或附件在查核或簽核之後異動。

    說明:查核人員登錄意見、複核人員簽核時,記下憑證內容與其附件的摘要;之後內容或附件變了,原來的決定就不是針對現在這一張。
    已經簽核的是錯誤,其餘是提醒。

    規定與出處:查核與簽核以當時的憑證為準,是本程式的作法,未見公開規定(可信度:推定)。

    如何改正:核對異動的原因;由查核人員重新登錄意見,再由複核人員簽核。

    不合的例子:

        F-001 簽核後,把 AB12345678 的附件換成另一個檔案

    合格的例子:

        F-001 簽核後,憑證與附件都沒有更動
    """
    by_id: dict[str, list[AuditFinding]] = defaultdict(list)
    for finding in case.filed:
        if finding.kind != "reply":
            by_id[finding.id].append(finding)
    for decided in case.findings:
        signed = by_id[decided.id][-1].kind == "sign-off"
        for voucher in case.judged(decided):
            what = _changed(case, by_id[decided.id], entry_digest(voucher.entry), voucher)
            if what:
                message = (
                    _("{id} 簽核後異動:憑證 {number} 的{what}變了;請重新查核、簽核")
                    if signed
                    else _("{id} 查核後異動:憑證 {number} 的{what}變了;請重新查核")
                )
                yield Found(
                    voucher.entry,
                    message.format(id=decided.id, number=voucher.number, what=what),
                    amount=voucher.cost,
                    voucher=voucher.number,
                    severity="error" if signed else None,
                    subject=decided.id,
                )


def _changed(case: Case, acts: list[AuditFinding], digest: str, voucher: Any) -> str:
    """What of a voucher is no longer as the last act saw it; empty where all is."""
    recorded = next((text for act in reversed(acts) if (text := str(act.entry.meta.get("digest") or ""))), "")
    if recorded and not is_digest_of(recorded, digest):
        return _("內容")
    papers = next((text for act in reversed(acts) if (text := str(act.entry.meta.get("papers") or ""))), "")
    return _("附件") if papers and papers != case.voucher_papers.digest(voucher) else ""
