"""What is answered on 收件: whose account a statement is of, what a statement asks, a file that is taken out again."""

from __future__ import annotations

from collections.abc import Callable

from desk.acts.fields import needed_text
from desk.acts.fields import whole_amount
from desk.inbox.removed import DAYS
from desk.inbox.removed import put_back
from desk.inbox.removed import take_out
from desk.inbox.removed import to_put_back
from desk.inbox.store import file_named
from desk.web.act_request import ActRequest
from importers.config.statement_files import with_account
from importers.ingest import files_to_import
from importers.pipeline import foresee
from importers.questions.open_questions import answer_told
from importers.statement_questions import answered
from ledger.errors import GrantError
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files.pending import PendingStore
from ledger.files.writer import CaseWriter
from ledger.operations.apply import Ready
from ledger.operations.commit import commit_operation
from ledger.util.i18n import _


def plan_account(asked: ActRequest) -> Ready:
    """A statement that names no account is one of the award's: remembered by the file's name. Raises GrantError."""
    file, number = file_named(asked.folder, asked.form.text("file")).name, asked.form.text("account")
    award = asked.context.case.award
    account = next((each for each in award.accounts if each.number == number), None) if award else None
    if account is None:
        raise GrantError(_("請選擇這個檔案是哪一個帳戶的明細"))
    text = f"{file} 是 {account.bank} {account.number} 的明細"

    def write(writer: CaseWriter) -> str:
        writer.write(RULES, with_account(writer.text(RULES), file, number))
        return commit_operation(writer, "answer", text, by=asked.by)

    return Ready("answer", text, write, told=(_("同名的檔案以後也這樣認。"),))


def plan_statement(asked: ActRequest) -> Ready:
    """What a statement of the inbox asks before it can be read. Raises GrantError where it asks no more."""
    word, wanted = asked.form.text("answer"), asked.form.text("question")
    foreseen = foresee(asked.folder, files_to_import(asked.folder))
    question = foreseen.context.pending.get(wanted)
    if question is None or word not in question.choices:
        raise GrantError(_("這個問題已經不在了,請重新看收件"))
    said: dict[str, object] = {}
    if word == "opening-balance":
        amount = whole_amount(needed_text(asked.form, "amount", _("期初餘額")))
        said["amount"] = amount
    text = f"回答「{question.reason}」:{said.get('amount', answer_told(word))}"

    def write(writer: CaseWriter) -> str:
        store = PendingStore.parse(writer.text(PENDING))
        store.add(answered(question, word, **said))
        store.stage(writer)
        return commit_operation(writer, "answer", text, by=asked.by)

    return Ready("answer", text, write)


def plan_take_out(asked: ActRequest) -> Ready:
    """A file of the inbox that is not wanted there: taken out, and kept aside. Raises InboxError where it is gone."""
    name = asked.form.text("file")
    file_named(asked.folder, name)
    told = _("帳沒有更動。{days} 天內可以在收件頁放回。").format(days=DAYS)
    return _moving("take-out", _("從收件匣移除 {name}").format(name=name), take_out, name, told=(told,))


def plan_put_back(asked: ActRequest) -> Ready:
    """A file that was taken out of the inbox: there again. Raises InboxError where that cannot be."""
    name, mark = asked.form.text("file"), asked.form.text("mark")
    to_put_back(asked.folder, name, mark)
    return _moving("put-back", _("把 {name} 放回收件匣").format(name=name), put_back, name, mark)


def _moving(kind: str, text: str, move: Callable[..., None], *what: str, told: tuple[str, ...] = ()) -> Ready:
    """Files of the inbox moved: nothing of the books, so no operation of the history."""

    def write(writer: CaseWriter) -> str:
        move(writer.folder, *what)
        return ""

    return Ready(kind, text, write, told=told)
