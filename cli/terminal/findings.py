"""How `grant check` shows findings in a terminal: by severity and check, rule and remedy once, then what was found."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import click

from checks.analysis import wording
from checks.presentation.explain import explanation
from cli.terminal.output import money
from cli.terminal.wrap import columns
from cli.terminal.wrap import width
from cli.terminal.wrap import wrapped
from ledger.util.i18n import _

if TYPE_CHECKING:
    from checks.engine.finding import Finding
    from checks.engine.waivers import Waived
    from checks.runs.forecast import Upcoming

SHOWN = 20  # of each check, before the rest is only counted


class Horizon(NamedTuple):
    """What is to come within so many days."""

    days: int
    upcoming: Sequence[Upcoming]


class FindingLine(NamedTuple):
    """One finding as it is shown: the mark that stands before it, and what may be said below it."""

    finding: Finding
    mark: str = "-"
    below: str = ""


class Screen:
    """Shows the findings of one case after another; a check's rule and remedy are told only the first time."""

    def __init__(self, *, everything: bool = False) -> None:
        """`everything`: show all findings, however many one check has."""
        self._everything = everything
        self._explained: set[str] = set()

    def show(
        self,
        folder: Path,
        findings: Sequence[Finding],
        waived: Sequence[Waived] = (),
        notes: Sequence[str] = (),
        horizon: Horizon | None = None,
    ) -> None:
        """What stands against a case, what was waived, what is to come, and what was not looked at."""
        errors = [finding for finding in findings if finding.severity == "error"]
        warnings = [finding for finding in findings if finding.severity == "warning"]
        self._section(folder, _("錯誤({count})"), map(_line, errors))
        self._section(folder, _("提醒({count})"), map(_line, warnings))
        allowed = [FindingLine(each.finding, below=wording.waived(each.waiver)) for each in waived]
        self._section(folder, _("經核准放行({count}),不計入錯誤與提醒"), allowed)
        if horizon is not None:
            self._show_upcoming(folder, horizon)
        for note in notes:
            _tell(note)
        if not findings:
            click.echo(_("{case}:沒有發現問題").format(case=folder))
            return
        total = _("{case}:{errors} 個錯誤,{warnings} 個提醒")
        click.echo(total.format(case=folder, errors=len(errors), warnings=len(warnings)))

    def _show_upcoming(self, folder: Path, horizon: Horizon) -> None:
        if not horizon.upcoming:
            click.echo(_("{days} 天內沒有會變成錯誤或提醒的事項").format(days=horizon.days) + "\n")
            return
        lines = [
            FindingLine(each.finding, str(each.due) if each.due else _("接近上限"))
            for each in horizon.upcoming
        ]
        title = _("{days} 天內將出現({count}),不計入錯誤與提醒")
        self._section(folder, title, lines, days=horizon.days)

    def _section(self, folder: Path, title: str, lines: Iterable[FindingLine], **told: int) -> None:
        groups: dict[str, list[FindingLine]] = {}
        for line in lines:
            groups.setdefault(line.finding.check, []).append(line)
        if not groups:
            return
        count = sum(map(len, groups.values()))
        click.secho(title.format(count=count, **told), bold=True)
        for check, group in groups.items():
            click.echo()
            self._heading(check, [line.finding for line in group])
            shown = group if self._everything or len(group) <= SHOWN else group[: SHOWN - 1]
            for line in shown:
                _show(folder, line)
            if len(shown) < len(group):
                rest = _("……另有 {count} 筆;加 --all 全部列出").format(count=len(group) - len(shown))
                _tell(rest, indent=4)
        click.echo()

    def _heading(self, check: str, findings: Sequence[Finding]) -> None:
        """The check's name and first line with what is at stake; its rule and remedy where not told before."""
        said = explanation(check)
        told = _("{count} 筆").format(count=len(findings))
        if stake := sum(abs(finding.amount or 0) for finding in findings):
            told += _(",金額 {amount} 元").format(amount=money(stake))
        heading = _("{check}:{summary}({told})")
        summary = said.summary.rstrip("。.") if said else ""
        _tell(heading.format(check=check, summary=summary, told=told), indent=2, bold=True)
        if said and check not in self._explained:
            self._explained.add(check)
            _tell(said.rule, indent=4, mark=_("規定:"))
            _tell(said.remedy, indent=4, mark=_("改正:"))


def _line(finding: Finding) -> FindingLine:
    return FindingLine(finding, below=wording.claimed(finding.claim))


def _show(folder: Path, line: FindingLine) -> None:
    finding = line.finding
    _tell(finding.message, indent=4, mark=line.mark)
    hanging = 4 + width(line.mark) + 1
    if line.below:
        _tell(line.below, indent=hanging)
    stake = "" if finding.amount is None else _(",金額 {amount} 元").format(amount=money(finding.amount))
    _tell(place(folder, finding) + stake, indent=hanging, dim=True)


def _tell(text: str, *, indent: int = 0, mark: str = "", bold: bool = False, dim: bool = False) -> None:
    """A text in the terminal's columns; its lines hang below the first, behind the mark."""
    before = f"{mark} " if mark else ""
    hanging = indent + width(before)
    for index, line in enumerate(wrapped(text, columns() - hanging)):
        lead = " " * indent + before if index == 0 else " " * hanging
        click.secho(lead + line, bold=bold or None, dim=dim or None)


def place(folder: Path, finding: Finding) -> str:
    """`books/2023-07.beancount:12`, as seen from the case folder."""
    path = Path(finding.file)
    base = folder.resolve()
    shown = path.relative_to(base) if path.is_absolute() and path.is_relative_to(base) else path
    return f"{shown}:{finding.line}"
