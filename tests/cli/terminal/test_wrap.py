"""Text in a terminal's columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.terminal.wrap import columns
from cli.terminal.wrap import width
from cli.terminal.wrap import wrapped


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("abc", 3), ("憑證", 4), ("a憑,", 4), ("\uff21", 2), ("e\u0301", 1)]
)
def test_width(text: str, wide: int) -> None:
    assert width(text) == wide


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, [""]),
        ("憑證沒有附件", 10, ["憑證沒有附", "件"]),
        ("憑證沒有附,件", 10, ["憑證沒有", "附,件"]),  # no line begins with a comma
        ("憑證沒有(附件)", 10, ["憑證沒有", "(附件)"]),  # no line ends with a bracket that opens
        ("grant close 2023-07", 12, ["grant close", "2023-07"]),
        ("超過1,234,567元", 9, ["超過", "1,234,567", "元"]),  # a number holds together
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("  一   二 ", 10, ["一 二"]),
    ],
)
def test_lines(text: str, room: int, lines: list[str]) -> None:
    assert wrapped(text, room) == lines


@given(st.text(st.sampled_from("憑證,。(「ab1 -/,.é\uff21"), max_size=60), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, room: int) -> None:
    lines = wrapped(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(("set_to", "used"), [("20", 40), ("80", 80), ("300", 120)])
def test_columns(monkeypatch: pytest.MonkeyPatch, set_to: str, used: int) -> None:
    monkeypatch.setenv("COLUMNS", set_to)
    assert columns() == used
