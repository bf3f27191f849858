"""回答: one answer to one question, or to several of a kind at once."""

from __future__ import annotations

import contextlib
import json
from typing import NamedTuple

from desk.acts.fields import whole_amount
from desk.acts.import_words import words_of
from desk.web.act_request import ActRequest
from importers.questions.answers import Answer
from importers.questions.answers import AnswerError
from importers.questions.answers import Prepared
from importers.questions.answers import prepare
from importers.questions.open_questions import Choice
from ledger.case.case import Case
from ledger.operations.apply import Ready
from ledger.operations.as_of import entries_with
from ledger.operations.edit import Effect
from ledger.operations.edit import effect_of
from ledger.util.i18n import _


class Chosen(NamedTuple):
    """What a button of a question stands for."""

    word: str
    item: str = ""
    voucher: str = ""


def value_of(choice: Choice) -> str:
    """A choice as a button's value."""
    return json.dumps([choice.answer, choice.item, choice.voucher], ensure_ascii=False)


def chosen(value: str) -> Chosen:
    """The choice that a button's value stands for. Raises AnswerError for what no button says."""
    parts: object = [value, "", ""]
    if value.startswith("["):
        parts = None
        with contextlib.suppress(ValueError):
            parts = json.loads(value)
    match parts:
        case [str(word), str(item), str(voucher)] if word:
            return Chosen(word, item, voucher)
    raise AnswerError(_("請選擇答案"))


def plan_answer(asked: ActRequest) -> Ready:
    """The answer of the field `choice` to the questions of the fields `question`.

    What goes with it: `item`, `voucher` (more than once, or several in one field), `month`, `amount`, `remember`,
    `reason`. Raises AnswerError and OperationError.
    """
    form, choice = asked.form, chosen(asked.form.text("choice"))
    given = Answer(
        choice.word,
        item=choice.item or form.text("item"),
        vouchers=(choice.voucher,) if choice.voucher else _named(form.texts("voucher")),
        months=tuple(month for month in form.texts("month") if month),
        amount=whole_amount(form.text("amount")) if form.text("amount") else None,
        remember=bool(form.text("remember")),
        reason=form.text("reason"),
        by=asked.by,
    )
    prepared = prepare(asked.writer, asked.context, form.texts("question"), given)
    told = words_of(prepared.report) if prepared.report else ()
    return Ready("answer", prepared.text, lambda _writer: prepared.commit(), _effect(asked, prepared), told)


def _named(values: tuple[str, ...]) -> tuple[str, ...]:
    """The voucher numbers of a form's fields: one a field, or several with 、 or a comma between."""
    parts = [part.strip() for value in values for part in value.replace("、", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _effect(asked: ActRequest, prepared: Prepared) -> Effect:
    """What an answer changes; of what is imported by it, what the months earn (its papers are not filed yet)."""
    if prepared.planned is not None:
        return prepared.planned.effect
    case = asked.context.case
    entries = entries_with(asked.context, asked.writer.texts)
    return effect_of(case, Case(entries, folder=case.folder, as_of=case.as_of), None)
