"""The balance chain: what proves that a statement was read whole, in order and with the right signs.

For lines oldest first, each balance is the one before plus the line's amount (in − out). Files come oldest
first or newest first, and rows of one minute in any order. Pure: takes and gives `BankLine`s.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Sequence
from operator import attrgetter
from operator import gt
from operator import lt

from importers.bank.parsing.body import Body
from importers.bank.parsing.comments import fold_comments
from importers.bank.parsing.comments import some_rows
from importers.bank.parsing.ledger_sides import settle_sides
from importers.bank.parsing.minus_column import settle_minus
from importers.bank.parsing.totals import check_totals
from importers.records import BankLine
from importers.records import Choice
from importers.records import NeedsAnswerError
from importers.records import ReadError
from ledger.util.i18n import _

_IN_WORDS = re.compile(r"存入|匯入|轉入|存款息|活存息|利息|入帳|現金存|存現|補助款|退款|放款貸放|撥款")
_OUT_WORDS = re.compile(r"支出|匯出|轉出|提款|提領|提現|手續費|匯費|繳|扣款|代扣|薪資|票據付|付款|支付|扣帳")
_LOAN_WORDS = re.compile(
    r"攤還|本息|還本|[放貸借]款利息|放款息|貸款扣"
)  # paid by the account, whatever 利息 says


def settle(body: Body) -> tuple[list[BankLine], list[str]]:
    """The lines oldest first, signed, proved and without comment rows; and warnings.

    Raises ReadError where the chain breaks or a printed total differs, NeedsAnswerError where a sign cannot be told.
    """
    if not body.lines:
        return [], []
    if body.sides:
        body = settle_sides(body, chronological, _way_in_words)
    if body.minus_rows:
        body = settle_minus(body, chronological, _way_in_words, _opening_question)
    warnings: list[str] = []
    with_balance = any(line.balance is not None for line in body.lines)
    if not with_balance:
        if body.unsigned:
            raise ReadError(_("沒有餘額欄，也沒有收支別，無法判斷金額是收入或支出"))
        warnings.append(_("沒有餘額欄，無法以餘額核對有無漏列"))
    elif bare := [line.row for line in body.lines if line.balance is None and line.amount]:
        warnings.append(_("{count} 列沒有餘額（第{rows}列）").format(count=len(bare), rows=some_rows(bare)))
    lines = chronological(body)
    if body.totals:
        check_totals(body.totals, sorted(lines, key=lambda line: line.row), body.reversed_rows)
    lines, folded = fold_comments(lines)
    return lines, warnings + folded


def chronological(body: Body) -> list[BankLine]:
    """The lines oldest first, in the order in which their balances chain."""
    errors: list[ReadError] = []
    for direction in _directions(body.lines):
        try:
            return _chained(direction, body)
        except ReadError as error:
            errors.append(error)
    raise next((error for error in errors if isinstance(error, NeedsAnswerError)), errors[0])


def _chained(direction: list[BankLine], body: Body) -> list[BankLine]:
    """The lines of one direction, signed and chained. Raises ReadError where that does not do."""
    lines = _signed_by_totals(direction, body) or _signed(direction, body)
    broken = first_break(lines, body.opening)
    if broken is None:
        return lines
    if not body.unsigned and (regrouped := _within_moments(lines, body.opening)) is not None:
        return regrouped
    raise _break_error(lines, broken, body.opening)


def _directions(lines: Sequence[BankLine]) -> list[list[BankLine]]:
    """The orders to try, the likelier first; a single one where the days (or times) leave no choice.

    Where days rise the file is not newest first, even if a chain could be forced: equal amounts in swapped
    columns chain backwards.
    """
    forward, backward = list(lines), list(lines[::-1])
    for key in (attrgetter("date"), attrgetter("date", "time")):
        stamps = list(map(key, lines))
        ordered = sorted(stamps)
        if ordered[0] == ordered[-1]:
            continue
        if stamps == ordered:
            return [forward]
        if stamps[::-1] == ordered:
            return [backward]
        rises, falls = (sum(map(way, stamps, stamps[1:])) for way in (lt, gt))
        likelier = [forward, backward] if rises >= falls else [backward, forward]
        return _with_days_in_order(likelier)
    return [forward, backward]


def _with_days_in_order(directions: list[list[BankLine]]) -> list[list[BankLine]]:
    """The directions, and each with its days put in order; without balances only the latter."""
    ordered = [sorted(lines, key=attrgetter("date", "time")) for lines in directions]
    has_balance = any(line.balance is not None for line in directions[0])
    return [*directions, *ordered] if has_balance else ordered


def first_break(lines: Sequence[BankLine], opening: int | None = None) -> int | None:
    """The place of the first line whose balance does not follow from the one before; None: all chain."""
    before = opening
    for place, line in enumerate(lines):
        if before is not None:
            before += line.amount
        if line.balance is not None:
            if before is not None and before != line.balance:
                return place
            before = line.balance
    return None


def _break_error(lines: Sequence[BankLine], place: int, opening: int | None) -> ReadError:
    """The error for a chain that breaks at `place`: which rows, both balances, and what should have been."""
    line = lines[place]
    known = next(
        (place - back for back in range(1, place + 1) if lines[place - back].balance is not None), None
    )
    start = lines[known].balance if known is not None else opening
    between = lines[(known + 1) if known is not None else 0 : place + 1]
    should = (start or 0) + sum(item.amount for item in between)
    if known is None:
        return ReadError(
            _(
                "第{row}列餘額不符：期初餘額 {opening:,}，本列收支 {amount:+,}，餘額應為 {should:,}，檔案為 {found:,}"
            ).format(
                row=line.row, opening=start or 0, amount=line.amount, should=should, found=line.balance or 0
            )
        )
    return ReadError(
        _(
            "餘額在第{before}列與第{row}列之間不連續：第{before}列餘額 {start:,}，"
            "第{row}列收支 {amount:+,}，餘額應為 {should:,}，檔案為 {found:,}"
        ).format(
            before=lines[known].row,
            row=line.row,
            start=start or 0,
            amount=line.amount,
            should=should,
            found=line.balance or 0,
        )
    )


def _signed_by_totals(lines: list[BankLine], body: Body) -> list[BankLine] | None:
    """The lines with the one sign of the first, before which no balance is known, that gives the printed totals."""
    if not body.unsigned or not body.totals or body.opening is not None:
        return None
    fitting = []
    for sign in (1, -1):
        with contextlib.suppress(ReadError):
            signed = _signed(lines, body, sign)
            check_totals(body.totals, sorted(signed, key=lambda line: line.row), body.reversed_rows)
            fitting.append(signed)
    return fitting[0] if len(fitting) == 1 else None


def _signed(lines: list[BankLine], body: Body, first: int = 0) -> list[BankLine]:
    """The lines with every magnitude given the sign that the balances show; `first` is the first one's, if known."""
    if not body.unsigned and not body.doubtful:
        return lines
    signed: list[BankLine] = []
    before = body.opening
    for line in lines:
        amount = line.amount
        if line.row in body.unsigned or line.row in body.doubtful:
            if before is not None and line.balance is not None and abs(line.balance - before) == abs(amount):
                amount = line.balance - before
            elif line.row in body.unsigned:
                if before is not None:
                    raise _break_error([*signed, line], len(signed), body.opening)
                amount = (first or _first_sign(line)) * abs(amount)
        signed.append(line if amount == line.amount else line._replace(amount=amount))
        before = line.balance if line.balance is not None else None if before is None else before + amount
    return signed


