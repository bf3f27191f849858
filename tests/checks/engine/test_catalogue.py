"""The register of checks, waivers, and the bridge to Beancount."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from beancount import loader

from checks.engine.catalogue import FAMILIES
from checks.engine.catalogue import all_checks
from checks.engine.catalogue import catalogue
from checks.engine.catalogue import families_of_checks
from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import Claim
from checks.engine.finding import Described
from checks.engine.finding import Finding
from checks.engine.finding import order
from checks.engine.runner import run_checks
from checks.engine.runner import waived_findings
from ledger.entries.digest import act_digest
from tests.checks.builder import AWARD
from tests.checks.builder import JUNE
from tests.checks.builder import Books
from tests.checks.builder import decision
from tests.checks.builder import opens

# DESIGN section 6; (w) are warnings
CONTRACT = """
award: subsidy-cap-exceeded subsidy-ratio-exceeded subsidy-ratio-at-limit(w) category-not-grantable category-unknown
    category-cap-exceeded period-too-long item-sum-mismatch guarantee-too-short(w) milestone-missing(w)
    instalment-before-milestone account-opened-late drawn-beyond-guarantee funding-exceeds-cost
    filed-outside-window(w) partner-count(w)
costing: tax-in-cost tax-arithmetic invoice-without-tax(w) voucher-negative cost-mismatch split-mismatch
    tax-paid-by-grant foreign-exceeds-debit shared-cost-exceeded
budget: budget-overrun item-not-in-budget item-quantity-exceeded item-unit-differs(w) contractor-not-approved(w)
    reallocation-unapproved items-not-listed(w)
voucher: document-missing(w) invoice-number-invalid seller-id-invalid(w) buyer-mismatch voucher-duplicate voucher-voided
    voucher-overpaid original-unbooked self-dealing
period: voucher-outside-period payment-late(w) voucher-unpaid(w) withholding-unremitted(w)
account: withdrawal-before-close withdrawal-exceeds-entitlement withdrawal-outstanding(w) withdrawal-unexplained
    deposit-not-grant instalment-unexpected account-overdrawn bank-fee-charged-to-grant
    bank-line-twice dedicated-account-missing(w)
interest: interest-booked-net withholding-arithmetic(w) interest-unremitted surplus-unremitted
payroll: person-not-planned person-not-insured person-months-exceeded payroll-arithmetic payroll-part-month(w)
    pay-part-not-claimable(w) persons-not-listed(w) timesheet-mismatch
books: books-unreadable books-unsafe document-changed month-not-closed(w) closed-month-changed entry-unclassified(w) waiver-unused(w)
settlement: self-funding-short evidence-missing
audit: audit-act-misplaced audit-chain-broken judged-voucher-changed(w)
"""
ACROSS = """
portfolio: voucher-claimed-twice company-second-case representative-second-case(w) person-months-exceeded
  supplier-share-high(w) invoice-numbers-consecutive(w) payee-account-shared round-trip(w)
"""

PARTS = ("說明:", "規定與出處:", "可信度:", "如何改正:", "不合的例子", "合格的例子")


def contract(text: str) -> dict[str, tuple[str, str]]:
    """{name: (family, severity)} as the design has it."""
    found = {}
    family = ""
    for word in text.split():
        if word.endswith(":"):
            family = word[:-1]
        else:
            found[word.removesuffix("(w)")] = family, "warning" if word.endswith("(w)") else "error"
    return found


def test_the_register_is_the_contract() -> None:
    registered = {check.name: (check.family, check.severity) for check in catalogue().values()}
    assert registered == contract(CONTRACT)
    families = [check.family for check in catalogue().values()]
    assert list(dict.fromkeys(families)) == list(FAMILIES)


def test_the_register_of_several_cases_is_the_contract() -> None:
    registered = {check.name: (check.family, check.severity) for check in portfolio_catalogue().values()}
    assert registered == contract(ACROSS)
    families = families_of_checks()
    assert set(families) == set(contract(CONTRACT)) | set(contract(ACROSS))
    assert families["person-months-exceeded"] == {"payroll", "portfolio"}
    assert set(all_checks()) == set(families)
    assert all_checks()["person-months-exceeded"] == catalogue()["person-months-exceeded"]


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda check: check.name)
def test_every_check_explains_itself(check: Described) -> None:
    text = check.documentation
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places[0] < places[1] < places[3] < places[4] < places[5]
    assert len(text.splitlines()[0]) < 40
    assert all(any("    " in row for row in part.splitlines()) for part in text.split("的例子")[1:])


def test_order_selection_and_ignoring(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").plant(
        '"11688527"\n  net', '"1"\n  net', 4
    )
    found = planted.findings()
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)
    case = planted.case()
    assert {finding.check for finding in run_checks(case, select=["period", "buyer-mismatch"])} == {
        "voucher-outside-period",
        "buyer-mismatch",
    }
    assert not {"voucher-outside-period"} & {finding.check for finding in run_checks(case, ignore=["period"])}
    assert {finding.check for finding in run_checks(case, family="voucher")} == {"buyer-mismatch"}


def test_what_has_no_day_comes_before_what_has_one() -> None:
    dated = Finding("a", "error", "", datetime.date(2023, 6, 1), "b.beancount", 1)
    undated = dated._replace(date=None, file="main.beancount", line=9)
    warning = dated._replace(severity="warning")
    assert sorted([warning, dated, undated], key=order) == [undated, dated, warning]


def test_the_checks_are_in_the_order_of_the_families_and_a_stranger_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger = catalogue()["tax-in-cost"]._replace(family="ours")
    turned = {"stranger": stranger} | dict(reversed(catalogue().items()))
    monkeypatch.setattr("checks.engine.catalogue.REGISTER", turned)
    families = [check.family for check in catalogue().values()]
    assert families[:-1] == sorted(families[:-1], key=FAMILIES.index)
    assert families[-1] == "ours"


WAIVER = """
2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB12345678"
  reason: "簽約前經核准先行採購"
  approval: "產授字第1號"
