"""What stands right at an edge of a check: the last dollar, an empty account, nothing booked at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount.core import data

from checks.analysis.basis import award_basis
from checks.analysis.basis import budget_entry
from checks.analysis.document_identity import key_everywhere
from checks.analysis.rule_confidence import rounding_rules
from checks.budget import _near
from checks.engine.finding import Finding
from checks.engine.fingerprint import fingerprint
from checks.engine.fingerprint import identities
from checks.engine.plugin import is_case
from checks.engine.plugin import to_error
from ledger.case.papers.documents import CaseDocuments
from ledger.schemes.loader import load_scheme
from tests.checks.builder import AFTER
from tests.checks.builder import MONTHS
from tests.checks.builder import Books
from tests.checks.builder import load
from tests.checks.pieces.account import AUGUST_OUT
from tests.checks.pieces.account import BEFORE
from tests.checks.pieces.account import EXCESS
from tests.checks.pieces.account import EXPECTED
from tests.checks.pieces.account import JULY_OUT
from tests.checks.pieces.account import final
from tests.checks.pieces.account import moved
from tests.checks.pieces.account import out
from tests.checks.pieces.account import signing
from tests.checks.pieces.budget import bought
from tests.checks.pieces.costing import WITH_TAX
from tests.checks.pieces.edges import FOUND
from tests.checks.pieces.interest import REMITTED
from tests.checks.pieces.interest import WITHHELD
from tests.checks.pieces.interest import interest
from tests.checks.pieces.voucher import INVOICE
from tests.checks.pieces.voucher import VOID

PARTNER = """
2023-06-01 custom "grant-partner" "62494123"
  name: "昱峻氣動企業有限公司"
2023-06-01 custom "grant-budget" "consumables" 10000 TWD 10000 TWD
  party: "62494123"
"""

# --- costing ------------------------------------------------------------------------------------------------


def test_tax_of_nothing_and_tax_that_is_not_told(books: Books) -> None:
    only_tax = (
        WITH_TAX.replace("net: 10000", "net: 0")
        .replace("5000 TWD", "0 TWD")
        .replace("5500", "500")
        .replace("-10500", "-500")
    )
    (finding,) = books.add(only_tax).findings("tax-in-cost")
    assert (finding.voucher, finding.amount) == ("GH00000001", 500)
    assert "比未稅金額 0 元多 500 元" in finding.message
    untold = books.add(WITH_TAX.replace("  tax: 500 TWD\n", ""))
    assert untold.found("tax-in-cost") == []
    assert untold.found("cost-mismatch") == [("GH00000001", 500)]


def test_a_dollar_of_tax_in_cost(books: Books) -> None:
    dollar = WITH_TAX.replace("5500 TWD\n", "5001 TWD\n  Assets:2進項稅額   499 TWD\n")
    assert books.add(dollar).found("tax-in-cost") == [("GH00000001", 1)]


# --- interest -----------------------------------------------------------------------------------------------


def test_half_a_dollar_of_tax_is_rounded_up(books: Books) -> None:
    assert interest(books, 18_022, 2003, 20_025).found("withholding-arithmetic") == []  # 2,002.5


def test_tax_that_is_not_withheld_is_a_remittance(books: Books) -> None:
    eaten = WITHHELD.replace("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息").replace("3000", "2000")
    assert interest(books, 20_000, 0, 20_000).add(eaten).found("interest-booked-net") == []


def test_more_deducted_than_earned_though_nothing_ever_came(books: Books) -> None:
    nothing = books.plant("210000 TWD\n  Liabilities:3預收補助款    -210000", "0 TWD\n  Equity:1業者投入  0")
    nothing = nothing.plant(
        "100000 TWD\n  Liabilities:3預收補助款    -100000", "0 TWD\n  Equity:1業者投入  0"
    )
    planted = nothing.add('2023-10-10 custom "grant-deduction" 400000 TWD "逾期"')
    assert planted.days("surplus-unremitted") == [("2023-06-01", 90_000)]


# --- the dedicated account ----------------------------------------------------------------------------------


def test_the_movement_that_empties_the_account_is_named(books: Books) -> None:
    moves = out("2023-09-06", -20, kind="return") + out("2023-09-06", 20) + out("2023-09-06", 5)
    planted = books.add(moves)
    finding = planted.findings("account-overdrawn")[0]
    assert finding.amount == 5
    assert finding.line == planted.text[: planted.text.rindex("2023-09-06")].count("\n") + 1


def test_a_direct_payment_of_a_closed_month_takes_from_what_it_earned(books: Books) -> None:
    direct = """
        2023-07-02 * "精密機械股份有限公司" "付款" ^AB12345678
          Liabilities:1應付帳款       50000 TWD
          Assets:1專戶:1政府補助款   -50000 TWD
    """
    planted = books.add(direct).on(2023, 7, 5).close("2023-06")
    assert planted.days(EXCESS) == [("2023-07-04", 50_000)]


NOTE = """
2023-06-25 * "精密機械股份有限公司" "折讓" ^ZZ00000001
  voucher: "allowance"
  number: "ZZ00000001"
  reverses: "AB12345678"
  net: -20000 TWD
  tax: -1000 TWD
  Expenses:1政府補助款:03既有設備之改善費   -10000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   -10000 TWD
  Assets:2進項稅額                            -1000 TWD
  Liabilities:1應付帳款                       21000 TWD
