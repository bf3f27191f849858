"""The files of a new case: what `grant new` writes, and nothing else in a case folder is made by the program."""

from __future__ import annotations

from pathlib import Path

from ledger.entries.builder import as_text
from ledger.entries.opening import OPENED
from ledger.errors import GrantError
from ledger.files import AUDIT_FILE
from ledger.files import AWARD
from ledger.files import DOCUMENTS
from ledger.files import MAIN
from ledger.files.award_file import AwardFile
from ledger.files.award_file import award_directives
from ledger.files.writer import CaseWriter
from ledger.model.accounts import CURRENCY
from ledger.model.accounts import chart
from ledger.operations.commit import NEW
from ledger.operations.commit import UNPAID
from ledger.operations.commit import commit_operation
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import category_named
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import read_scheme
from ledger.schemes.loader import scheme_ids
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.util.dates import month_of
from ledger.util.i18n import _

# Before any date a paper can bear: a voucher of long before the case is for a check to find, and an entry dated
# before its accounts are open would make the books unreadable instead.
FOLDERS = ("books", "inbox", DOCUMENTS)

_MAIN_TEXT = """\
; {id} {title}
; {company}({ubn}) · {scheme}
; 本檔由 grant new 建立。plugin 與 documents 只有寫在這一檔才有效,請勿移到別的檔。

option "title" "{id} {company}"
option "operating_currency" "{currency}"
option "tolerance_multiplier" "0"
option "documents" "documents"

plugin "checks"

{start} custom "fava-option" "language" "zh_Hant_TW"
{start} custom "fava-option" "locale" "zh_TW"
{start} custom "fava-extension" "desk.fava"
{start} custom "fava-extension" "audit.fava"

include "award.beancount"
include "audit.beancount"
include "books/*.beancount"

; 查核常用的查詢(在 Fava 的「查詢」頁可直接執行)
{start} query "科目別支出" "SELECT account, sum(position) WHERE account ~ '^Expenses' GROUP BY account ORDER BY account"
{start} query "專戶收支" "SELECT date, payee, narration, position, balance WHERE account ~ '^Assets:1專戶'"
{start} query "未付憑證" "{unpaid}"
{start} query "待認定分錄" "SELECT date, payee, narration, account, position WHERE flag = '!'"
"""

_AUDIT_TEXT = """\
; 查核單位的檔案:查核意見、回覆與簽核。帳冊(books/)由業者記載,查核人員不改帳。
"""

_BOOK_TEXT = """\
; {month} 的帳
"""


class CaseExistsError(GrantError):
    """The folder holds a case already; nothing was written."""


def new_case(folder: Path, award: AwardFile, own_scheme: Path | None = None) -> Scheme:
    """Make the case folder of an award. Returns its scheme.

    `own_scheme` is a file with the scheme that the award names; the case keeps a copy of it. Raises SchemeError for
    an unknown scheme, or one that the award does not name, and CaseExistsError where there is a case already.
    """
    scheme = load_scheme(award.award.scheme, folder) if own_scheme is None else _own(own_scheme, award)
    if (folder / MAIN).exists():
        raise CaseExistsError(_("{folder} 已經有案件,沒有更動").format(folder=folder))
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    with CaseWriter(folder) as writer:
        for name, text in case_texts(award, scheme).items():
            writer.write(name, text)
        if own_scheme is not None:
            writer.copy(own_scheme, f"schemes/{scheme.id}.toml")
        commit_operation(writer, NEW, f"建立案件 {award.award.id}")
    return scheme


def _own(file: Path, award: AwardFile) -> Scheme:
    """The scheme of a user's own file. Raises SchemeError where it is shipped, or another than the award names."""
    scheme = read_scheme(file)
    if scheme.id in scheme_ids():
        raise SchemeError(
            _("{file}: 與內建的補助計畫別「{id}」同名;請改用別的名稱").format(file=file.name, id=scheme.id)
        )
    if scheme.id != award.award.scheme:
        raise SchemeError(
            _("核定資料的補助計畫別是「{named}」,不是「{id}」;請改成一致").format(
                named=award.award.scheme, id=scheme.id
            )
        )
    return scheme


def case_texts(award: AwardFile, scheme: Scheme) -> dict[str, str]:
    """The text of every file of a new case, by name."""
    head, company = award.award, award.company
    month = month_of(head.start)
    main = _MAIN_TEXT.format(
        unpaid=UNPAID,
        id=_quoted(head.id),
        title=_one_line(head.title),
        company=_quoted(company.name),
        ubn=company.ubn,
        scheme=scheme.name,
        currency=CURRENCY,
        start=head.start.isoformat(),
    )
    return {
        MAIN: main,
        AWARD: _award_text(award, scheme),
        AUDIT_FILE: _AUDIT_TEXT,
        f"books/{month}.beancount": _BOOK_TEXT.format(month=month),
        ".gitignore": ".grant/\n*.picklecache\n",
    }


def _award_text(award: AwardFile, scheme: Scheme) -> str:
    """The award's directives and the accounts of the case."""
    directives = as_text(award_directives(award))
    budgeted = (category_named(line.category) or line.category for line in award.budget)
    categories = dict.fromkeys([*CATEGORIES, *scheme.categories, *budgeted])
    opens = "".join(
        f"{OPENED.isoformat()} open {account} {CURRENCY}\n" for account in chart(list(categories))
    )
    return f"; 核定資料。修正預算時請用 grant revise。\n\n{directives}\n; 會計科目\n{opens}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """Text that may stand inside quotes of a ledger."""
    return _one_line(text).replace("\\", "").replace('"', "")
