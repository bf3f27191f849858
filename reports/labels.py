"""What the kinds and states of the books are called on a sheet."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ledger.case.recovery import Ending
from ledger.model.award import Award
from ledger.model.milestones import MILESTONES
from ledger.schemes.categories import category_name
from ledger.util.i18n import _

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'{}!]")
_LONGEST_NAME = 31


def voucher_kind(kind: str) -> str:
    """The name of a kind of voucher; the kind itself where it has none."""
    names = {
        "invoice": _("統一發票"),
        "receipt": _("收據"),
        "payroll": _("薪資清冊"),
        "allowance": _("折讓單"),
        "income": _("收入(減列成本)"),
        "cancel": _("作廢"),
        "void": _("註銷"),
        "reject": _("退回"),
        "correction": _("更正"),  # what takes back a voucher of a closed month
        "foreign-invoice": _("國外發票"),
        "labour-receipt": _("勞務報酬單"),
        "requisition": _("領料單"),
        "declaration": _("進口報單"),
        "import": _("進口報單"),  # as books from before 2026-12 have it
        "apportionment": _("分攤表"),
        "travel": _("出差旅費報告表"),
    }
    return names.get(kind, kind)


def voucher_status(status: str) -> str:
    """What became of a voucher that was read; the status itself where it has no name."""
    return {"valid": _("有效"), "voided": _("作廢"), "rejected": _("退回")}.get(status, status)


def movement_kind(kind: str) -> str:
    """The name of a kind of movement on the dedicated account."""
    names = {
        "instalment": _("撥款"),
        "interest": _("利息"),
        "withholding": _("扣繳稅款"),
        "withdrawal": _("提領"),
        "payment": _("付款"),
        "remittance": _("繳交國庫"),
        "own-money": _("自籌款存提"),
        "fee": _("手續費"),
        "deposit": _("非補助款存入"),
        "unexplained": _("待查明"),
        "premium": _("補充保費"),
        "taken-back": _("沖回"),
    }
    return names.get(kind, kind)


def sampling_method(method: str) -> str:
    """How a sample was drawn; the method itself where it has no name."""
    names = {"risk": _("依風險"), "random": _("隨機"), "monetary": _("金額單位(MUS)")}
    return names.get(method, method)


def error_type(name: str) -> str:
    """The kind of error of a finding; the kind itself where it has no name."""
    names = {
        "ineligible-project": _("計畫或對象不符資格"),
        "ineligible-expenditure": _("支出不得補助"),
        "missing-documents": _("憑證或文件不足"),
        "accounting-calculation": _("帳務或計算錯誤"),
        "public-procurement": _("採購程序不符"),
        "state-aid": _("重複補助或超過補助上限"),
        "simplified-costs": _("定額或費率計算不符"),
        "durability": _("設備移作他用或未持續使用"),
        "publicity": _("未標示補助來源"),
        "sound-financial-management": _("不經濟或無效益"),
        "other": _("其他"),
    }
    return names.get(name, name)


def finding_state(state: str) -> str:
    """The name of a finding's state."""
    names = {
        "open": _("待說明"),
        "parked": _("待補正"),
        "replied": _("已回覆"),
        "disallowed": _("剔除"),
        "accepted": _("同意"),
    }
    return names.get(state, state)


def milestone_name(kind: str) -> str:
    """The name of a moment of the case."""
    return _(MILESTONES[kind]) if kind in MILESTONES else kind


def stage_name(stage: str) -> str:
    """The name of a stage at which papers are due."""
    return {"signing": _("簽約"), "interim": _("期中"), "final": _("期末")}.get(stage, stage)


def severity_name(severity: str) -> str:
    """The name of a finding's severity."""
    return {"error": _("錯誤"), "warning": _("提醒")}.get(severity, severity)


def confidence_name(confidence: str) -> str:
    """How sure a number of the scheme is."""
    names = {
        "seed": _("計畫公告"),
        "statute": _("法規"),
        "sister programme": _("比照其他計畫"),
        "assumed": _("暫定,請洽承辦人"),
    }
    return names.get(confidence, confidence)


def term_row(key: str, value: Any) -> tuple[str, str]:
    """What a term of a case's end is called, and its value in words."""
    words = {
        "all": _("已撥款項全數"),
        "unspent": _("未支用的補助款"),
        "received": _("補助款存入專戶之日"),
        "ended": _("終止或解除之日"),
    }
    if key == "interest":
        return _("應繳回款是否計息"), _("計息") if value else _("不計息")
    if key == "rate":
        return _("年利率"), f"{(value * 100).normalize():f}%"
    names = {
        "returns": _("終止或解除後應繳回"),
        "interest_from": _("計息起日"),
        "year_days": _("一年的計息日數"),
        "within_days": _("繳回期限(日)"),
    }
    return names[key], words.get(value, str(value))


def recall_words(ending: Ending) -> str:
    """How the interest on a grant that goes back is counted, and how sure that is."""
    terms = ending.terms
    return _("自{since}起的單利,年利率 {rate},一年以 {days} 日計({confidence})").format(
        since=term_row("interest_from", terms.interest_from.value)[1],
        rate=term_row("rate", ending.rate or Decimal(0))[1],
        days=terms.year_days.value,
        confidence=confidence_name(ending.confidence),
    )


def binding_name(binding: str) -> str:
    """The name of the limit that lowered what is recognised."""
    names = {
        "category": _("科目上限"),
        "ratio": _("補助比率"),
        "approved": _("核定補助款"),
        "none": _("無"),
    }
    return names[binding]


def sheet_name(text: str) -> str:
    """`text` as the name of a sheet."""
    return _FORBIDDEN.sub(" ", text).strip()[:_LONGEST_NAME] or "-"


def party_sheet(name: str, award: Award, party: str) -> str:
    """The name of a sheet that each party with an account has: the lead's as it is, a partner's with its number."""
    return name if party == award.ubn else sheet_name(f"{name} {party}")


def category_sheet(category: str) -> str:
    """The name of a category's sheet."""
    return sheet_name(category_name(category))