"""


def test_a_waiver_takes_out_what_it_covers(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12")
    assert planted.found("voucher-outside-period") == [("AB12345678", 100_000)]
    waived = planted.add(WAIVER + decision(WAIVER))
    assert waived.found("voucher-outside-period") == []
    assert waived.found("waiver-unused") == []
    ((finding, waiver, decided),) = waived_findings(waived.case())
    assert decided is not None
    assert decided.by == "陳稽核"
    assert (finding.check, finding.voucher, waiver.approval) == (
        "voucher-outside-period",
        "AB12345678",
        "產授字第1號",
    )


def test_what_is_waived_has_the_order_of_what_is_found(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").plant(
        '  document: "2023-06-12.AB12345678.pdf"\n', ""
    )
    planted = planted.plant("voucher-date: 2023-09-11", "voucher-date: 2023-10-11")
    late = WAIVER.replace("AB12345678", "EF10000001")
    papers = WAIVER.replace("voucher-outside-period", "document-missing")
    waived = waived_findings(planted.add((said := late + papers + WAIVER) + decision(said)).case())
    assert [(each.finding.check, each.finding.voucher) for each in waived] == [
        ("voucher-outside-period", "AB12345678"),
        ("voucher-outside-period", "EF10000001"),
        ("document-missing", "AB12345678"),
    ]


@pytest.mark.parametrize("subject", ["", "112-納管-0456", "112-納管-0456 "])
def test_a_waiver_of_what_is_about_no_voucher(books: Books, subject: str) -> None:
    planted = books.plant("end: 2023-09-30", "end: 2024-07-31")
    assert planted.found("period-too-long") == [("", None)]
    waiver = f'2023-07-31 custom "grant-waiver" "period-too-long" "{subject}"\n'
    waived = planted.add(waiver + decision(waiver))
    assert waived.found("period-too-long") == []
    assert waived.found("waiver-unused") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AB12345678", "AB12345679"),
        ("voucher-outside-period", "no-such-check"),
        ("AB12345678", ""),
        ("AB12345678", "112-納管-0456"),
    ],
)
def test_a_waiver_that_covers_nothing(books: Books, old: str, new: str) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").add(
        WAIVER.replace(old, new)
    )
    assert planted.found("voucher-outside-period") == [("AB12345678", 100_000)]
    assert planted.days("waiver-unused") == [("2023-07-31", None)]
    assert waived_findings(planted.case()) == []


def test_a_waiver_is_a_claim_until_the_auditor_confirms_it(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").add(WAIVER)
    (claimed,) = planted.findings("voucher-outside-period")
    assert claimed.severity == "warning"
    assert claimed.as_json()["claim"] == {"reason": "簽約前經核准先行採購", "approval": "產授字第1號"}
    assert waived_findings(planted.case()) == []
    assert planted.found("waiver-unused") == []
    (refused,) = planted.add(decision(WAIVER, "refused")).findings("voucher-outside-period")
    assert refused.severity == "error"
    assert "claim" not in refused.as_json()


def test_a_claim_written_anew_after_its_confirmation_is_a_claim_again(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").add(WAIVER)
    (waiver,) = planted.case().waivers
    bound = decision(WAIVER) + f'  digest: "{act_digest(waiver.entry)}"\n'
    assert planted.add(bound).found("voucher-outside-period") == []
    changed = planted.plant("產授字第1號", "產授字第2號").add(bound)
    (finding,) = changed.findings("voucher-outside-period")
    assert finding.claim == Claim("簽約前經核准先行採購", "產授字第2號")


def test_of_two_decisions_on_one_claim_the_refusal_stands_unless_it_is_named(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-06-12", "voucher-date: 2023-05-12").add(WAIVER)
    refused = planted.add(decision(WAIVER, "refused"))
    assert refused.add(decision(WAIVER)).found("voucher-outside-period") == [("AB12345678", 100_000)]
    (before,) = refused.case().waiver_decisions
    named = decision(WAIVER) + f'  replaces: "{act_digest(before.entry)}"\n'
    assert refused.add(named).found("voucher-outside-period") == []


@pytest.mark.parametrize(
    "check", ["books-unreadable", "waiver-unused", "audit-act-misplaced", "audit-chain-broken"]
)
def test_what_nobody_can_waive(books: Books, check: str) -> None:
    planted = books.plant("net: 100000 TWD", "net: 100000.5 TWD").add(
        f'2023-07-31 custom "grant-waiver" "{check}" ""'
    )
    assert planted.found("books-unreadable") == [("", None)]
    assert planted.days("waiver-unused") == [("2023-07-31", None)]


NET_INTEREST = """"利息"
  Assets:1專戶:1政府補助款      2700 TWD
  Assets:3扣繳稅款               300 TWD
  Liabilities:2應繳國庫:1孳息  -2700 TWD
  Equity:1業者投入              -300 TWD
