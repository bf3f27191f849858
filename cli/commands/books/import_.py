"""`grant read` and `grant import`: what a file says, and taking files into a case."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import AmountType
from cli.terminal.output import command
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from cli.terminal.output import warn
from ledger.util.i18n import _

if TYPE_CHECKING:
    from importers.context import Progress
    from importers.context import Step
    from importers.records import Reading
    from importers.report import Report


_MOST_REASONS = 10


@command("read")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=path_type)
@json_option
@language_option
def read_command(files: tuple[Path, ...], as_json: bool) -> None:
    """顯示檔案的內容:格式、編碼與每一筆紀錄(不需要案件)。"""
    from importers.read import read_file
    from importers.sources.walk import files_in

    reads = [read_file(path) for path in files_in(list(files))]
    readings = [reading for read in reads for reading in read.readings]
    if as_json:
        print_json([reading.as_json() for reading in readings])
    else:
        for reading in readings:
            _show_reading(reading)
    refusals = [read.refusal for read in reads if read.refusal]
    refusals += [member for read in reads for member in read.unread]
    for refusal in refusals:
        warn(_("讀不懂 {file}:{reason}").format(file=refusal.file, reason=refusal.reason))
    if refusals:
        sys.exit(1)


def _show_reading(reading: Reading) -> None:
    from importers.records import BankLine
    from reports.labels import voucher_kind
    from reports.labels import voucher_status

    account = _(" 帳號 {number}").format(number=reading.account) if reading.account else ""
    click.echo(
        _("{file}:{format} {encoding}{account},{count} 筆").format(
            file=reading.file,
            format=reading.format,
            encoding=reading.encoding,
            account=account,
            count=len(reading.records),
        )
    )
    rows: list[list[object]] = []
    if reading.records and isinstance(reading.records[0], BankLine):
        headings = [_("日期"), _("時間"), _("金額"), _("餘額"), _("摘要"), _("備註"), _("對方")]
        for record in reading.records:
            assert isinstance(record, BankLine)  # noqa: S101 -- a statement holds nothing else
            balance = "" if record.balance is None else record.balance
            rows.append(
                [
                    record.date,
                    record.time,
                    record.amount,
                    balance,
                    record.text,
                    record.memo,
                    record.counterparty,
                ]
            )
        print_table("", headings, rows, numbers=(2, 3))
    else:
        headings = [
            _("種類"),
            _("號碼"),
            _("日期"),
            _("賣方"),
            _("未稅"),
            _("稅額"),
            _("總計"),
            _("狀態"),
            _("品名"),
        ]
        for record in reading.records:
            shown = record.as_json()
            names = "、".join(item["name"] for item in shown["items"])
            amounts = ["" if shown[key] is None else shown[key] for key in ("net", "tax", "gross")]
            seller = shown["seller_name"] or shown["seller"]
            rows.append(
                [
                    voucher_kind(shown["kind"]),
                    shown["number"],
                    shown["date"] or "",
                    seller,
                    *amounts,
                    voucher_status(shown["status"]),
                    names,
                ]
            )
        print_table("", headings, rows, numbers=(4, 5, 6))
    for warning in (*reading.warnings, *(row.reason for row in reading.left_out)):
        click.echo(_("  注意:{warning}").format(warning=warning))


@command("import")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("files", metavar="[FILE…]", nargs=-1, type=path_type)
@option("--account", default="", help="交易明細的帳號(檔案與檔名都沒有寫時)")
@option("--opening-balance", type=AmountType(), default=None, help="明細第一筆之前的餘額(第一筆看不出收支時)")
@option("--dry-run", is_flag=True, help="只顯示會寫入什麼,不寫入")
@json_option
@language_option
def import_command(
    folder: Path,
    files: tuple[Path, ...],
    account: str,
    opening_balance: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """匯入 inbox/(或指定的檔案):讀取、歸類、對帳、入帳、歸檔。"""
    from importers.ingest import import_files

    with _progress(quiet=as_json) as progress:
        report = import_files(
            folder,
            files,
            account=account,
            opening_balance=opening_balance,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json(report.as_json())
    else:
        show_report(report, dry_run=dry_run)
    if report.rejected:
        sys.exit(1)


@contextlib.contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A progress bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        names = {"read": _("讀取檔案"), "plan": _("歸類、對帳"), "write": _("寫入各月的帳")}
        task = bar.add_task(names["read"], total=None)

        def show(step: Step, done: int, total: int) -> None:
            bar.update(task, description=names[step], completed=done, total=total)

        yield show


def show_report(report: Report, *, dry_run: bool) -> None:
    """The summary of an import."""
    if dry_run:
        _show_what_is_written(report)
    title = _("匯入結果(試算,沒有寫入)") if dry_run else _("匯入結果")
    rows: list[list[object]] = [
        [_("讀取的檔案"), report.files],
        [_("讀到的紀錄"), report.records],
        [_("新入帳"), report.imported],
        [_("其中對到憑證的付款"), report.matched],
        [_("已有的紀錄"), report.duplicates],
        [_("與本案無關(未保留)"), report.not_of_case],
        [_("待認定"), len(report.unmatched)],
        [_("讀不懂的檔案"), len(report.rejected)],
        [_("歸檔的檔案"), len(report.filed)],
    ]
    if report.changed_splits:
        rows.append([_("重算分攤的金額"), report.changed_splits])
    if report.rebooked:
        rows.append([_("改認的專戶款項"), len(report.rebooked)])
    if report.reconciliation:
        rows.append([_("與營業稅申報不同"), len(report.reconciliation)])
    print_table(title, [_("項目"), _("筆數")], rows, numbers=(1,))
    for unmatched in report.unmatched:
        record = unmatched.record
        named = record.get("number") or f"{record.get('date', '')} {record.get('amount', '')}"
        told = _("待認定 {file} {record}:{reason}").format(
            file=unmatched.file, record=named, reason=unmatched.reason
        )
        click.echo(f"{told} [{unmatched.question}]" if unmatched.question else told)
    if report.set_aside:
        _show_set_aside(report)
    if any(unmatched.question for unmatched in report.unmatched):
        click.echo(_("[ ] 內是問題的編號:以 grant questions 看可以怎麼答,以 grant answer 回答"))
    for rebooked in report.rebooked:
        what = (
            _("付憑證 {numbers}").format(numbers=_("、").join(rebooked.vouchers)) if rebooked.vouchers else ""
        )
        click.echo(
            _("改認 {file}:{line} {date} {amount:,} 元「{narration}」:{what}").format(
                file=rebooked.file,
                line=rebooked.line,
                date=rebooked.day,
                amount=rebooked.amount,
                narration=rebooked.narration,
                what=what or rebooked.unclear or _("不再待認定"),
            )
        )
    for difference in report.reconciliation:
        click.echo(
            _("營業稅申報核對 {number}:{reason}").format(number=difference.number, reason=difference.reason)
        )
    for warning in report.warnings:
        click.echo(_("注意 {warning}").format(warning=warning))
    for refusal in report.rejected:
        warn(_("讀不懂 {file}:{reason}").format(file=refusal.file, reason=refusal.reason))


def _show_set_aside(report: Report) -> None:
    """How many records were set aside and why, each reason once."""
    reasons = Counter(each.reason for each in report.set_aside)
    for reason, count in reasons.most_common(_MOST_REASONS):
        click.echo(_("未入帳 {count} 筆:{reason}").format(count=count, reason=reason))


def _show_what_is_written(report: Report) -> None:
    """Every change that the import would make: new entries by file, lines that change, files that are kept."""
    for name, text in report.written.items():
        click.echo(_("; 加到 {file}").format(file=name) + "\n")
        click.echo(text)
    if report.changed:
        click.echo(_("; 帳本原有的這些行會改動") + "\n")
        click.echo(report.changed)
    for filing in report.filed:
        click.echo(_("歸檔 {file} → {place}").format(file=filing.file, place=filing.place))
