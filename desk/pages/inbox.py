"""收件: what lies in the inbox, told file by file, and what importing it would book, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence

from audit.web.query import Query
from desk.case_desk import CaseDesk
from desk.inbox.jobs import Job
from desk.inbox.jobs import job_of
from desk.inbox.paper import Paper
from desk.inbox.paper import paper_of
from desk.inbox.removed import Removed
from desk.inbox.removed import removed_files
from desk.inbox.store import InboxError
from desk.inbox.store import Put
from desk.inbox.store import file_named
from importers.preview.preview import Preview
from importers.preview.preview import PreviewFile
from importers.preview.rows import Row
from ledger.errors import GrantError
from ledger.files.pending import Pending
from ledger.util.i18n import _

ROWS_SHOWN = 100  # of one kind, unless all are asked for
_FILES_SHOWN = 60
_FIRST = ("refused", "asks", "waits")  # what somebody has to look at comes first


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """The rows of one outcome: `key` in the address, what they are called, their sum (NT$), those that are shown."""

    key: str
    title: str
    note: str
    rows: Sequence[Row]
    amount: int
    shown: int
    is_open: bool


@dataclasses.dataclass(frozen=True, slots=True)
class InboxPage:
    """The page. `problem` is why there is no preview; `paper` what is looked at, `puts` what was just sent."""

    preview: Preview | None
    files: Sequence[PreviewFile]
    problem: str
    groups: Sequence[Group]
    job: Job | None
    paper: Paper | None
    accounts: Sequence[tuple[str, str]]
    questions: Mapping[str, Pending]
    puts: Sequence[Put] = ()
    removed: Sequence[Removed] = ()

    @staticmethod
    def answer_label(word: str) -> str:
        """What a button says that answers a question about a statement."""
        return answer_label(word)


def inbox_page(desk: CaseDesk, query: Query) -> InboxPage:
    """The page; an import that runs is shown and nothing is looked at meanwhile."""
    job = job_of(desk.folder)
    if job is not None and job.report is not None and not _is_last(desk, job.report.operation):
        job = None  # something else was done since: its undo is offered in the log
    preview, problem = None, ""
    if job is None or job.state != "running":
        try:
            preview = desk.preview()
        except GrantError as error:
            problem = str(error)
    award = desk.case.award
    accounts = [(each.number, f"{each.bank} {each.number}") for each in award.accounts] if award else []
    groups = groups_of(preview, query.text("all"), query.text("group")) if preview else []
    asked = preview.asked if preview else {}
    files = sorted(preview.files, key=_standing) if preview else []
    if query.text("all") != "files":
        files = files[: max(_FILES_SHOWN, sum(each.state in _FIRST for each in files))]
    return InboxPage(
        preview,
        files,
        problem,
        groups,
        job,
        _paper(desk, query),
        accounts,
        asked,
        removed=removed_files(desk.folder),
    )


def _is_last(desk: CaseDesk, operation: str) -> bool:
    return not operation or desk.operations[-1].id == operation


def _standing(file: PreviewFile) -> tuple[bool, str]:
    return file.state not in _FIRST, file.name


def _paper(desk: CaseDesk, query: Query) -> Paper | None:
    name = query.text("file")
    if not name:
        return None
    try:
        return paper_of(file_named(desk.folder, name), name, query.number("row"))
    except InboxError:
        return None


def groups_of(preview: Preview, every: str, opened: str) -> list[Group]:
    """The rows by what becomes of them, in the order in which an accountant looks at them."""
    titles = {
        "voucher": (_("新憑證"), _("會新增到帳上,政府補助款與自籌款依核定比率分攤。")),
        "payment": (_("付款"), _("會對到憑證的付款,附對到的理由。")),
        "bank": (_("專戶其他收支"), _("撥款、利息、提領、繳庫與手續費。")),
        "question": (_("要問您的"), _("匯入後到「待答」回答;不回答就不入帳,或先標示待認定。")),
        "changed": (_("會改認的"), _("帳上已有、因這次的資料改認的項目。")),
        "set-aside": (_("先擱置的"), _("不像本案的憑證,不入帳;若是本案的,匯入後到「待答」收進來。")),
        "known": (_("已經有的"), _("帳上已有,不會重複入帳。")),
        "not-ours": (_("與本案無關"), _("公司付款帳戶裡的其他交易,不入帳也不保留。")),
    }
    groups = []
    for key, (title, note) in titles.items():
        rows = preview.rows_of(key)
        if not rows:
            continue
        amount = sum(row.amount or 0 for row in rows)
        shown = len(rows) if every == key else min(len(rows), ROWS_SHOWN)
        is_open = key == opened or (
            not opened and key in {"voucher", "payment", "bank", "question", "changed"}
        )
        groups.append(Group(key, title, note, rows, amount, shown, is_open))
    return groups


def answer_label(word: str) -> str:
    """What a button says that answers a question about a statement."""
    names = {
        "opening-balance": _("填好,以此讀取"),
        "account": _("是同一個帳戶"),
        "bank-side": _("是銀行的對帳單:借方是支出"),
        "company-side": _("是公司自己的帳:借方是存入"),
    }
    return names.get(word, word)