def _first_sign(line: BankLine) -> int:
    """The sign of a statement's first line, before which no balance is known.

    Raises NeedsAnswerError, which asks for that balance, where neither balance nor words tell.
    """
    if line.balance is not None and line.balance < line.amount:
        return -1  # money in would have left the balance below zero before it
    if line.balance == line.amount and not _OUT_WORDS.search(line.text):
        return 1
    way = _way_in_words(line)
    if way == 0:
        raise _opening_question(line)
    return way


def _way_in_words(line: BankLine) -> int:
    """1 where the bank's word for a line says that money came, -1 where it went, 0 where it says neither or both."""
    if _LOAN_WORDS.search(line.text):
        return -1
    says_in, says_out = (bool(words.search(line.text)) for words in (_IN_WORDS, _OUT_WORDS))
    return says_in - says_out


def _opening_question(line: BankLine) -> ReadError:
    """The question for the balance before the first line; a refusal where the line has no balance to begin with."""
    reason = _("第{row}列金額 {amount:,} 無法判斷是收入或支出（前面沒有餘額可比對）").format(
        row=line.row, amount=line.amount
    )
    if line.balance is None:
        return ReadError(reason)
    before_in, before_out = line.balance - line.amount, line.balance + line.amount
    text = _(
        "{reason};請告訴這份明細的期初餘額:{before_in:,} 表示這一筆是存入,{before_out:,} 表示是支出"
    ).format(reason=reason, before_in=before_in, before_out=before_out)
    why = _("{amount:,} 元是存入時,期初餘額為 {before_in:,};是支出時為 {before_out:,}").format(
        amount=line.amount, before_in=before_in, before_out=before_out
    )
    return NeedsAnswerError("statement", text, (Choice("opening-balance", _("填入期初餘額"), why),))


def _within_moments(lines: Sequence[BankLine], opening: int | None) -> list[BankLine] | None:
    """The lines with those of one moment put in the order of their balances; None where that does not do."""
    if any(line.balance is None for line in lines):
        return None
    ordered: list[BankLine] = []
    before = opening
    for (_day, time), moment in itertools.groupby(lines, key=lambda line: (line.date, line.time)):
        group = list(moment)
        # Without a time and a balance before it, a day of equal amounts would chain with swapped columns too.
        is_free = before is not None or time
        path = _path(group, before) if is_free else group if first_break(group) is None else None
        if path is None:
            return None
        ordered.extend(path)
        before = path[-1].balance
    return ordered


def _path(group: list[BankLine], before: int | None) -> list[BankLine] | None:
    """One order of the lines in which each begins at the balance the one before left; None if there is none.

    Each line leads from one balance to another, so this is a walk that uses every line once (Hierholzer).
    """
    leads: dict[int, list[BankLine]] = {}
    surplus: dict[int, int] = {}
    for line in reversed(group):
        start, end = (line.balance or 0) - line.amount, line.balance or 0
        leads.setdefault(start, []).append(line)
        surplus[start] = surplus.get(start, 0) + 1
        surplus[end] = surplus.get(end, 0) - 1
    if before is None:
        before = next((point for point, excess in surplus.items() if excess == 1), group[0].balance or 0)
        before = before if before in leads else (group[0].balance or 0) - group[0].amount
    walk: list[BankLine] = []
    stack: list[tuple[int, BankLine | None]] = [(before, None)]
    while stack:
        point, came_by = stack[-1]
        if leads.get(point):
            line = leads[point].pop()
            stack.append((line.balance or 0, line))
        else:
            stack.pop()
            if came_by is not None:
                walk.append(came_by)
    walk.reverse()
    return walk if len(walk) == len(group) and first_break(walk, before) is None else None
