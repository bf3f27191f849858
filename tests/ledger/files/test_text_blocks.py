"""One change taken back while later ones stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.files.text_blocks import blocks
from ledger.files.text_blocks import taken_back

JULY = '2023-07-01 * "甲"\n  Assets:A  1 TWD\n  Assets:B\n\n'
AUGUST = '2023-08-01 * "乙"\n  Assets:A  2 TWD\n  Assets:B\n\n'
MAY = '2023-05-01 * "丙"\n  Assets:A  3 TWD\n  Assets:B\n\n'


def test_what_was_added_goes_and_what_came_later_stays() -> None:
    assert taken_back(JULY, JULY + AUGUST, JULY + AUGUST + MAY, is_ledger=True) == JULY + MAY


def test_what_was_removed_comes_back_where_it_stood() -> None:
    assert taken_back(MAY + JULY + AUGUST, MAY + AUGUST, MAY + AUGUST, is_ledger=True) == MAY + JULY + AUGUST


def test_an_entry_that_changed_again_is_not_taken_back() -> None:
    later = AUGUST.replace("2 TWD", "9 TWD")
    assert taken_back(JULY, JULY + AUGUST, JULY + later, is_ledger=True) is None


def test_a_changed_entry_gets_its_old_words_back_among_later_ones() -> None:
    changed = JULY.replace('"甲"', '"甲公司"')
    assert taken_back(JULY, changed, MAY + changed + AUGUST, is_ledger=True) == MAY + JULY + AUGUST


def test_lines_of_other_files_are_blocks() -> None:
    assert taken_back("a\n", "a\nb\n", "a\nb\nc\n", is_ledger=False) == "a\nc\n"


ENTRIES = st.lists(st.integers(1, 40), unique=True, max_size=8)


def _text(numbers: list[int]) -> str:
    return "".join(
        f'2023-07-{number % 28 + 1:02} * "{number}"\n  Assets:A  {number} TWD\n\n' for number in numbers
    )


@given(before=ENTRIES, after=ENTRIES)
def test_the_last_change_taken_back_gives_the_same_bytes(before: list[int], after: list[int]) -> None:
    assert taken_back(_text(before), _text(after), _text(after), is_ledger=True) == _text(before)


@given(before=ENTRIES, added=st.integers(100, 120), later=st.integers(200, 220))
def test_independent_changes_are_taken_back_one_by_one(before: list[int], added: int, later: int) -> None:
    after = [*before, added]
    assert taken_back(_text(before), _text(after), _text([*after, later]), is_ledger=True) == _text(
        [*before, later]
    )


@given(st.text(alphabet='ab \n\t;"', max_size=60))
def test_blocks_joined_are_the_text(text: str) -> None:
    assert "".join(blocks(text, is_ledger=True)) == text
    assert "".join(blocks(text, is_ledger=False)) == text


ENTRY = """2023-06-10 * "試作"
  import-id: "{id}"
  Expenses:1政府補助款:01消耗性器材及原材料費   {grant} TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費  {own} TWD
  Liabilities:1應付帳款  -100 TWD

"""


def test_shares_that_moved_since_stand_in_nobody_s_way() -> None:
    first, second = (ENTRY.format(id=name, grant=40, own=60) for name in "ab")
    corrected = second.replace("-100", "-90").replace("60", "50")
    moved = corrected.replace("40", "35").replace("50", "55")
    assert taken_back(first + second, first + corrected, first + moved, is_ledger=True) == first + second
    other = moved.replace("-90", "-80")
    assert taken_back(first + second, first + corrected, first + other, is_ledger=True) is None


def test_what_moved_only_shares_is_left_to_who_sets_them_anew() -> None:
    first = ENTRY.format(id="a", grant=40, own=60)
    moved, since = first.replace("40", "35"), first.replace("40", "30")
    assert taken_back(first, moved, since, is_ledger=True) == since
