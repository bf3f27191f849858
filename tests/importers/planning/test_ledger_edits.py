"""Lines of the books that an import changes, and how that is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from beancount import loader

from importers.planning.ledger_edits import Changes
from importers.planning.ledger_edits import difference
from importers.planning.ledger_edits import new_lines
from ledger.operations.rebooking.rebook import with_edits


def test_new_lines_go_by_the_lines_that_beancount_counts() -> None:
    def changed(text: str, lines: dict[int, list[str]]) -> str:
        return with_edits(text, new_lines(text, lines))

    assert changed("a\u2028b\nc\n", {1: ["  x"]}) == "a\u2028b\n  x\nc\n"
    assert changed("a\r\nb\r\n", {1: ["x", "z"], 2: ["y"]}) == "a\r\nx\r\nz\r\nb\r\ny\r\n"
    assert changed("a", {1: ["x"]}) == "a\nx"


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


def test_an_entry_s_place_is_taken_beside_other_changes(tmp_path: Path) -> None:
    book = str(tmp_path.resolve() / "books" / "a.beancount")
    text = (
        '2023-07-12 * "甲"\r\n  A:B  1 TWD\r\n  C:D  -1 TWD\r\n\r\n'
        '2023-07-13 ! "乙"\r\n  x: "y"\r\n  A:B  1 TWD\r\n  C:D  -1 TWD\r\n; 註\r\n2023-07-14 * "丙"\r\n'
    )
    entries: Any = loader.load_string(
        '\n\n\n\n2023-07-13 ! "乙"\n2023-07-13 * "丁"\n2023-07-13 * "戊"\n  note: 1\n'
    )
    old, *new = entries[0]
    changes = Changes(tmp_path, {Path(book): {2: 5}})
    changes.put_after(book, 1, '  document: "x"')
    changes.put_after(book, 10, '  document: "z"')
    changes.put_instead(old._replace(meta=old.meta | {"filename": book}), new)
    ((_name, (_old, changed)),) = changes.texts(lambda _name: text).items()
    assert changed == (
        '2023-07-12 * "甲"\r\n  document: "x"\r\n  A:B  5 TWD\r\n  C:D  -1 TWD\r\n\r\n'
        '2023-07-13 * "丁"\r\n\r\n2023-07-13 * "戊"\r\n  note: 1\r\n'
        '; 註\r\n2023-07-14 * "丙"\r\n  document: "z"\r\n'
    )


def test_without_changes_nothing_is_read(tmp_path: Path) -> None:
    def refuse(name: str) -> str:
        raise AssertionError(name)

    assert Changes(tmp_path, {}).texts(refuse) == {}
