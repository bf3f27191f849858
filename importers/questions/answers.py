"""Answering a question: each kind by the operation that it calls for, all of them recorded and undoable."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.attach import attach
from importers.config.rules import Rule
from importers.config.rules import with_rule
from importers.pipeline import import_waiting
from importers.questions.open_questions import Question
from importers.questions.open_questions import answer_told
from importers.questions.open_questions import question_of
from importers.report import Report
from ledger.arithmetic.withholding import Withheld
from ledger.case.case import Case
from ledger.case.month_close import first_open_day
from ledger.entries.builder import payment_entry
from ledger.entries.builder import remittance_entry
from ledger.errors import GrantError
from ledger.files import INBOX
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files.pending import PendingStore
from ledger.files.writer import CaseWriter
from ledger.files.writer import file_digest
from ledger.operations.answer import BankAnswer
from ledger.operations.answer import fee_in
from ledger.operations.answer import plan_bank_answer
from ledger.operations.answer import remitted_by
from ledger.operations.answer import withheld_in
from ledger.operations.apply import apply
from ledger.operations.as_of import entries_with
from ledger.operations.commit import commit_operation
from ledger.operations.correct import plan_correct
from ledger.operations.edit import Context
from ledger.operations.edit import Planned
from ledger.operations.edit import SplitChange
from ledger.operations.edit import effect_of
from ledger.operations.edit import plan_edit
from ledger.operations.edit import voucher_named
from ledger.util.i18n import _


class Answer(NamedTuple):
    """What was answered: a word, and what goes with it."""

    word: str
    item: str = ""
    vouchers: Sequence[str] = ()
    months: Sequence[str] = ()
    amount: int | None = None
    remember: bool = False
    reason: str = ""
    by: str = ""


class Answered(NamedTuple):
    """What came of an answer: the operation's id, what it changed, and what an import by it told."""

    operation: str
    planned: Planned | None = None
    report: Report | None = None


class Prepared(NamedTuple):
    """An answer worked out and staged: what it is called, what it changes or what its import tells.

    `commit` writes what the writer holds and gives the operation's id; without it nothing is written.
    """

    text: str
    commit: Callable[[], str]
    planned: Planned | None = None
    report: Report | None = None


class AnswerError(GrantError):
    """An answer that cannot be given; the message says which can."""


def answer(writer: CaseWriter, context: Context, question: str, given: Answer) -> Answered:
    """Answer a question of the case that `writer` has locked. Raises AnswerError, OperationError, WriteRefusedError."""
    prepared = prepare(writer, context, (question,), given)
    return Answered(prepared.commit(), prepared.planned, prepared.report)


def prepare(writer: CaseWriter, context: Context, questions: Sequence[str], given: Answer) -> Prepared:
    """Work out one answer to one question or to several of a kind, as one operation; everything is staged.

    Raises AnswerError and OperationError.
    """
    store = PendingStore.parse(writer.text(PENDING))
    if given.remember and given.word != "item":
        raise AnswerError(
            _("只有指定核定品項的答案(item)可以記住;「{answer}」請不要加 --remember").format(
                answer=given.word
            )
        )
    asked = [_asked(context.case, store, question, given.word) for question in dict.fromkeys(questions)]
    if not asked:
        raise AnswerError(_("沒有選取問題"))
    first, *more = asked
    if not more:
        return _one(writer, context, store, first, given)
    if all(_is_booked(one) for one in asked):
        return _booked(writer, context, asked, given)
    if any(_is_booked(one) or _is_by_voucher(one, given) for one in asked):
        raise AnswerError(_("這些問題不能一次回答,請逐題回答"))
    return _waiting(writer, store, asked, given)


def _asked(case: Case, store: PendingStore, question: str, word: str) -> Question:
    """The question of an id, which can be answered with this word. Raises AnswerError."""
    asked = question_of(case, store, question)
    if asked is None:
        raise AnswerError(_("沒有編號 {id} 的問題;問題與編號見 grant questions").format(id=question))
    words = list(dict.fromkeys(choice.answer for choice in asked.choices))
    if word not in words:
        raise AnswerError(
            _("「{answer}」不能回答這個問題;可以回答:{allowed}").format(
                answer=word, allowed=_("、").join(words)
            )
        )
    return asked


def _is_booked(asked: Question) -> bool:
    """Whether a question is about an entry of the books."""
    return bool(asked.kind == "voucher" or asked.target)


def _is_by_voucher(asked: Question, given: Answer) -> bool:
    """Whether an answer is about a voucher of the case, so that it is no import's."""
    return asked.kind == "document" or (asked.kind == "bank-line" and given.word == "payment")


