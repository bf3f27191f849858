"""The charts of the report, drawn: budget against cost by category, and earned against withdrawn by month."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ledger.schemes.categories import category_name
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.tables import Tables

_WIDTH, _HEIGHT = 900, 270
_LEFT, _TOP, _BOTTOM, _RIGHT = 90, 40, 58, 10
_COLORS = ("#8ea9db", "#f4b183", "#a9d08e", "#7f7f7f")


class Series(NamedTuple):
    """One line or colour of a chart; amounts in NT$."""

    name: str
    amounts: tuple[int, ...]


def charts_svg(tables: Tables) -> str:
    """Both charts."""
    names = [_label(tables, row.party, row.category) for row in tables.summary]
    by_category = [
        Series(_("核定預算"), tuple(row.approved.total for row in tables.summary)),
        Series(_("認列實支"), tuple(row.accepted for row in tables.summary)),
    ]
    versions = [sum(line.government for line in version.values()) for version in tables.budget.versions]
    by_month = [
        Series(_("累計應計補助款"), tuple(row.entitlement for row in tables.months)),
        Series(_("累計撥款"), tuple(row.received_through for row in tables.months)),
        Series(_("累計提領"), tuple(row.withdrawn_through for row in tables.months)),
        Series(_("核定補助款"), tuple(versions[row.version] for row in tables.months)),
    ]
    months = [roc_month(row.month) for row in tables.months]
    bars = _chart(_("各科目核定預算與認列實支"), names, by_category, bars=True)
    return bars + _chart(_("核定補助款與各月累計應計、撥款、提領"), months, by_month, bars=False)


def _label(tables: Tables, party: str, category: str) -> str:
    name = category_name(category)
    return f"{tables.award.party_name(party)[:4]} {name}" if tables.several else name


def _chart(title: str, names: Sequence[str], series: Sequence[Series], *, bars: bool) -> str:
    top = _nice(max((amount for line in series for amount in line.amounts), default=1))
    marks = _bars(series, top) if bars else _lines(series, top)
    parts = [_text(_WIDTH // 2, 18, title, 14, "middle"), _axis(top), marks, _names(names), _legend(series)]
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'


def _nice(amount: int) -> int:
    """The top of the axis: the next 1, 2, 2.5 or 5 with noughts, in four equal steps."""
    unit = int("1" + "0" * max(1, len(str(max(amount, 1))) - 1))
    steps = (unit, 2 * unit, 5 * unit // 2, 4 * unit, 5 * unit, 6 * unit, 8 * unit, 10 * unit)
    return next(step for step in steps if step >= amount)


def _y(amount: int, top: int) -> int:
    """Where an amount stands, in tenths of a unit of the drawing."""
    room = (_HEIGHT - _TOP - _BOTTOM) * 10
    return (_HEIGHT - _BOTTOM) * 10 - max(0, amount) * room // top


def _at(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _slot(place: int, count: int) -> int:
    """The left edge of a name's slot, in tenths."""
    return _LEFT * 10 + (_WIDTH - _LEFT - _RIGHT) * 10 * place // max(count, 1)


def _bars(series: Sequence[Series], top: int) -> str:
    count = len(series[0].amounts)
    parts = []
    for index, line in enumerate(series):
        for place, amount in enumerate(line.amounts):
            left, right = _slot(place, count), _slot(place + 1, count)
            width = (right - left) * 3 // 10
            x, y = left + (right - left) // 5 + index * width, _y(amount, top)
            height = (_HEIGHT - _BOTTOM) * 10 - y
            parts.append(
                f'<rect x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(height)}" '
                f'fill="{_COLORS[index]}"/>'
            )
    return "".join(parts)


def _lines(series: Sequence[Series], top: int) -> str:
    parts = []
    for index, line in enumerate(series):
        count = len(line.amounts)
        points = " ".join(
            f"{_at((_slot(place, count) + _slot(place + 1, count)) // 2)},{_at(_y(amount, top))}"
            for place, amount in enumerate(line.amounts)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{_COLORS[index]}" stroke-width="2"/>')
    return "".join(parts)


def _axis(top: int) -> str:
    parts = []
    for step in range(5):
        amount = top * step // 4
        y = _at(_y(amount, top))
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#d9d9d9"/>')
        parts.append(_text(_LEFT - 6, _y(amount, top) // 10 + 4, f"{amount:,}", 10, "end"))
    return "".join(parts)


def _names(names: Sequence[str]) -> str:
    count = len(names)
    size = 10 if count <= 12 else 7
    return "".join(
        _text(
            (_slot(place, count) + _slot(place + 1, count)) // 20,
            _HEIGHT - _BOTTOM + 16,
            name,
            size,
            "middle",
        )
        for place, name in enumerate(names)
    )


def _legend(series: Sequence[Series]) -> str:
    parts = []
    step = 150
    first = (_WIDTH - step * len(series)) // 2
    for index, line in enumerate(series):
        x = first + index * step
        parts.append(f'<rect x="{x}" y="{_HEIGHT - 22}" width="12" height="12" fill="{_COLORS[index]}"/>')
        parts.append(_text(x + 18, _HEIGHT - 12, line.name, 11, "start"))
    return "".join(parts)


def _text(x: int, y: int, text: str, size: int, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
