"""A message that was written for the command line, as an accountant reads it: pages and fields instead of commands."""

from __future__ import annotations

import re

from ledger.operations.correct import FIELDS
from ledger.util.i18n import N_
from ledger.util.i18n import SOURCE_LANGUAGE
from ledger.util.i18n import _
from ledger.util.i18n import current_language

# What is done on a page, and what a message that says to do it by the command says instead.
_PLACES = {
    "answer": N_("到「待答」"),
    "questions": N_("到「待答」"),
    "check": N_("到「檢查」"),
    "deduct": N_("到「核定」"),
    "doctor": N_("到「接下來」"),
    "evidence": N_("到「核定」"),
    "income": N_("到「核定」"),
    "log": N_("從「紀錄」"),
    "milestone": N_("到「核定」"),
    "revise": N_("到「核定」"),
    "show": N_("從「紀錄」"),
}
_NAMES = {
    "answer": N_("「待答」"),
    "check": N_("「檢查」"),
    "close": N_("「月結」"),
    "correct": N_("「更正」"),
    "doctor": N_("「接下來」"),
    "evidence": N_("「核定」"),
    "import": N_("「匯入」"),
    "log": N_("「紀錄」"),
    "milestone": N_("「核定」"),
    "questions": N_("「待答」"),
    "remove": N_("「移除」"),
    "reopen": N_("「重開」"),
    "restore": N_("「恢復」"),
    "revise": N_("「核定」"),
    "show": N_("「紀錄」"),
    "split": N_("「拆分」"),
    "undo": N_("「復原」"),
    "waive": N_("「主張放行」"),
}
_OPTIONS = {
    "account": N_("「帳號」"),
    "amount": N_("「金額」"),
    "approval": N_("「核定文號」"),
    "bank": N_("「銀行」"),
    "category": N_("「會計科目」"),
    "date": N_("「日期」"),
    "early": N_("「提早月結」"),
    "end": N_("「新的結束日」"),
    "item": N_("「核定項目」"),
    "month": N_("「月份」"),
    "number": N_("「文號」"),
    "person": N_("「人員」"),
    "rate": N_("「年利率」"),
    "reason": N_("「理由」"),
    "remember": N_("「記住這個答案」"),
    "reopen": N_("「重開」"),
    "until": N_("「到期日」"),
    "voucher": N_("「憑證」"),
}
_ASIDE = re.compile(r"\s?[((][^()()]*(?:--[a-z]|\bgrant [a-z])[^()()]*[))]")
_LAST = re.compile(r"[::]\s?--[a-z-]+$")
_INBOX = re.compile(r"\s?\binbox\b(?![.\w-])/?\s?")
_SET = re.compile(r"--set (?P<field>[a-z]+)=(?P<value>[^\s,,;;))]+)")
_BY = "以|用|執行"  # what a message says before a command
_CASE = "案件"  # and after it
_STOPS = ";,。;,."
_TWO = "「(..)」"
_COMMAND = re.compile(
    rf"(?P<by>(?:{_BY}|\bwith|\brun|\buse|\bby) ?)?(?P<before> ?)\bgrant (?P<word>[a-z]+)"
    rf"(?P<said> (?:{_CASE}|CASE)[^{_STOPS}]*)?(?P<after> ?)"
)
_OPTION = re.compile(r"(?P<before> ?)--(?P<word>[a-z-]+)(?P<after> ?)")
_TWICE = re.compile(rf"(?:{_BY}){_TWO}\1")


def plain(message: str) -> str:
    """A message without the words of the command line; what nobody does on a page is left out or stays as it is."""
    message = _SET.sub(_set, _LAST.sub("", _ASIDE.sub("", message)))
    if current_language() == SOURCE_LANGUAGE:
        message = _INBOX.sub(_("收件匣"), message)
    message = _OPTION.sub(_option, _COMMAND.sub(_command, message))
    return _TWICE.sub(r"\1", message).strip()


def _command(found: re.Match[str]) -> str:
    word = found["word"]
    if found["by"] and word in _PLACES:
        told = _(_PLACES[word]) + (_("登記") if found["said"] else "")
        return _spaced(found, told)
    if word not in _NAMES:
        return found[0]
    return (found["by"] or "").rstrip() + _spaced(found, _(_NAMES[word]), is_after_word=bool(found["by"]))


def _option(found: re.Match[str]) -> str:
    return _spaced(found, _(_OPTIONS[found["word"]])) if found["word"] in _OPTIONS else found[0]


def _spaced(found: re.Match[str], told: str, *, is_after_word: bool = False) -> str:
    """With the spaces that stood around it, which Chinese has none of."""
    if current_language() == SOURCE_LANGUAGE:
        return told
    before = " " if is_after_word else found["before"]
    return f"{before}{told}{found['after']}"


def _set(found: re.Match[str]) -> str:
    """`--set claimed=0` as an accountant reads it."""
    title = FIELDS.get(found["field"])
    return _("把「{field}」改為 {value}").format(field=_(title), value=found["value"]) if title else found[0]