"""


def test_what_a_finding_cuts_is_cut_from_its_own_day(books: Books) -> None:
    assert books.close(*MONTHS).add(FOUND).days(EXCESS) == [("2023-10-16", 10_000)]
    whole = FOUND.replace("  deducted: 20000 TWD\n", "")
    credited = books.add(NOTE).plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 40_000)).close(*MONTHS)
    assert credited.days(EXCESS) == []
    beyond = books.add(NOTE).close(*MONTHS)
    assert beyond.days(EXCESS)[0] == beyond.add(whole).days(EXCESS)[0] == ("2023-07-04", 10_000)
    # until the finding the credited 80,000 stood; after it neither the invoice nor its note counts
    assert credited.add(whole).days(EXCESS) == [("2023-10-16", 40_000)]


def test_a_partner_s_vouchers_hide_nothing_of_the_lead_s(books: Books) -> None:
    partner = bought("P1", 1000, day="2023-06-10").replace("  net: 1000", '  buyer: "62494123"\n  net: 1000')
    own = '2023-06-01 custom "grant-account" "123"\n  role: "dedicated"\n  party: "62494123"\n'
    planted = books.add(PARTNER + own + partner).close(*MONTHS).add(FOUND)
    assert planted.days(EXCESS) == [("2023-10-16", 10_000)]


def test_what_is_withdrawn_to_the_dollar_is_not_outstanding(books: Books) -> None:
    short = books.plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 134_999)).close("2023-06", "2023-07")
    assert short.on(2023, 9, 1).days("withdrawal-outstanding") == [("2023-07-31", 1)]


# --- items and vouchers -------------------------------------------------------------------------------------


def test_a_party_that_lists_no_items_of_a_category(books: Books) -> None:
    partner = bought("P1", 1000, item="感測器模組").replace("  net: 1000", '  buyer: "62494123"\n  net: 1000')
    (finding,) = books.add(PARTNER + partner).findings("item-not-in-budget")
    assert (finding.voucher, finding.amount) == ("P1", 1000)
    assert "相近" not in finding.message


def test_names_that_are_near() -> None:
    names = ["感測器模組甲", "感測器模組乙", "感測器模組丙", "感測器模組丁", "五軸加工機主軸冷卻模組"]
    assert _near("感測器模組", names) == names[:3]
    assert _near("感測器 模組丁", names)[0] == "感測器模組丁"
    assert _near("模組", names) == []
    assert _near("ＡＢＣ", ["ABC"]) == ["ABC"]


def test_a_line_without_pieces_costs_nothing_more(books: Books) -> None:
    none = bought("R2", 500, quantity="0", day="2023-09-16")
    assert books.add(bought("R1", 26_000, quantity="13") + none).found("item-quantity-exceeded") == [
        ("R1", 2000)
    ]


def test_a_void_under_a_number_of_its_own(books: Books) -> None:
    own = VOID.replace('  number: "GH00000001"', '  number: "V0001"').replace("^GH00000001", "^V0001")
    (finding,) = books.add(INVOICE + own).findings("voucher-voided")
    assert (finding.voucher, finding.amount, finding.severity) == ("GH00000001", 0, "warning")


def test_entries_that_were_all_taken_back_are_no_duplicates(books: Books) -> None:
    assert books.add(INVOICE * 2 + VOID * 2).found("voucher-duplicate") == []
    assert books.add(INVOICE * 2 + VOID).found("voucher-duplicate") == []
    assert books.add(INVOICE * 3 + VOID).found("voucher-duplicate") == [("GH00000001", 10_000)] * 2


# --- what checks share --------------------------------------------------------------------------------------


def test_the_budget_entry_in_force(award: Books) -> None:
    revisions = """
