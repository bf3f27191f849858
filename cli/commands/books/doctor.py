"""`grant doctor`: what is next in a case, and what is broken and how it is mended."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from ledger.util.i18n import N_
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.loading.loader import Loaded
    from ledger.operations.doctor import Trouble
    from ledger.operations.doctor import Waiting

# (module, what it is for, extra)
_PARTS = (
    ("pdfplumber", N_("讀 PDF 的銀行交易明細"), "pdf-statements"),
    ("weasyprint", N_("輸出 PDF 報表"), "pdf"),
    ("pyarrow", N_("匯出 parquet"), "parquet"),
)


@command("doctor")
@click.argument("folder", metavar="CASE", type=path_type)
@option("--mend", is_flag=True, help="把程式能修好的設定修好")
@as_of_option
@json_option
@language_option
def doctor_command(folder: Path, *, mend: bool, as_of: datetime.date | None, as_json: bool) -> None:
    """案件下一步該做什麼、期限與理由,以及哪裡壞了、怎麼修。"""
    from cli.terminal.papers import print_missing
    from ledger.case.papers.checklist import missing_kinds
    from ledger.loading.loader import load_case
    from ledger.loading.loader import main_file
    from ledger.operations.doctor import next_steps
    from ledger.operations.doctor import problems

    base = main_file(folder).parent
    if mend:
        _mend(base)
    loaded = load_case(base, as_of, keep_unread=True)
    steps = next_steps(loaded.case, _waiting(base, loaded))
    found = [*problems(base, loaded), *_program()]
    if as_json:
        print_json(
            {
                "case": loaded.case.award.id if loaded.case.award else None,
                "next": [
                    {
                        "what": step.what,
                        "why": step.why,
                        "command": step.command,
                        "by": step.by.isoformat() if step.by else None,
                    }
                    for step in steps
                ],
                "problems": [problem._asdict() for problem in found],
                "papers": [each.as_json() for each in missing_kinds(loaded.case)],
            }
        )
        return
    rows = [[step.what, step.why, step.command, step.by or ""] for step in steps]
    if rows:
        print_table(_("接下來"), [_("要做的事"), _("理由"), _("命令"), _("期限")], rows)
    else:
        click.echo(_("目前沒有要做的事"))
    print_missing(loaded.case)
    if found:
        print_table(_("要修好的地方"), [_("問題"), _("檔案"), _("怎麼修")], [list(each) for each in found])


def _mend(base: Path) -> None:
    from ledger.files import MAIN
    from ledger.files.writer import CaseWriter
    from ledger.operations.commit import commit_operation
    from ledger.operations.doctor import mended

    with CaseWriter(base) as writer:
        text = writer.text(MAIN)
        if mended(text) != text:
            writer.write(MAIN, mended(text))
            commit_operation(writer, "mend", "修好案件的設定")


def _waiting(base: Path, loaded: Loaded) -> Waiting:
    """What waits in a case: files, questions, errors, deadlines."""
    from checks.engine.runner import run_checks
    from checks.runs.check_case import settings_of
    from desk.waiting import inbox_files
    from desk.waiting import waiting_of
    from importers.questions.open_questions import open_questions
    from ledger.files.pending import read_pending

    settings = settings_of(loaded.options)
    found = run_checks(loaded.case, settings=settings)
    questions = len(open_questions(loaded.case, read_pending(base)))
    waiting = waiting_of(loaded.case, loaded.entries, settings, found)
    return waiting._replace(inbox=inbox_files(base), questions=questions)


def _program() -> Iterator[Trouble]:
    """What the program itself lacks on this machine."""
    import importlib.util
    import shutil
    import subprocess

    from ledger.operations.doctor import Trouble

    for module, purpose, extra in _PARTS:
        if importlib.util.find_spec(module) is None:
            yield Trouble(
                _("沒有安裝選用元件 {module}({purpose})").format(module=module, purpose=_(purpose)),
                "",
                f'pip install "grantledger[{extra}]"',
            )
    fonts = shutil.which("fc-list")
    if fonts:
        listed = subprocess.run([fonts, ":lang=zh-tw", "family"], capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words
        if not listed.stdout.strip():
            yield Trouble(
                _("這台電腦沒有中文字型,PDF 報表的中文會變成方框"),
                "",
                _("安裝中文字型,例如 Noto Sans CJK TC"),
            )
