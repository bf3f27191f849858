"""What a request says, read."""

from __future__ import annotations

import pytest

from audit.web.query import Query


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("-3", -3), ("1,000", 1000), ("--3", 7), ("", 7), ("9" * 5000, 7), ("x", 7)],
)
def test_a_number_or_the_default(text: str, number: int) -> None:
    assert Query({"page": [text]}).number("page", 7) == number