def _one(
    writer: CaseWriter, context: Context, store: PendingStore, asked: Question, given: Answer
) -> Prepared:
    if _is_booked(asked):
        planned = _plan_booked(writer, context, asked, given)
    elif asked.kind == "document":
        planned = _attach(writer, context, store, asked, given)
    elif _is_by_voucher(asked, given):
        planned = _payment(writer, context, store, asked, given)
    else:
        return _waiting(writer, store, [asked], given)
    return Prepared(planned.text, lambda: apply(writer, planned, by=given.by), planned)


def _booked(writer: CaseWriter, context: Context, asked: Sequence[Question], given: Answer) -> Prepared:
    """Several answers about entries of the books: each is worked out on the books as the ones before leave them."""
    steps: list[Planned] = []
    now = context
    for one in asked:
        if steps:
            now = _after(context, writer.texts)
        planned = _plan_booked(writer, now, one, given)
        for name, text in planned.files.items():
            writer.write(name, text or "")
        steps.append(planned)
    text = f"一次回答 {len(steps)} 題:{'、'.join(step.text for step in steps[:3])}{'…' if len(steps) > 3 else ''}"
    whole = steps[-1]._replace(text=text, before=steps[0].before, files=dict(writer.texts))
    effect = effect_of(
        whole.before,
        whole.after,
        context.judge,
        entries=[entry for step in steps for entry in step.effect.entries],
        splits=_merged([split for step in steps for split in step.effect.splits]),
    )
    planned = whole._replace(effect=effect)
    return Prepared(text, lambda: apply(writer, planned, by=given.by), planned)


def _after(context: Context, texts: Mapping[str, str]) -> Context:
    """The context of the next step: the case with these texts."""
    entries = entries_with(context, texts)
    case = Case(entries, folder=context.case.folder, as_of=context.case.as_of)
    return context._replace(loaded=context.loaded._replace(case=case, entries=entries))


def _merged(splits: Sequence[SplitChange]) -> list[SplitChange]:
    """Each voucher's share from what it was first to what it is last."""
    merged: dict[str, SplitChange] = {}
    for split in splits:
        known = merged.get(split.voucher)
        merged[split.voucher] = split if known is None else known._replace(after=split.after)
    return [split for split in merged.values() if split.before != split.after]


def _plan_booked(writer: CaseWriter, context: Context, asked: Question, given: Answer) -> Planned:
    if asked.kind == "voucher":
        return _item(writer, context, asked, given)
    said = BankAnswer(given.word, given.months, given.vouchers)
    return plan_bank_answer(context, asked.target, said, given.reason)


def _item(writer: CaseWriter, context: Context, asked: Question, given: Answer) -> Planned:
    """The approved item of a voucher; remembered, the next one of this seller and name goes the same way."""
    if not given.item:
        raise AnswerError(_("請用 --item 指定核定品項"))
    reason = given.reason or _("回答「{question}」").format(question=asked.text)
    planned = plan_correct(context, asked.target, {"item": given.item}, reason)._replace(kind="answer")
    if given.remember:
        voucher = voucher_named(planned.after, asked.target)
        rule = Rule(
            seller=voucher.seller or voucher.seller_name,
            item=str(asked.record.get("item") or ""),
            category=voucher.lines[0].category,
            approved=voucher.lines[0].item,
            note=given.reason,
        )
        writer.write(RULES, with_rule(writer.text(RULES), rule))
    return planned


def _payment(
    writer: CaseWriter, context: Context, store: PendingStore, asked: Question, given: Answer
) -> Planned:
    """A line of the company's own account that pays vouchers of the case."""
    if not given.vouchers:
        raise AnswerError(_("請用 --voucher 指明是哪一張憑證"))
    amount = -(asked.amount or 0)
    vouchers = [voucher_named(context.case, name) for name in given.vouchers]
    paid: list[tuple[str, int, int]] = []
    if remitted := remitted_by(context.case, vouchers, amount, with_others=True):
        return _paid_on(writer, context, store, asked, given, remitted)
    debts = [max(0, context.case.unpaid.get(voucher.link, 0)) for voucher in vouchers]
    amount -= fee_in(amount, debts)  # which the company bears, and not the case
    withheld = withheld_in(context.case, vouchers, amount)
    amount += withheld.total  # which the company pays on, so that the fee is paid
    for place, (voucher, owed) in enumerate(zip(vouchers, debts, strict=True)):
        part = amount if place == len(vouchers) - 1 else min(owed, amount)
        paid.append((voucher.number, part, 0))
        amount -= part
    if any(part <= 0 for _number, part, _grant in paid):
        raise AnswerError(_("這筆款項不夠付這些憑證;請只指明它付的那幾張"))
    booked, words, meta = _as_booked(context, store, asked)
    entry = payment_entry(booked, vouchers[0].seller_name, words, paid, "company", meta, withheld)
    return _answered(writer, context, store, asked, given, entry)


