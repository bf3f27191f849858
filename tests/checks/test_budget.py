"""Cost against the approved budget and its items."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books
from tests.checks.pieces.budget import bought
from tests.checks.pieces.budget import parked


def test_budget_overrun_names_the_voucher_that_crosses(books: Books) -> None:
    # 80,001 of 200,000 are booked
    assert books.add(bought("R1", 119_999)).found("budget-overrun") == []
    assert books.add(bought("R1", 120_000)).found("budget-overrun") == [("R1", 1)]
    both = books.add(bought("R1", 120_000) + bought("R2", 500, day="2023-09-16"))
    assert both.found("budget-overrun") == [("R1", 501)]


def test_budget_overrun_that_a_credit_note_undoes(books: Books) -> None:
    back = bought("R3", -10_000, day="2023-09-17").replace('"receipt"', '"allowance"\n  reverses: "R1"')
    assert books.add(bought("R1", 120_000) + back).found("budget-overrun") == []


def test_budget_overrun_names_the_voucher_that_went_beyond_for_good(books: Books) -> None:
    used_up, beyond = bought("R1", 119_999), bought("R2", 500, day="2023-09-16")
    assert books.add(used_up + beyond).found("budget-overrun") == [("R2", 500)]
    back = bought("R3", -2_000, day="2023-09-17").replace('"receipt"', '"allowance"\n  reverses: "R1"')
    again = bought("R4", 1_600, day="2023-09-18")
    assert books.add(used_up + beyond + back + again).found("budget-overrun") == [("R4", 100)]


def test_budget_overrun_counts_accepted_cost_only(books: Books) -> None:
    disallowed = """
2023-09-20 custom "grant-finding" "F-001"
  voucher: "R1"
  state: "disallowed"
