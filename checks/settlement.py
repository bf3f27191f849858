"""Checks that speak once a case has ended: what the settlement needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import award_basis
from checks.analysis.basis import ended_basis
from checks.analysis.basis import settled
from checks.analysis.rule_confidence import settlement_rules
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.case.coaching import REPORT
from ledger.case.papers.evidence import FORFEITS
from ledger.case.recovery import ended_by
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.case.papers.checklist import Wanted

__plugins__ = ("plugin",)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="settlement")


@check("self-funding-short")
def self_funding_short(case: Case) -> Iterator[Found]:
    """業者自籌款實支不足,補助款須減列。

    說明:計畫結束後,各科目補助數合計超過實支總額乘以補助比率:自籌科目(如人事費)支用不足,補助占比超過上限,
    補助款按比率減列。

    規定與出處:補助比率不得超過總經費 50%(經濟部推動產業及中小企業升級轉型辦法第 5 條;可信度:法規);
    配合款未達核定者按比例減少補助款(海洋委員會補助契約書第 5 條;可信度:姊妹計畫)。

    如何改正:補列期間內尚未入帳的自籌支出;否則結算時減列補助款,已撥付者繳回。

    不合的例子:

        各科目補助數合計 700,000 元,認列成本 1,300,000 元(上限 650,000 元)

    合格的例子:

        各科目補助數合計 650,000 元,認列成本 1,300,000 元
    """
    terms = ended_basis(case)
    if terms is None:
        return
    whole = settled(case)
    for step in whole.steps:
        if step.name == "ratio" and step.binds:
            message = _(
                "實支 {accepted}依 {ratio} 只能認列補助款 {limit},各科目補助數合計 {before};自籌不足,減列 {cut}"
            ).format(
                accepted=wording.money(whole.accepted),
                ratio=wording.percent(terms.scheme.subsidy_ratio.value),
                limit=wording.money(step.limit),
                before=wording.money(step.before),
                cut=wording.money(step.before - step.after),
            )
            cut = step.before - step.after
            note = wording.assumed(*settlement_rules(terms.scheme, whole, cut))
            yield Found(terms.award.entry, message + note, cut)


@check("evidence-missing")
def evidence_missing(case: Case) -> Iterator[Found]:
    """結案應附的證明文件沒有備妥。

    說明:計畫已結束,補助計畫別或核定資料要求的文件沒有登記,或登記的檔案不在案件資料夾。診斷輔導應交的報告也是,
    檔案在案件資料夾才算交付。只是建議備妥的文件列在結算的清單,不在這裡。

    規定與出處:納管工廠期末結案時應提供特定工廠登記證明文件,未檢附者不予撥付尾款,並追繳已撥付款項
    (納管工廠簡報;可信度:簡報原文)。診斷輔導的報告(診斷輔導簡報;各份都要為推定;可信度:推定)。

    如何改正:執行 grant evidence 案件 種類 檔案;特定工廠登記也可用 grant milestone 案件 registration。

    不合的例子:

        納管工廠案已於 2024-05-31 結束,帳上沒有 factory-registration

    合格的例子:

        2024-05-25 custom "grant-evidence" "factory-registration" "documents/特定工廠登記證明.pdf"
    """
    terms = award_basis(case)
    if terms is None or case.as_of <= terms.award.end or ended_by(case.milestones) is not None:
        return
    from ledger.case.papers.checklist import missing_evidence  # noqa: PLC0415 -- a case that runs is asked for nothing

    for wanted in missing_evidence(case, required=True):
        yield _missing(case, terms, wanted)


def _missing(case: Case, terms: Basis, wanted: Wanted) -> Found:
    papers = [paper for paper in terms.scheme.evidence if paper.id == wanted.kind]
    forfeits = any(paper.if_missing == FORFEITS for paper in papers)
    filed = [
        evidence
        for evidence in case.evidence
        if evidence.kind == wanted.kind
        and wanted.voucher in {"", evidence.entry.meta.get("voucher")}
        and not case.papers.has(evidence.path)
    ]
    said = {"name": wanted.name, "id": wanted.kind, "voucher": wanted.voucher}
    if filed:
        message = _("{name}登記的檔案「{path}」不在案件資料夾;請補檔").format(path=filed[-1].path, **said)
    elif wanted.voucher:
        message = _(
            "憑證 {voucher} 尚未附{name};請執行 grant evidence 案件 {id} 檔案 --voucher {voucher}"
        ).format(**said)
    else:
        message = _("計畫已結束,尚未附{name};請執行 grant evidence 案件 {id} 檔案").format(**said)
    if forfeits:
        message += _("。未檢附者不予撥付尾款,並追繳已撥付款項,共 {amount}").format(
            amount=wording.money(wanted.amount)
        )
    elif wanted.amount:
        message += _("。未補齊者影響 {amount}").format(amount=wording.money(wanted.amount))
    entry: data.Directive = filed[-1].entry if filed else terms.award.entry
    if wanted.voucher and not filed:
        entry = next(voucher.entry for voucher in case.vouchers if voucher.number == wanted.voucher)
    note = wording.assumed(wanted)
    subject = wanted.name if wanted.kind == REPORT else wanted.kind
    return Found(entry, message + note, wanted.amount or None, wanted.voucher, subject=subject)
