"""Checks that speak once a case has ended: what the settlement needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import ended_terms
from checks.analysis.basis import settled
from checks.analysis.case_documents import Papers
from checks.analysis.rule_confidence import settlement_rules
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.util.i18n import _

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
    terms = ended_terms(case)
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

    說明:計畫已結束,補助計畫別要求的證明文件沒有登記(grant-evidence),或登記的檔案不在案件資料夾。

    規定與出處:納管工廠期末結案時應提供特定工廠登記證明文件,未檢附者不予撥付尾款,並追繳已撥付款項
    (納管工廠簡報;可信度:簡報原文)。

    如何改正:把文件放進 documents/,並在 award.beancount 加上 grant-evidence。

    不合的例子:

        納管工廠案已於 2024-05-31 結束,帳上沒有 factory-registration

    合格的例子:

        2024-05-25 custom "grant-evidence" "factory-registration" "documents/特定工廠登記證明.pdf"
    """
    terms = ended_terms(case)
    if terms is None:
        return
    papers = Papers(case.folder)
    for wanted in terms.scheme.evidence:
        shown = [evidence for evidence in case.evidence if evidence.kind == wanted.id]
        if any(papers.has(evidence.path) for evidence in shown):
            continue
        note = wording.assumed(wanted)
        if shown:
            message = _("{name}登記的檔案「{path}」不在案件資料夾;未檢附者不予撥付尾款,請補檔").format(
                name=wanted.name, path=shown[-1].path
            )
            yield Found(shown[-1].entry, message + note, subject=wanted.id)
        else:
            message = _("計畫已結束,尚未附{name};未檢附者不予撥付尾款,請登記 grant-evidence「{id}」").format(
                name=wanted.name, id=wanted.id
            )
            yield Found(terms.award.entry, message + note, subject=wanted.id)