2023-07-01 custom "grant-budget" "equipment" 130000 TWD 110000 TWD
  approval: "產授字第1號"
2023-07-02 custom "grant-budget" "consumables" 90000 TWD 110000 TWD
  approval: "產授字第1號"
2023-08-01 custom "grant-budget" "equipment" 140000 TWD 100000 TWD
"""
    case = award.add(revisions).on(2023, 7, 1).case()
    terms = award_basis(case)
    assert terms is not None
    days = {key[1]: str(budget_entry(case, terms.award, key).date) for key in terms.award.original}
    assert days == {
        "consumables": "2023-06-01",
        "equipment": "2023-07-01",
        "improvement": "2023-06-01",
        "personnel": "2023-06-01",
    }
    later = award.add(revisions).on(2023, 9, 1).case()
    assert str(budget_entry(later, terms.award, (terms.award.ubn, "equipment")).date) == "2023-07-01"


def test_rounding_decides_less_than_a_dollar_a_category() -> None:
    scheme = load_scheme("managed-factory-112")
    categories = len(scheme.categories)
    assert list(rounding_rules(scheme, categories - 1)) == [scheme.share_rounding]
    assert list(rounding_rules(scheme, categories)) == []


def test_links_to_folders_elsewhere_are_not_followed(tmp_path: Path) -> None:
    case, elsewhere = tmp_path / "case", tmp_path / "elsewhere"
    (case / "documents" / "2023").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "secret.pdf").write_bytes(b"")
    (case / "documents" / "2023" / "a.pdf").write_bytes(b"")
    try:
        (case / "documents" / "linked").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    assert CaseDocuments(case).names == {"a.pdf"}


def test_a_finding_that_comes_again_is_told_apart_and_keeps_its_name() -> None:
    finding = Finding("tax-in-cost", "error", "x", None, "a.beancount", 1, None, "AB1")
    again = [anchor for anchor, _finding in identities([finding, finding._replace(line=9)])]
    assert again == ["tax-in-cost\n\nAB1\na.beancount x\n1", "tax-in-cost\n\nAB1\na.beancount x\n2"]
    assert fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223"  # SHA-256, as published for "abc"
    assert len(fingerprint("\ud800")) == 32


def test_a_dollar_of_interest_is_to_be_remitted(books: Books) -> None:
    left = books.plant(REMITTED, REMITTED.replace("30 TWD", "29 TWD"))
    assert left.days("interest-unremitted") == [("2023-09-20", 1)]


def test_what_is_not_an_invoice_has_to_agree_in_more_than_its_number(books: Books) -> None:
    receipt = bought("R1", 1000).replace("  net: 1000 TWD\n  tax: 0 TWD\n", '  seller: "34247621"\n{}')

    def key(amounts: str = "", **changes: str) -> str:
        text = receipt.format(amounts)
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        (voucher,) = [one for one in books.add(text).case().vouchers if one.number in {"R1", "AB12345670"}]
        return key_everywhere(voucher)

    assert key() == "R1 2023-09-15 1000 "
    assert key("  net: 900 TWD\n") == "R1 2023-09-15 900 "
    assert key("  net: 900 TWD\n  tax: 45 TWD\n") == "R1 2023-09-15 945 "
    assert key(**{'"receipt"': '"requisition"'}) == "R1 2023-09-15 1000 11688527"
    assert key(**{'seller: "34247621"': 'party: "11688527"'}) == "R1 2023-09-15 1000 "  # its name is there
    nameless = {'seller: "34247621"': 'party: "11688527"', '"益瀚電機有限公司" ': ""}
    assert key(**nameless) == "R1 2023-09-15 1000 11688527"
    assert key(**{'"receipt"': '"payroll"'}) == ""
    assert key(**{'"R1"': '"AB12345670"'}) == "AB12345670"


def test_nothing_may_be_withdrawn_before_anything_came(books: Books) -> None:
    late = books.plant('2023-06-05 * "經濟部產業發展署"', '2023-07-05 * "經濟部產業發展署"').close(*MONTHS)
    assert late.days(EXCESS) == [("2023-07-04", 50_000)]


def test_what_is_booked_after_the_end_counts_once_the_last_month_is_closed(books: Books) -> None:
    late = books.add(bought("R9", 10_000, day="2023-10-05")).plant(
        "-100000 TWD\n  Equity:1業者投入            100000",
        "-105000 TWD\n  Equity:1業者投入            105000",
    )
    more = late.plant(
        "  100000 TWD\n  Liabilities:3預收補助款    -100000",
        "  105000 TWD\n  Liabilities:3預收補助款    -105000",
    )
    assert more.close(*MONTHS).found(EXCESS) == []


def test_nobody_knows_which_month_unexplained_money_is_of(books: Books) -> None:
    # 15,000 of July had been earned by then, and July was open
    planted = books.add(out("2023-07-15", 3000, kind="unexplained")).on(2023, 7, 16).close("2023-06")
    assert planted.days(EXCESS) == [("2023-07-15", 3000)]
    assert planted.found(BEFORE) == []


def test_own_money_of_an_open_month_is_no_grant(books: Books) -> None:
    own = out("2023-07-15", 3000).replace("1政府補助款", "2業者自籌款")
    named = own.replace('"提領"\n', '"提領"\n  months: "2023-07"\n')
    assert books.add(named).on(2023, 7, 16).close("2023-06").found(BEFORE) == []


def test_an_open_month_named_though_closed_ones_would_do(books: Books) -> None:
    named = moved(JULY_OUT, "2023-07-20").replace('"2023-06"', '"2023-07"')
    assert books.plant(JULY_OUT, named).close(*MONTHS).days(BEFORE) == [("2023-07-20", 50_000)]


def test_the_whole_grant_at_once_is_too_much_by_what_the_schedule_leaves(books: Books) -> None:
    assert signing(books, 420_000).days(EXPECTED)[0] == ("2023-06-05", 210_000)


def test_an_instalment_where_nothing_is_due(books: Books) -> None:
    planted = final(books, 90_000).add('2023-10-10 custom "grant-deduction" 100000 TWD "逾期"')
    assert planted.days(EXPECTED) == [("2023-10-15", 90_000)]


def test_a_finding_as_beancount_shows_it(books: Books) -> None:
    (finding,) = books.add(INVOICE).findings("voucher-unpaid")
    error = to_error(finding)
    assert error.entry is finding.entry
    assert (error.source["filename"], error.source["lineno"]) == (finding.file, finding.line)
    nowhere = to_error(finding._replace(file="", line=0))
    assert (nowhere.source["filename"], nowhere.source["lineno"]) == ("<case>", 0)


def test_a_ledger_without_anything_of_ours_is_no_case(award: Books) -> None:
    entries = load(award.text)[0]
    assert is_case(entries)
    assert not is_case([entry for entry in entries if not isinstance(entry, data.Custom)])
    option = data.Custom({}, AFTER, "fava-option", [])
    assert not is_case([option])


def test_what_a_finding_is_about_is_told_by_what_stays(books: Books) -> None:
    """An import's id before its day and words; a directive's names before its day; a voucher's number before all."""

    def about(entry: data.Directive, voucher: str = "") -> str:
        finding = Finding("c", "error", "m", entry.date, "f", 1, None, voucher, entry)
        ((anchor, _finding),) = identities([finding])
        return anchor.split("\n")[3]

    transaction = next(entry for entry in books.case().transactions if entry.payee == "精密機械股份有限公司")
    assert about(transaction) == "2023-06-12 精密機械股份有限公司 五軸加工機主軸冷卻模組"
    assert about(transaction._replace(meta=transaction.meta | {"import-id": "mig:1"})) == "mig:1"
    assert about(transaction, "AB12345678") == "Transaction"
    award = books.case().award
    assert award is not None
    budget = award.budgets[0].entry
    assert about(budget) == "grant-budget  consumables"
    assert (
        about(budget._replace(meta=budget.meta | {"party": "62494123"}))
        == "grant-budget 62494123 consumables"
    )
    assert about(data.Note({}, AFTER, "Assets:X", "n", None, None)) == f"Note {AFTER}"
