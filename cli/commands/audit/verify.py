"""`grant verify`: whether a report still is what the books give, and a bundle or a case what it was."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _
from ledger.util.i18n import speaking

if TYPE_CHECKING:
    from audit.bundle.known import Marks
    from audit.bundle.verify import Changed
    from ledger.case.case import Case
    from reports.trace.verify import CellDifference

_SHOWN = 40


@command("verify")
@click.argument("report", metavar="FILE.xlsx|BUNDLE.zip|CASE", type=path_type)
@click.argument("folder", metavar="[CASE]", required=False, type=path_type)
@option("--known", metavar="ID", default="", help="以前抄下的指紋:查核紀錄末筆的,或案件包清單的")
@json_option
@language_option
def verify_command(report: Path, folder: Path | None, *, known: str, as_json: bool) -> None:
    """核對報表、案件包或案件:報表依帳本重做一次,逐列比對;案件包與案件逐檔核對。相同結束碼 0,不同 1,無法核對 2。"""
    from audit.bundle.verify import is_bundle

    if report.is_dir() or is_bundle(report):
        _verify_files(report, folder, known, as_json=as_json)
        return
    if known:
        fail(_("--known 用於案件或案件包,不用於報表"))
    if folder is None:
        fail(_("核對報表要指明案件:grant verify FILE.xlsx CASE"))
    _verify_report(report, folder, as_json=as_json)


def _verify_files(path: Path, folder: Path | None, known: str, *, as_json: bool) -> None:
    """A bundle against itself or a case; a case against its own digests; either against what is known of it."""
    from audit.bundle.known import acts_after
    from audit.bundle.known import marks_of_acts
    from audit.bundle.known import marks_of_bundle
    from audit.bundle.verify import Changed
    from audit.bundle.verify import read_bundle
    from audit.bundle.verify import verify_bundle
    from audit.bundle.verify import verify_bundle_against

    if path.is_dir():
        case = _readable(path)
        changed, marks = _changed_in(case, path), marks_of_acts(case.audit_acts)
    else:
        members = read_bundle(path)
        changed, marks = verify_bundle(members, path), marks_of_bundle(members)
        changed += verify_bundle_against(members, folder) if folder is not None and not changed else []
    after = acts_after(marks, known) if known else None
    if known and after is None:
        changed.append(Changed(known, "unknown"))
    if as_json:
        told = {
            "acts": marks.number,
            "audit_head": marks.head,
            "manifest": marks.manifest,
            "acts_after": after,
        }
        print_json({"same": not changed, "changed": [each._asdict() for each in changed], **told})
    else:
        _show_changed(path, changed)
        _show_marks(marks, after)
    if changed:
        sys.exit(1)


def _show_changed(path: Path, changed: list[Changed]) -> None:
    if not changed:
        click.echo(_("{file}:沒有更動").format(file=path))
    else:
        words = {
            "changed": _("內容不同"),
            "missing": _("不見了"),
            "added": _("多出來的"),
            "broken": _("檢查發現更動"),
            "unknown": _("找不到這個指紋:那時的查核紀錄或案件包,之後被刪去或改過(或抄錯了)"),
        }
        for each in changed:
            click.echo(f"{each.file}  {words[each.what]}")


def _show_marks(marks: Marks, after: int | None) -> None:
    """What to write down, and what came after what was written down."""
    if after is not None:
        click.echo(_("與抄下的指紋相符,之後又登錄 {count} 筆查核紀錄").format(count=after))
    if marks.manifest:
        click.echo(_("案件包清單的指紋:{digest}").format(digest=marks.manifest))
    if marks.head:
        click.echo(_("查核紀錄 {count} 筆,末筆的指紋:{digest}").format(count=marks.number, digest=marks.head))
    if marks.manifest or marks.head:
        click.echo(_("把指紋抄在自己手上(公文、信件),日後以 --known 核對:只憑檔案本身,看不出最後幾筆被刪去"))


def _readable(folder: Path) -> Case:
    from ledger.loading.loader import load_case

    loaded = load_case(folder)
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,無法核對:{message}").format(message=loaded.errors[0].message))
    return loaded.case


def _changed_in(case: Case, folder: Path) -> list[Changed]:
    """The papers that changed, and the files in which the checks find that closed months or audit acts were."""
    from audit.bundle.verify import Changed
    from audit.bundle.verify import verify_case
    from checks.engine.runner import run_checks

    names = ("closed-month-changed", "audit-chain-broken", "audit-act-misplaced", "judged-voucher-changed")
    base = folder.resolve()
    found = verify_case(folder)
    for finding in run_checks(case, select=names):
        if finding.severity == "error":
            path = Path(finding.file)
            name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
            found.append(Changed(name, "broken"))
    return list(dict.fromkeys(found))


def _verify_report(report: Path, folder: Path, *, as_json: bool) -> None:
    from audit.check_results import check_results
    from ledger.loading.loader import load_case
    from reports.settlement import compare_settlement
    from reports.trace.verify import build_info

    made = build_info(report)
    loaded = load_case(folder, made.as_of)
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,無法核對:{message}").format(message=loaded.errors[0].message))
    with speaking(made.language):  # the report's own: the findings in it are sentences
        results = check_results(loaded)
    marks, rows = compare_settlement(report, made, loaded.case, results)
    if as_json:
        shown = [{"what": what, "written": written, "now": now} for what, written, now in marks]
        same = not marks and not rows
        changed = [{"file": str(report), "what": "changed"}] if not same else []
        print_json(
            {"same": same, "stamp": shown, "differences": [row._asdict() for row in rows], "changed": changed}
        )
    else:
        _show(report, marks, rows)
    if marks or rows:
        sys.exit(1)


def _show(report: Path, marks: list[tuple[str, str, str]], rows: list[CellDifference]) -> None:
    if not marks and not rows:
        click.echo(_("{file}:與帳本相同").format(file=report))
        return
    for what, written, now in marks:
        click.echo(_("{what}不同:報表 {written},現在 {now}").format(what=what, written=written, now=now))
    if not rows:
        click.echo(_("報表各列的內容與帳本相同"))
    for row in rows[:_SHOWN]:
        where = " ".join(part for part in (f"{row.sheet}!{row.cell}", row.label, row.heading) if part)
        click.secho(where, bold=True)
        click.echo(_("  報表:{written}").format(written=row.written or _("(無)")))
        click.echo(_("  帳本:{now}").format(now=row.now or _("(無)")))
    if len(rows) > _SHOWN:
        click.echo(_("另有 {count} 處不同;加 --json 可看全部").format(count=len(rows) - _SHOWN))
