"""`grant questions` and `grant answer`: all that waits for an answer, and answering it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.operation import show
from cli.terminal.output import AmountType
from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    from importers.questions.open_questions import Question
    from importers.report import Report

_case = click.argument("folder", metavar="CASE", type=path_type)


@command("questions")
@_case
@json_option
@language_option
def questions_command(folder: Path, *, as_json: bool) -> None:
    """所有等待回答的問題,每題附可選的答案與理由。"""
    from importers.questions.open_questions import open_questions
    from ledger.files.pending import read_pending
    from ledger.loading.loader import load_case
    from ledger.loading.loader import main_file

    base = main_file(folder).parent
    found = open_questions(load_case(base, datetime.date.max).case, read_pending(base))
    if as_json:
        print_json({"questions": [question.as_json() for question in found]})
        return
    for question in found:
        _say(question)
    click.echo(_("{count} 個問題").format(count=len(found)))


def _say(question: Question) -> None:
    amount = "" if question.amount is None else _("{amount} 元").format(amount=money(question.amount))
    click.echo(f"[{question.id}] {question.date or ''} {amount}  {question.file}")
    click.echo(f"    {question.text}")
    for choice in question.choices:
        given = choice.answer
        given += f" --item {choice.item}" if choice.item else ""
        given += f" --voucher {choice.voucher}" if choice.voucher else ""
        why = _("({why})").format(why=choice.why) if choice.why else ""
        click.echo(f"      {given}:{choice.label}{why}")


@command("answer")
@_case
@click.argument("question", metavar="ID")
@click.argument("word", metavar="ANSWER")
@option("--item", default="", help="核定品項")
@option("--voucher", "vouchers", multiple=True, help="憑證號碼(可重複)")
@option("--month", "months", multiple=True, metavar="YYYY-MM", help="提領的月份(可重複)")
@option("--amount", type=AmountType(), help="金額(元),例如期初餘額")
@option("--remember", is_flag=True, help="記住這個答案,以後同樣的資料照辦")
@option("--reason", default="", help="理由")
@option("--by", default="", help="誰回答的(預設為電腦的使用者)")
@option("--reopen", is_flag=True, help="資料在已月結的月份時重開該月")
@option("--date", "on", type=date_type, help="重開月結的日期(預設為今天)")
@json_option
@language_option
def answer_command(
    folder: Path,
    question: str,
    word: str,
    *,
    item: str,
    vouchers: tuple[str, ...],
    months: tuple[str, ...],
    amount: int | None,
    remember: bool,
    reason: str,
    by: str,
    reopen: bool,
    on: datetime.date | None,
    as_json: bool,
) -> None:
    """回答一個問題;編號與可選的答案見 grant questions。"""
    from checks.runs.judge import judge
    from importers.questions.answers import Answer
    from importers.questions.answers import answer
    from ledger.files.writer import CaseWriter
    from ledger.loading.loader import load_case
    from ledger.loading.loader import main_file
    from ledger.operations.edit import Context

    base = main_file(folder).parent
    given = Answer(word, item, vouchers, months, amount, remember, reason, by)
    with CaseWriter(base) as writer:
        opened = (on or datetime.date.today()) if reopen else None
        context = Context(load_case(base, datetime.date.max), writer.text, judge, opened)
        answered = answer(writer, context, question, given)
    if as_json:
        told: dict[str, object] = {
            "operation": answered.operation or None,
            "question": question,
            "answer": word,
        }
        if answered.planned is not None:
            told |= {"text": answered.planned.text} | answered.planned.effect.as_json()
        if answered.report is not None:
            told["import"] = answered.report.as_json()
        print_json(told)
        return
    if answered.planned is not None:
        show(answered.planned.text, answered.planned.effect)
    if answered.report is not None:
        _show_import(answered.report)
    click.echo(_("已回答(操作 {id});要復原請執行 grant undo").format(id=answered.operation))


def _show_import(report: Report) -> None:
    """What the record that waited came to, judged with its answer."""
    if report.imported:
        click.echo(_("  新入帳 {count} 筆").format(count=report.imported))
    for warning in report.warnings:
        click.echo(_("  注意:{warning}").format(warning=warning))
    for each in report.unmatched:
        click.echo(_("  還要確認:{reason}").format(reason=each.reason))