def _paid_on(
    writer: CaseWriter,
    context: Context,
    store: PendingStore,
    asked: Question,
    given: Answer,
    remitted: Mapping[str, Withheld],
) -> Planned:
    """A line of the company's own account that pays on what was withheld of vouchers of the case."""
    booked, words, meta = _as_booked(context, store, asked)
    entry = remittance_entry(booked, "", words, remitted, "company", meta)
    return _answered(writer, context, store, asked, given, entry)


def _as_booked(
    context: Context, store: PendingStore, asked: Question
) -> tuple[datetime.date, str, dict[str, Any]]:
    """When a line that waits is booked, in the first open month at the earliest, its words, and where it comes from."""
    waiting = store.get(asked.id)
    assert waiting is not None  # noqa: S101 -- the question was made of it
    day = asked.date or datetime.date.max
    opened = first_open_day(context.case)
    meta: dict[str, Any] = {"import-id": waiting.data.get("import-id"), "source": asked.file}
    booked = day if opened is None else max(day, opened)
    if booked != day:
        meta["paid"] = day.isoformat()
    return booked, str(asked.record.get("memo") or asked.record.get("text") or ""), meta


def _answered(
    writer: CaseWriter,
    context: Context,
    store: PendingStore,
    asked: Question,
    given: Answer,
    entry: data.Transaction,
) -> Planned:
    day = asked.date or datetime.date.max
    text = f"認定 {day} {-(asked.amount or 0):,} 元:支付憑證 {'、'.join(given.vouchers)}"
    planned = plan_edit("answer", text, context, new=[entry])
    store.answer(asked.id, given.word, vouchers=list(given.vouchers))
    store.stage(writer)
    return planned


def _attach(
    writer: CaseWriter, context: Context, store: PendingStore, asked: Question, given: Answer
) -> Planned:
    """A picture put to its voucher: filed beside it and named in its entry."""
    if len(given.vouchers) != 1:
        raise AnswerError(_("請用 --voucher 指明是哪一張憑證"))
    waiting = store.get(asked.id)
    assert waiting is not None  # noqa: S101 -- the question was made of it
    source = _in_inbox(writer.folder, asked.file, str(waiting.data.get("sha256") or ""))
    voucher = voucher_named(context.case, given.vouchers[0])
    planned = attach(writer, context, source, voucher, kind="answer", reason=given.reason)
    store.drop(asked.id)
    store.stage(writer)
    return planned


def _in_inbox(folder: Path, name: str, digest: str) -> Path:
    """The file of the inbox that was asked about. Raises AnswerError where it is gone or another."""
    for path in sorted((folder / INBOX).rglob("*")):
        if path.name == Path(name).name and not path.is_symlink() and file_digest(path) == digest:
            return path
    raise AnswerError(_("inbox 裡找不到 {file},或內容已不同;請重新放入再執行 grant import").format(file=name))


def _waiting(writer: CaseWriter, store: PendingStore, asked: Sequence[Question], given: Answer) -> Prepared:
    """What waits is judged anew with its answer, as if it came now."""
    said: dict[str, Any] = {}
    if given.word == "opening-balance":
        if given.amount is None:
            raise AnswerError(_("請用 --amount 填期初餘額"))
        said["amount"] = given.amount
    if given.reason:
        said["reason"] = given.reason
    answered = [store.answer(one.id, given.word, **said) for one in asked]
    files = [path for one in asked for path in _files_of(writer.folder, one.file)]
    report = import_waiting(writer, answered, list(dict.fromkeys(files)))
    more = f"等 {len(asked)} 題" if len(asked) > 1 else ""
    text = f"回答「{asked[0].text}」{more}:{answer_told(given.word)}"
    return Prepared(text, lambda: commit_operation(writer, "answer", text, by=given.by), None, report)


def _files_of(folder: Path, name: str) -> list[Path]:
    """The files of the inbox that a question is about: they waited for its answer too."""
    wanted = name.partition("/")[0]
    inbox = folder / INBOX
    return [
        path for path in sorted(inbox.rglob("*")) if path.is_file() and path.name in {wanted, Path(name).name}
    ]