2023-06-05 * "經濟部" "簽約撥款"
"""

MISPLACED = """  Assets:1專戶:1政府補助款      1 TWD
  Liabilities:3預收補助款      -1 TWD
2023-06-05 custom "grant-finding" "F-001"
  state: "accepted"
2023-06-05 * "經濟部" "簽約撥款"
"""

# one fault a family, in a case that is still running
FAULTS = {
    "books": ("voucher-date: 2023-06-12", 'voucher-date: "112/6/12"'),
    "award": ("end: 2023-09-30", "end: 2024-09-30"),
    "costing": ("tax: 5000", "tax: 6000"),
    "budget": ('item: "五軸', 'item: "六軸'),
    "voucher": ('number: "AB12345678"', 'number: "AB1234567"'),
    "period": ("voucher-date: 2023-06-12", "voucher-date: 2023-05-12"),
    "account": ("210000 TWD", "200000 TWD"),
    "interest": ('"簽約撥款"\n', NET_INTEREST),
    "payroll": ("salary: 44000", "salary: 45000"),
    "settlement": ("end: 2023-09-30", "end: 2023-06-30"),
    "audit": ('"簽約撥款"\n', '"簽約撥款"\n' + MISPLACED),
}


def faulty(family: str, plugin: str) -> str:
    """A case with one fault, and a plugin to find it."""
    old, new = FAULTS[family]
    assert old in AWARD + JUNE
    return (
        f'plugin "{plugin}"\n' + opens() + AWARD + JUNE.replace(old, new)
        if old in JUNE
        else (f'plugin "{plugin}"\n' + opens() + AWARD.replace(old, new) + JUNE)
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_plugin_of_each_family(family: str, tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(faulty(family, f"checks.{family}"), encoding="utf-8")
    entries, errors, _options = loader.load_file(str(path))
    assert errors
    registered = {check.name for check in catalogue().values() if check.family == family}
    for error in errors:
        assert error.message.startswith("[")
        assert error.message[1:].partition("]")[0] in registered
        assert error.source["filename"] == str(path)
        assert error.source["lineno"] > 0
    without = path.read_text(encoding="utf-8").partition("\n")[2]
    path.write_text("\n" + without, encoding="utf-8")
    plain, _errors, _options = loader.load_file(str(path))
    assert entries == plain


def test_the_plugin_of_all_checks(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(faulty("costing", "checks"), encoding="utf-8")
    _entries, errors, _options = loader.load_file(str(path))
    found = {error.message[1:].partition("]")[0] for error in errors}
    assert "tax-arithmetic" in found
    assert "document-missing" in found
    assert "evidence-missing" in found  # the plugin's today is today
    assert datetime.date.today() > datetime.date(2023, 9, 30)