"""
    assert books.add(bought("R1", 120_000) + disallowed).found("budget-overrun") == []


def test_budget_overrun_by_the_budget_in_force(books: Books) -> None:
    raised = """
        2023-09-01 custom "grant-budget" "consumables" 110000 TWD 110000 TWD
          approval: "產授字第1號"
    """
    assert books.add(bought("R1", 139_999)).add(raised).found("budget-overrun") == []
    assert books.add(bought("R1", 140_000)).add(raised).found("budget-overrun") == [("R1", 1)]


def test_item_not_in_budget(books: Books) -> None:
    planted = books.add(bought("R1", 5000, item="感測器模"))
    (finding,) = planted.findings("item-not-in-budget")
    assert (finding.voucher, finding.amount) == ("R1", 5000)
    assert "相近的核定項目:感測器模組" in finding.message


def test_item_that_is_only_a_code(books: Books) -> None:
    (finding,) = books.add(bought("R1", 5000, item="SMD-200A")).findings("item-not-in-budget")
    assert "不得只填代號" in finding.message


@pytest.mark.parametrize("item", ["感測器 模組", "感測器模組　", " 感測器模組"])
def test_item_names_match_after_folding(books: Books, item: str) -> None:
    assert books.add(bought("R1", 5000, item=item)).found("item-not-in-budget") == []


def test_item_of_another_category(books: Books) -> None:
    (finding,) = books.add(bought("R1", 5000, item="全電式射出成型機")).findings("item-not-in-budget")
    assert "核定在全新設備之購置費" in finding.message


def test_items_of_payroll_and_reversals_are_not_judged(books: Books) -> None:
    back = bought("R2", -100, item="折讓").replace('"receipt"', '"allowance"\n  reverses: "R1120710001"')
    assert books.add(back).found("item-not-in-budget") == []


def test_a_category_that_lists_no_items_is_not_judged(books: Books) -> None:
    planted = books.add('2023-06-01 custom "grant-budget" "construction" 0 TWD 50000 TWD').add(
        bought("R1", 5000, item="管線").replace("01消耗性器材及原材料費", "08基礎工程施工費")
    )
    assert planted.found("item-not-in-budget") == []
    assert planted.add('2023-06-01 custom "grant-item" "construction" "風管" 0 TWD 50000 TWD').found(
        "item-not-in-budget"
    ) == [("R1", 5000)]


def test_every_line_of_a_voucher_is_judged(books: Books) -> None:
    lines = (
        bought("R1", 5000)
        .replace(
            "  Liabilities",
            '    item: "甲"\n  Expenses:2業者自籌款:01消耗性器材及原材料費   700 TWD\n    item: "乙"\n  Liabilities',
        )
        .replace("-5000", "-5700")
    )
    assert books.add(lines).found("item-not-in-budget") == [("R1", 5000), ("R1", 700)]


CHAIR = '    item: "高階辦公椅"\n'


def with_line(line: str, cost: int, *, flag: str = "*") -> str:
    """A voucher with a line of that cost before one of 700 for a chair."""
    rows = f"{line}  Expenses:2業者自籌款:01消耗性器材及原材料費   700 TWD\n{CHAIR}"
    text = bought("R1", cost + 700).replace(
        f"  Expenses:2業者自籌款:01消耗性器材及原材料費   {cost + 700} TWD\n", rows
    )
    return text.replace("2023-09-15 *", f"2023-09-15 {flag}")


def test_a_line_that_is_not_judged_hides_no_other(books: Books) -> None:
    self_funded = "  Expenses:2業者自籌款:"
    lines = {
        "approved": f"{self_funded}01消耗性器材及原材料費   5000 TWD\n",
        "personnel": f"{self_funded}05人事費   5000 TWD\n{CHAIR}",
        "without items": f"{self_funded}08基礎工程施工費   5000 TWD\n{CHAIR}",
        "not claimed": '  Expenses:9不予認列:01消耗性器材及原材料費   5000 TWD\n    item: "SMD-200A"\n',
    }
    for line in lines.values():
        assert books.add(with_line(line, 5000)).found("item-not-in-budget") == [("R1", 700)]


def test_a_line_to_be_decided_stands_beside_others(books: Books) -> None:
    waiting = '  Expenses:9不予認列:01消耗性器材及原材料費   5000 TWD\n    item: "SMD-200A"\n'
    planted = books.add(with_line(waiting, 5000, flag="!"))
    assert planted.found("item-not-in-budget") == [("R1", 5000), ("R1", 700)]


def test_pay_needs_no_approved_item(books: Books) -> None:
    listed = books.add('2023-06-01 custom "grant-item" "personnel" "製程工程師" 0 TWD 160000 TWD')
    assert listed.found("item-not-in-budget") == []
    bonus = bought("R1", 5000, item="獎金").replace("01消耗性器材及原材料費", "05人事費")
    assert listed.add(bonus).found("item-not-in-budget") == []
    elsewhere = listed.plant("05人事費   22000", "01消耗性器材及原材料費   22000")
    assert elsewhere.found("item-not-in-budget") == []


def test_item_quantity_exceeded(books: Books) -> None:
    # 8 of 20 are bought
    assert books.add(bought("R1", 24_000, quantity="12")).found("item-quantity-exceeded") == []
    assert books.add(bought("R1", 26_000, quantity="13")).found("item-quantity-exceeded") == [("R1", 2000)]
    later = bought("R1", 24_000, quantity="12") + bought("R2", 500, quantity="0.5", day="2023-09-16")
    assert books.add(later).found("item-quantity-exceeded") == [("R2", 500)]


def test_amount_of_all_that_goes_beyond_the_quantity(books: Books) -> None:
    # 8 of 20 are bought; one too many at 2,000, three more at 1,000 each, one of these given back
    bought_on = bought("R1", 26_000, quantity="13") + bought("R2", 3_000, quantity="3", day="2023-09-16")
    assert books.add(bought_on).found("item-quantity-exceeded") == [("R1", 5_000)]
    back = bought("R3", -1_000, quantity="1", day="2023-09-17").replace(
        '"receipt"', '"allowance"\n  reverses: "R2"'
    )
    assert books.add(bought_on + back).found("item-quantity-exceeded") == [("R1", 4_000)]


def test_quantity_given_back_counts_no_more(books: Books) -> None:
    back = bought("R2", -2000, quantity="1", day="2023-09-16").replace(
        '"receipt"', '"allowance"\n  reverses: "R1"'
    )
    assert books.add(bought("R1", 26_000, quantity="13") + back).found("item-quantity-exceeded") == []


def test_what_was_given_back_leaves_nothing_beyond_whatever_it_cost(books: Books) -> None:
    cheaper = bought("R2", -1000, quantity="1", day="2023-09-16").replace(
        '"receipt"', '"allowance"\n  reverses: "R1"'
    )
    assert books.add(bought("R1", 26_000, quantity="13") + cheaper).found("item-quantity-exceeded") == []


def test_quantity_is_told_to_the_hundredth(books: Books) -> None:
    (finding,) = books.add(bought("R1", 26_000, quantity="13.333")).findings("item-quantity-exceeded")
    assert "累計 21.33組" in finding.message


def test_an_item_that_is_not_counted_hides_no_other(books: Books) -> None:
    other = '  Expenses:2業者自籌款:03既有設備之改善費   1000 TWD\n    item: "高階辦公椅"\n  Expenses'
    both = bought("R1", 27_000, quantity="13").replace("  Expenses", other, 1)
    assert books.add(both.replace("費   27000", "費   26000")).found("item-quantity-exceeded") == [
        ("R1", 2000)
    ]


def test_pieces_whose_cost_is_taken_off_again_do_not_count(books: Books) -> None:
    nothing = bought("R1", 26_000, quantity="13").replace(
        "  Liabilities:1應付帳款   -26000", "  Expenses:9不予認列:01消耗性器材及原材料費   -26000"
    )
    assert books.add(nothing).found("item-quantity-exceeded") == []


def test_quantity_given_back_without_naming_what_it_takes_from(books: Books) -> None:
    less = bought("R2", -2000, quantity="1", day="2023-09-16")  # a correction by a negative cost
    assert books.add(bought("R1", 26_000, quantity="13") + less).found("item-quantity-exceeded") == []


def test_pieces_that_cost_nothing_are_not_bought(books: Books) -> None:
    free = bought("R2", 0, quantity="5", day="2023-09-16")
    assert books.add(bought("R1", 24_000, quantity="12") + free).found("item-quantity-exceeded") == []


def test_pieces_of_a_dollar_each(books: Books) -> None:
    # 8 of 20 are bought
    single = bought("R2", 1, quantity="1", day="2023-09-16")
    full = bought("R1", 12, quantity="12")
    assert books.add(full).found("item-quantity-exceeded") == []
    assert books.add(full + single).found("item-quantity-exceeded") == [("R2", 1)]


def test_quantity_of_an_item_without_approved_quantity(books: Books) -> None:
    planted = books.plant('  quantity: 20\n  unit: "組"\n', "").add(bought("R1", 26_000, quantity="99"))
    assert planted.found("item-quantity-exceeded") == []


@pytest.mark.parametrize(
    ("budget", "severity", "amount"),
    [
        ("120000 TWD 168000", "warning", 48_000),  # 20 % of 240,000 is allowed to be told without approval
        ("120000 TWD 168001", "error", 48_001),
        ("60000 TWD 60000", "error", 120_000),
        ("110000 TWD 130000", "warning", 0),
    ],
)
def test_reallocation_unapproved(award: Books, budget: str, severity: str, amount: int) -> None:
    moved = f'2023-08-01 custom "grant-budget" "equipment" {budget} TWD\n'
    (finding,) = award.add(moved).findings("reallocation-unapproved")
    assert (finding.severity, finding.amount) == (severity, amount)
    assert "此為推定規定" in finding.message
    assert award.add(moved + '  approval: "產授字第1號"\n').found("reallocation-unapproved") == []


def test_the_same_budget_again_is_no_reallocation(award: Books) -> None:
    again = '2023-08-01 custom "grant-budget" "equipment" 120000 TWD 120000 TWD\n'
    assert award.add(again).found("reallocation-unapproved") == []


def test_every_change_of_the_budget_is_judged(award: Books) -> None:
    moved = '2023-08-02 custom "grant-budget" "equipment" 110000 TWD 130000 TWD\n'
    for before in (
        '2023-08-01 custom "grant-budget" "equipment" 120000 TWD 120000 TWD\n',
        '2023-08-01 custom "grant-budget" "consumables" 90000 TWD 110000 TWD\n  approval: "產授字第1號"\n',
    ):
        assert award.add(before + moved).days("reallocation-unapproved") == [("2023-08-02", 0)]
    added = '2023-08-01 custom "grant-budget" "research" 0 TWD 50000 TWD\n'
    assert award.add(added + moved).days("reallocation-unapproved") == [
        ("2023-08-01", 50_000),
        ("2023-08-02", 0),
    ]


def test_item_of_an_unknown_category_is_found_until_it_is_decided(books: Books) -> None:
    assert books.add(parked("高階辦公椅", "!")).found("item-not-in-budget") == [("R1", 5000)]
    assert books.add(parked("高階辦公椅", "*")).found("item-not-in-budget") == []
    for approved in ("感測器模組", "全電式射出成型機"):
        assert books.add(parked(approved, "!")).found("item-not-in-budget") == []
    award, items, persons = books.text.partition('2023-06-01 custom "grant-item"')
    listed_none = Books(award + persons[persons.index('2023-06-01 custom "grant-person"') :])
    assert items
    assert listed_none.add(parked("高階辦公椅", "!")).found("item-not-in-budget") == []


def test_a_category_added_later_wants_its_letter(award: Books) -> None:
    later = '2023-08-01 custom "grant-budget" "research" 0 TWD 50000 TWD\n'
    (finding,) = award.add(later).findings("reallocation-unapproved")
    assert (finding.severity, finding.amount, str(finding.date)) == ("error", 50_000, "2023-08-01")
    assert "委託研究或驗證費" in finding.message
    assert award.add(later + '  approval: "產授字第1號"\n').found("reallocation-unapproved") == []
    assert award.add(later.replace("08-01", "06-01")).found("reallocation-unapproved") == []


def test_a_letter_left_blank_is_no_approval(award: Books) -> None:
    moved = '2023-08-01 custom "grant-budget" "equipment" 200000 TWD 200000 TWD\n  approval: "  "\n'
    planted = award.add(moved).on(2023, 9, 1)
    assert planted.found("reallocation-unapproved") == [("", 160_000)]
    assert planted.found("item-sum-mismatch") == []  # what was approved first still holds


def test_pieces_that_nobody_claims_do_not_count(books: Books) -> None:
    # 8 of 20 are bought
    more = bought("R1", 26_000, quantity="13")
    assert books.add(more.replace("2業者自籌款:01", "9不予認列:01")).found("item-quantity-exceeded") == []
    kept = more.replace(
        "費   26000 TWD\n", "費   24000 TWD\n  Expenses:9不予認列:01消耗性器材及原材料費   2000 TWD\n"
    )
    assert books.add(kept).found("item-quantity-exceeded") == []
    less = kept.replace("   24000 TWD", "   25000 TWD").replace("   2000 TWD", "   1000 TWD")
    assert books.add(less).found("item-quantity-exceeded") == [("R1", 1000)]
    struck = """
