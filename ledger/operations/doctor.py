"""`doctor`: what is next in a case, by when and why, and what is broken in its folder and how it is mended."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.arithmetic.cost_share import withdrawable
from ledger.case.case import Case
from ledger.case.papers.checklist import missing_evidence
from ledger.case.settlement import settle_case
from ledger.files import MAIN
from ledger.files.writer import WORK_FOLDER
from ledger.loading.loader import CHECKS_PLUGIN
from ledger.loading.loader import Loaded
from ledger.operations.commit import with_fava_settings
from ledger.util.dates import add_months
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from ledger.util.i18n import _

_INCLUDE = re.compile(r'^include\s+"([^"]+)"', re.MULTILINE)
_PLUGIN_LINE = f'plugin "{CHECKS_PLUGIN}"\n'
_BOOKS = 'include "books/*.beancount"\n'


class NextStep(NamedTuple):
    """One thing to do: what and why, the command that does it, and the last day where there is one.

    `kind` is what a page knows it by (import, questions, errors, close, withdraw, pay, evidence, remittance, receipt,
    deadline), `about` what it is about: a month, a voucher or a kind of evidence.
    """

    what: str
    why: str
    command: str
    by: datetime.date | None = None
    kind: str = ""
    about: str = ""


class Trouble(NamedTuple):
    """Something broken: what, the file it is in (empty where none), and how it is mended."""

    what: str
    file: str
    remedy: str


class Waiting(NamedTuple):
    """What others found that waits: files in the inbox, open questions, errors, and (message, day) of what will be."""

    inbox: Sequence[str] = ()
    questions: int = 0
    errors: Sequence[str] = ()
    upcoming: Sequence[tuple[str, datetime.date | None]] = ()


def next_steps(case: Case, waiting: Waiting) -> list[NextStep]:
    """What to do next, the most pressing first."""
    return [*_waiting(case, waiting), *_months(case), *_end(case), *_upcoming(waiting)]


def _name(case: Case) -> str:
    return case.folder.name if case.folder is not None else "CASE"


def _waiting(case: Case, waiting: Waiting) -> Iterator[NextStep]:
    name = _name(case)
    if waiting.inbox:
        yield NextStep(
            _("匯入 inbox 裡的 {count} 個檔案").format(count=len(waiting.inbox)),
            _("檔案還沒有入帳:{names}").format(names=_("、").join(waiting.inbox[:3])),
            f"grant import {name}",
            kind="import",
        )
    if waiting.questions:
        yield NextStep(
            _("回答 {count} 個問題").format(count=waiting.questions),
            _("回答之前,這些資料沒有入帳或用途未定"),
            f"grant questions {name}",
            kind="questions",
        )
    if waiting.errors:
        yield NextStep(
            _("處理檢查發現的 {count} 個錯誤").format(count=len(waiting.errors)),
            waiting.errors[0],
            f"grant check {name}",
            kind="errors",
        )


def _months(case: Case) -> Iterator[NextStep]:
    award = case.award
    if award is None or case.scheme is None or case.scheme.coaching is not None:
        return
    month = next_month(max(case.closed_months)) if case.closed_months else month_of(award.start)
    if month <= month_of(award.end) and month_last_day(month) < case.as_of:
        by = month_last_day(next_month(month))
        why = _("月結後才能提領該月的支用數")
        what, command = _("月結 {month}").format(month=month), f"grant close {_name(case)} {month}"
        yield NextStep(what, why, command, by, "close", month)
    if case.closed_months:
        earned = case.entitlement(month_last_day(max(case.closed_months)))
        amount = withdrawable(earned, case.dedicated_accounts.withdrawn(), case.dedicated_accounts.received())
        if amount > 0:
            yield NextStep(
                _("自專戶提領 {amount} 元").format(amount=f"{amount:,}"),
                _("已月結月份的補助款支用數還沒有提領"),
                f"grant close {_name(case)} {max(case.closed_months)} -o 提領表.xlsx",
                kind="withdraw",
                about=max(case.closed_months),
            )


def _end(case: Case) -> Iterator[NextStep]:
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        return
    unpaid = sum(1 for left in case.unpaid.values() if left > 0)
    if unpaid:
        yield NextStep(
            _("付清 {count} 張未付憑證").format(count=unpaid),
            _("結案時不得有未付款的憑證"),
            f"grant import {_name(case)}",
            add_months(award.end, scheme.payment_grace_months.value),
            "pay",
        )
    yield from _papers(case)
    if case.as_of <= award.end:
        return
    settled = settle_case(case)
    whole, ending = settled.whole, settled.ending
    if whole.due_to_treasury > 0:
        yield NextStep(
            _("繳交國庫 {amount} 元").format(amount=f"{whole.due_to_treasury:,}"),
            _("主管機關已終止或解除契約") if ending else _("孳息與結餘款應繳回國庫"),
            f"grant form remittance {_name(case)} -o 繳庫單.xlsx",
            ending.return_by if ending else None,
            kind="remittance",
        )
    elif whole.tail_payment > 0:
        yield NextStep(
            _("請撥尾款 {amount} 元").format(amount=f"{whole.tail_payment:,}"),
            _("認列補助款大於已撥入的款項"),
            f"grant form receipt {_name(case)} -o 領據.xlsx",
            kind="receipt",
        )


def _papers(case: Case) -> Iterator[NextStep]:
    """The papers that are asked for and not there, with what hangs on them."""
    for wanted in missing_evidence(case):
        if wanted.required:
            stake = _("影響 {amount} 元").format(amount=f"{wanted.amount:,}") if wanted.amount else ""
            of = f" --voucher {wanted.voucher}" if wanted.voucher else ""
            yield NextStep(
                _("備妥並登記{name}").format(name=wanted.name),
                stake or _("結案應附的文件"),
                f"grant evidence {_name(case)} {wanted.kind} FILE{of}",
                wanted.due,
                "evidence",
                wanted.voucher or wanted.kind,
            )


def _upcoming(waiting: Waiting) -> Iterator[NextStep]:
    for message, day in waiting.upcoming:
        yield NextStep(message, _("期限將到"), "", day, "deadline")


# --- what is broken --------------------------------------------------------------------------------------


def problems(folder: Path, loaded: Loaded) -> list[Trouble]:
    """What is broken in a case folder itself."""
    return [*_left_over(folder), *_main_file(folder, loaded), *_unread(loaded), *_history(folder)]


def _left_over(folder: Path) -> Iterator[Trouble]:
    if (folder / WORK_FOLDER / "journal.json").exists():
        yield Trouble(
            _("上一次寫入沒有完成"),
            f"{WORK_FOLDER}/journal.json",
            _("再執行一次 grant import,程式會先把上次的寫入做完"),
        )


def _main_file(folder: Path, loaded: Loaded) -> Iterator[Trouble]:
    text = _read(folder / MAIN)
    mend = _("執行 grant doctor {case} --mend").format(case=folder.name)
    if not loaded.checks_listed:
        yield Trouble(_("帳本沒有啟用檢查,在 Fava 裡看不到任何檢查結果"), MAIN, mend)
    if with_fava_settings(text) != text:
        yield Trouble(_("Fava 的語言設定是舊的寫法,報表頁會打不開"), MAIN, mend)
    if not any(name.startswith("books/") for name in _INCLUDE.findall(text)):
        yield Trouble(_("帳本沒有納入 books/ 各月的檔案"), MAIN, mend)
    for name in _INCLUDE.findall(text):
        if not name.startswith("books/") and not (folder / name).is_file():
            yield Trouble(_("帳本納入的檔案不存在"), name, _("把檔案從備份放回案件資料夾"))


def _unread(loaded: Loaded) -> Iterator[Trouble]:
    for error in loaded.errors[:5]:
        yield Trouble(
            _("帳本有讀不懂的地方(第 {line} 行):{message}").format(line=error.lineno, message=error.message),
            Path(error.filename).name,
            _("以 grant log 找出之後的操作並 grant undo,或把檔案從備份放回"),
        )


def _history(folder: Path) -> Iterator[Trouble]:
    from ledger.files.history import History  # noqa: PLC0415 -- takes a while: see there
    from ledger.files.history import HistoryError  # noqa: PLC0415 -- as above

    history = History(folder)
    try:
        history.operations()
    except HistoryError as error:
        yield Trouble(str(error), history.place, _("把它改名或移走,下一個操作會重新開始保存"))
    finally:
        history.close()
    if not history.exists:
        yield Trouble(_("這個案件還沒有操作紀錄"), "", _("下一次匯入、更正或月結時會自動開始保存"))


def mended(text: str) -> str:
    """The text of a case's top file with the settings put right that `problems` names."""
    text = with_fava_settings(text)
    if not re.search(rf'^plugin\s+"{CHECKS_PLUGIN}"', text, re.MULTILINE):
        text = text.rstrip("\n") + "\n" + _PLUGIN_LINE
    if not any(name.startswith("books/") for name in _INCLUDE.findall(text)):
        text = text.rstrip("\n") + "\n" + _BOOKS
    return text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
