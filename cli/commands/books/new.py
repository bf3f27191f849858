"""`grant new` and `grant template`: a case from an award, and the forms to fill in."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from importers.templates.forms import FormKind
    from ledger.files.award_file import AwardFile
    from ledger.schemes.model import Scheme

_SHIPPED = frozenset({"expense-form.xlsx", "expense-form.toml"})  # an example for `grant fill`
_FORMS: dict[str, FormKind] = {
    "award": "award",
    "vouchers": "vouchers",
    "payroll": "payroll",
    "timesheet": "timesheet",
}


@command("new")
@click.argument("folder", metavar="DIR", type=path_type)
@option(
    "--award",
    required=True,
    type=path_type,
    help="award.toml 或填好的 award.xlsx、award.ods",
)
@option(
    "--scheme",
    "own_scheme",
    type=path_type,
    help="自訂的補助計畫別(scheme.toml),複製到案件裡",
)
@language_option
def new_command(folder: Path, award: Path, own_scheme: Path | None) -> None:
    """由核定資料建立案件資料夾。"""
    from ledger.files.award_file import parse_award
    from ledger.files.award_file import read_award_file
    from ledger.operations.new_case import new_case
    from ledger.schemes.categories import category_name
    from ledger.schemes.loader import load_scheme
    from ledger.schemes.loader import read_scheme

    # Its categories are known before the award speaks of them.
    own = read_scheme(own_scheme) if own_scheme is not None else None
    if award.suffix.lower() in {".xlsx", ".ods"}:
        from importers.records import ReadError
        from importers.templates.forms import read_award_form

        try:
            granted = parse_award(read_award_form(award), award.name)
        except ReadError as error:
            fail("\n".join(f"{award.name}: {line}" for line in str(error).split("\n")))
    else:
        granted = read_award_file(award)
    _show_summary(granted, own or load_scheme(granted.award.scheme, folder))
    scheme = new_case(folder, granted, own_scheme)
    click.echo(
        _("已建立案件 {id}({scheme}):{folder}").format(id=granted.award.id, scheme=scheme.name, folder=folder)
    )
    for line in granted.budget:
        note = scheme.categories[line.category].note if line.category in scheme.categories else ""
        if note:
            click.echo(_("注意 {category}:{note}").format(category=category_name(line.category), note=note))
    _show_findings(folder, granted.award.start)
    click.echo(
        _("下一步:把銀行交易明細、電子發票與登記表放進 {inbox},再執行 grant import").format(
            inbox=folder / "inbox"
        )
    )


def _show_summary(granted: AwardFile, scheme: Scheme) -> None:
    """Budget and items, cap and ratio, before anything is written."""
    from ledger.files.award_summary import summary_of
    from ledger.schemes.categories import category_name

    summary = summary_of(granted, scheme)
    rows: list[list[object]] = [
        [
            f"{category_name(line.category)} {line.party}".strip(),
            money(line.government),
            money(line.self_funded),
            money(line.total),
            "" if line.items is None else money(line.items),
        ]
        for line in summary.categories
    ]
    if rows:
        total = [_("合計"), money(summary.government), money(summary.total - summary.government)]
        rows.append([*total, money(summary.total), ""])
        headings = [_("會計科目"), _("政府補助款"), _("業者自籌款"), _("預算"), _("品項合計")]
        print_table(_("核定經費(元)"), headings, rows, numbers=(1, 2, 3, 4))
    if summary.cap is not None:
        click.echo(
            _("補助上限 {cap:,} 元,核定 {government:,} 元").format(
                cap=summary.cap, government=summary.government
            )
        )
    if summary.ratio is not None and summary.total:
        click.echo(
            _("補助比率上限 {limit:.0%},核定 {share:.2%}").format(limit=summary.ratio, share=summary.share)
        )
    for note in summary.notes:
        click.echo(_("注意 {warning}").format(warning=note))


def _show_findings(folder: Path, day: datetime.date) -> None:
    """What `grant check` says of the new case on its first day: of the award, that is."""
    from checks.runs.check_case import load_and_judge
    from reports.labels import severity_name

    judged, _loaded = load_and_judge(folder, as_of=day)
    for finding in judged.findings:
        click.echo(
            _("{severity} {check}:{message}").format(
                severity=severity_name(finding.severity), check=finding.check, message=finding.message
            )
        )


@command("template")
@click.argument(
    "path",
    metavar="award.xlsx|vouchers.xlsx|payroll.xlsx|timesheet.xlsx (.csv)|expense-form.xlsx|expense-form.toml",
    type=path_type,
)
@language_option
def template_command(path: Path) -> None:
    """產生要填寫的表格:核定資料、憑證登記表、薪資清冊、工時紀錄;expense-form 是 grant fill 的範例表單與對照檔。"""
    from importers.templates.forms import form_suffixes
    from importers.templates.forms import write_form
    from ledger.files.whole_file import write_atomically
    from reports.fill.map_file import SHIPPED

    kind = _FORMS.get(path.stem.lower())
    if kind is not None and path.suffix.lower() == ".ods":
        fail(
            _("不再產生 .ods 的表格:LibreOffice 可以直接開啟、填寫 .xlsx,請用 {name}").format(
                name=path.with_suffix(".xlsx").name
            )
        )
    shipped = path.name.lower() in _SHIPPED
    if not shipped and (kind is None or path.suffix.lower() not in form_suffixes(kind)):
        fail(
            _(
                "檔名請用 award.xlsx、vouchers.xlsx、payroll.xlsx 或 timesheet.xlsx(後三種也可以用 .csv);"
                "grant fill 的範例是 expense-form.xlsx 與 .toml"
            )
        )
    if path.exists():
        fail(_("{path} 已存在,沒有覆寫").format(path=path))
    if kind is None:
        write_atomically(path, (SHIPPED / path.name.lower()).read_bytes())
    else:
        write_form(kind, path)
    click.echo(_("已產生 {path}").format(path=path))
