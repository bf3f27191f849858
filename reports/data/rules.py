"""The rules that figures of a report follow, by name: in words, with the scheme's source where it has one."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

from ledger.model.award import Award
from ledger.schemes.model import Scheme
from ledger.schemes.model import Sourced
from ledger.util.i18n import _
from reports.labels import confidence_name


class RuleText(NamedTuple):
    """A rule in words; its source and how sure that is, empty where no source says it."""

    text: str
    source: str = ""
    confidence: str = ""


def rules_of(scheme: Scheme, award: Award) -> dict[str, RuleText]:
    """Every rule that a settlement or a month end names."""
    rules = _arithmetic(scheme) | _money(scheme, award) | _categories(scheme)
    if scheme.coaching is not None:
        words = _("輔導費用為定額,報告全數交付後認列")
        rules["coaching"] = _sourced(words, scheme.coaching.government)
    return rules


def _sourced(text: str, number: Sourced[Any]) -> RuleText:
    return RuleText(text, number.source, confidence_name(number.confidence))


def share_words(scheme: Scheme) -> str:
    """How a category's government share is worked out, in words."""
    if scheme.share_rounding.value == "half-up":
        return _("各科目認列實支 × 核定補助款 ÷ 核定總額,四捨五入至元,不逾核定補助款")
    return _("各科目認列實支 × 核定補助款 ÷ 核定總額,元以下捨去,不逾核定補助款")


def _arithmetic(scheme: Scheme) -> dict[str, RuleText]:
    return {
        "accepted": RuleText(_("認列 = 申報 − 剔除 − 待補正")),
        "self": RuleText(_("自籌款 = 認列實支 − 補助款")),
        "usage": RuleText(_("動支率 = 認列實支 ÷ 核定預算")),
        "share": _sourced(share_words(scheme), scheme.share_rounding),
        "period": RuleText(_("本期 = 累計 − 前期累計,尾數不會因分期而增減")),
        "ratio": _sourced(_("計入比率之認列實支 × 補助比率上限,元以下捨去"), scheme.subsidy_ratio),
        "recognised": _sourced(_("科目上限後、補助比率上限、核定補助款三者取其低"), scheme.subsidy_ratio),
        "cap-base": _sourced(_("科目上限的計算基礎"), scheme.cap_base),
        "cap-total": _sourced(_("科目上限所占的總經費"), scheme.cap_total),
        "payroll": RuleText(_("月薪 × 專案工時 ÷ 總工時,元以下捨去")),
        "person-month": RuleText(
            _("投入人月 = 專案工時 ÷ 當月總工時,每月最多 1"),
            _("海洋委員會人事薪資補助明細表"),
            confidence_name("sister programme"),
        ),
        "item": RuleText(_("核定項目在核定表上的序號,品項對照表依此加總")),
        "domestic": RuleText(
            _("國產設備購置金額 ÷ 設備總購置金額"),
            _("納管工廠簡報、個案補助簡報:國產設備購置費占計畫總購置金額比例達50%以上,優先支持"),
            confidence_name("seed"),
        ),
        "foreign": RuleText(
            _("折合新臺幣 = 外幣金額 × 匯率,四捨五入;帳列不得超過銀行實際扣款"),
            _("海洋委員會 會計科目編列與執行原則"),
            confidence_name("sister programme"),
        ),
        "shared": RuleText(
            _("本案應分攤 = 分攤前未稅金額 × 本案分攤比率,四捨五入"),
            _("A+ 企業創新研發淬鍊 常見問答"),
            confidence_name("sister programme"),
        ),
        "withdrawable": RuleText(_("應計未提領之數,以專戶補助款本金為限;孳息不得提領")),
    }


def _money(scheme: Scheme, award: Award) -> dict[str, RuleText]:
    way = scheme.paying_out.get(award.guarantee)
    source = (way.source, confidence_name(way.confidence)) if way else ("", "")
    return {
        "tail": RuleText(_("認列補助款 − 扣款 − 累計撥款;負數為應繳回"), *source),
        "other-funding": RuleText(_("其他機關補助依各科目自籌數的比例分列(推定),實際分攤以各機關核定函為準")),
        "apportioned": RuleText(_("分攤金額 ÷ 合計,四捨五入至小數二位;業者為 100% 減其餘")),
        "recall": _sourced(
            _("應繳回補助款 × 年利率 × 日數 ÷ {days},元以下四捨五入").format(
                days=scheme.recovery["rescinded"].year_days.value
            ),
            scheme.recovery["rescinded"].interest,
        ),
        "income": RuleText(_("屬於補助的其他收入,依補助計畫別繳交國庫")),
        "surplus": RuleText(_("累計撥款 −(認列補助款 − 扣款),不足者為 0")),
        "treasury": RuleText(_("補助款結餘 + 孳息毛額(扣繳前)− 已繳國庫;扣繳稅款由公司補足")),
    }


def _categories(scheme: Scheme) -> dict[str, RuleText]:
    """What each category may carry: `cap:ID`, or `grantable:ID` where it may carry no grant money."""
    rules = {}
    for category, rule in scheme.categories.items():
        if rule.cap is not None:
            percent = f"{(rule.cap.value * 100).normalize():f}"
            words = (
                _("科目上限:核定總額之 {percent}%,對整個科目經費計算")
                if scheme.cap_base.value == "category"
                else _("科目上限:核定總額之 {percent}%,對補助款計算")
            )
            rules[f"cap:{category}"] = _sourced(words.format(percent=percent), rule.cap)
        if not rule.grantable.value:
            rules[f"grantable:{category}"] = _sourced(_("本科目不得動支補助款"), rule.grantable)
    return rules
