"""Lines of the books that an import changes, and how that is shown."""

from __future__ import annotations

from pathlib import Path

from importers.changes import Changes
from importers.changes import difference
from importers.changes import with_new_lines


def test_new_lines_go_by_the_lines_that_beancount_counts() -> None:
    assert with_new_lines("a\u2028b\nc\n", {1: ["  x"]}) == "a\u2028b\n  x\nc\n"
    assert with_new_lines("a\r\nb\r\n", {1: ["x", "z"], 2: ["y"]}) == "a\r\nx\r\nz\r\nb\r\ny\r\n"
    assert with_new_lines("a", {1: ["x"]}) == "a\nx"


def test_amounts_and_new_lines_of_one_file(tmp_path: Path) -> None:
    book = str(tmp_path.resolve() / "books" / "a.beancount")
    text = '2023-07-12 * "甲"\n  A:B  1 TWD\n  C:D  2 TWD\n\n2023-07-13 * "乙"\n'
    changes = Changes(tmp_path, {Path(book): {2: 5, 3: -2}})
    changes.put_after(book, 1, '  document: "x"')
    changes.put_after(book, 5, '  document: "y"')
    changes.put_after(book, 5, '  document-2: "z"')
    ((name, (old, new)),) = changes.texts(lambda _name: text).items()
    assert (name, old) == ("books/a.beancount", text)
    assert new == (
        '2023-07-12 * "甲"\n  document: "x"\n  A:B  5 TWD\n  C:D  -2 TWD\n\n'
        '2023-07-13 * "乙"\n  document: "y"\n  document-2: "z"\n'
    )
    shown = difference(name, old, new).splitlines()
    assert shown[:2] == ["--- books/a.beancount", "+++ books/a.beancount"]
    assert [line for line in shown[2:] if line.startswith("-")] == ["-  A:B  1 TWD", "-  C:D  2 TWD"]
    assert sorted(line for line in shown[2:] if line.startswith("+")) == [
        "+  A:B  5 TWD", "+  C:D  -2 TWD", '+  document-2: "z"', '+  document: "x"', '+  document: "y"',
    ]  # fmt: skip


def test_without_changes_nothing_is_read(tmp_path: Path) -> None:
    def refuse(name: str) -> str:
        raise AssertionError(name)

    assert Changes(tmp_path, {}).texts(refuse) == {}
