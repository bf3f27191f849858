"""Small things that several sheets show the same way."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.arithmetic.settlement import Settlement
from ledger.case.recovery import Ending
from ledger.schemes.model import Scheme
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.labels import confidence_name
from reports.labels import recall_words
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Trail
from reports.xlsx.grid import Value
from reports.xlsx.grid import lines_needed
from reports.xlsx.grid import row_height
from reports.xlsx.styles import Style


def shown(amount: int) -> int | None:
    """An amount of a column that is mostly empty: nothing for zero."""
    return amount or None


def days_text(days: Sequence[datetime.date]) -> Value:
    """One day as a date, several as text, a line each."""
    unique = sorted(set(days))
    if len(unique) <= 1:
        return unique[0] if unique else None
    return "\n".join(map(roc, unique))


def surplus_value(settlement: Settlement, received: str, due: str) -> Value:
    """The surplus out of the cells of what was received and of what is due; of several accounts the sum of theirs."""
    if settlement.accounts:
        return settlement.surplus
    text = f"={received}" if settlement.all_due_back else f"=MAX(0,{received}-({due}))"
    return Formula(text, settlement.surplus, "surplus")


def tail_formula(settlement: Settlement, recognised: str, deductions: str, received: str) -> str:
    """The tail payment out of its cells (or columns): less than nothing where the company repays."""
    if settlement.all_due_back:
        return f"=-{received}"
    rest = f"{recognised}-{deductions}-{received}"
    return f"=MIN(0,{rest})" if settlement.ended else f"={rest}"


def tail_words(settlement: Settlement, ending: Ending | None) -> str:
    """Why the tail payment is what it is, and of a case that the authority ended how sure that is."""
    if ending is None:
        return _tail_words(settlement)
    sure = confidence_name(ending.terms.returns.confidence)
    return _("{words}({confidence})").format(words=_tail_words(settlement), confidence=sure)


def _tail_words(settlement: Settlement) -> str:
    if settlement.recalled:
        return _("主管機關已解除契約或撤銷補助,已撥款項全數應繳回")
    if settlement.forfeited:
        return _("未附特定工廠登記證明,不予撥付,已撥款項全數應繳回")
    if settlement.ended:
        return _("主管機關已終止契約,不再撥付;已撥而未認列的應繳回")
    return _("認列補助款 − 扣款 − 累計撥款;負數為應繳回")


def write_owed_beside(
    sheet: Sheet,
    settlement: Settlement,
    ending: Ending | None,
    split: tuple[int, int],
    style: Style = "amount",
) -> str:
    """The lines of what only some cases owe the treasury; gives what a sum adds for them (`+A1+A2`, or nothing)."""
    flows, cells = settlement.flows, ""
    if flows.recall_interest and ending is not None:
        note = recall_words(ending)
        cells += "+" + figure_line(
            sheet, _("應繳回補助款之利息"), Given(flows.recall_interest, "recall"), note, split, style
        )
    if flows.other_income:
        cells += "+" + figure_line(
            sheet, _("其他應繳國庫之收入"), Given(flows.other_income, "income"), "", split, style
        )
    return cells


def figure_line(
    sheet: Sheet,
    label: str,
    value: Value,
    note: str,
    split: tuple[int, int],
    style: Style = "amount",
    sources: tuple[Entry, ...] = (),
) -> str:
    """A label, its figure and a note on one row; gives the figure's cell.

    `split` is the last column of the label and of the figure, `sources` what a figure that is no formula is from.
    """
    sheet.span(1, split[0], label, "key")
    sheet.span(split[0] + 1, split[1], value, style)
    sheet.span(split[1] + 1, sheet.width, note, "remark")
    cell = sheet.ref(sheet.row, split[0] + 1)
    if sources:
        sheet.book.trails.append(Trail(sheet.name, (cell.rpartition("!")[2].replace("$", ""),), sources))
    lines = lines_needed(note, sum(sheet.widths[split[1] :]))
    sheet.end_row(row_height(lines))
    return cell


def share_formula(scheme: Scheme, cost: str, government: str, total: str) -> str:
    """A category's government share, of cells: MIN(G, A x G / T), rounded as the scheme says, without `=`.

    INT, not ROUNDDOWN: LibreOffice lifts what it rounds down by less than 1e-7 under a whole number, and a
    division by millions comes as near as that.
    """
    quotient = f"MAX(0,{cost})*{government}/{total}"
    whole = f"ROUND({quotient},0)" if scheme.share_rounding.value == "half-up" else f"INT({quotient})"
    return f"IF({total}=0,0,MIN({government},{whole}))"


def total_of(cells: Sequence[str], figure: int) -> Formula:
    """The sum of cells on several sheets."""
    return Formula("=" + ("+".join(cells) or "0"), figure)