2023-09-20 custom "grant-finding" "F-001"
  voucher: "R1"
  state: "disallowed"
  deducted: 2000 TWD
"""
    assert books.add(more + struck).found("item-quantity-exceeded") == []


def test_a_piece_s_price_that_does_not_divide(books: Books) -> None:
    # twelve may still be bought; of the thirteen for 10,000 they cost 9,230.77
    more = bought("R1", 10_000, quantity="13")
    for claimed, found in ((9_231, []), (9_230, []), (9_232, [("R1", 1)])):
        kept = more.replace(
            "費   10000 TWD\n",
            f"費   {claimed} TWD\n  Expenses:9不予認列:01消耗性器材及原材料費   {10_000 - claimed} TWD\n",
        )
        assert books.add(kept).found("item-quantity-exceeded") == found


def test_what_was_cancelled_is_no_item_any_more(books: Books) -> None:
    planted = bought("R1", 5000, item="感測器模")
    void = bought("R2", -5000, day="2023-09-17", item="感測器模").replace(
        '"receipt"', '"void"\n  reverses: "R1"'
    )
    assert books.add(planted).found("item-not-in-budget") == [("R1", 5000)]
    assert books.add(planted + void).found("item-not-in-budget") == []
    half = void.replace("5000", "2000")
    assert books.add(planted + half).found("item-not-in-budget") == [("R1", 5000)]
