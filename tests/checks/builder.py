"""A small case as ledger text, clean as it stands; tests plant a fault in it and ask what is found."""

from __future__ import annotations

import dataclasses
import datetime
import re
import textwrap
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data

from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from ledger.case.audit_acts import ACT_TYPES
from ledger.case.audit_acts import acts_in
from ledger.case.case import Case
from ledger.case.month_close import close_directive
from ledger.entries.builder import as_text
from ledger.files import AUDIT_FILE
from ledger.loading.loader import plugins_stand_back
from ledger.model.accounts import chart
from ledger.schemes.loader import load_scheme
from ledger.util.dates import month_last_day

_WAIVER = re.compile(r'^(\d{4}-\d\d-\d\d) custom "grant-waiver" ("[^"]*" "[^"]*")', re.MULTILINE)


def decision(waivers: str, act: str = "confirmed") -> str:
    """The auditor's decisions on the waivers that a text claims, each on its day."""
    return "".join(
        f'{day} custom "grant-waiver-decision" {about}\n  act: "{act}"\n  by: "陳稽核"\n'
        for day, about in _WAIVER.findall(waivers)
    )


AFTER = datetime.date(2023, 11, 20)
"""A day after the case has ended and was settled."""

AWARD = """
2023-06-01 custom "grant-award" "112-納管-0456"
  scheme: "managed-factory-112"
  company: "川益電機企業股份有限公司"
  ubn: "11688527"
  representative: "莊麗卿"
  title: "主軸冷卻升級"
  filed: 2023-05-20
  start: 2023-06-01
  end: 2023-09-30
  guarantee: "partial"
2023-06-01 custom "grant-account" "223706683363"
  bank: "玉山商業銀行彰化分行"
  role: "dedicated"
2023-06-01 custom "grant-budget" "consumables" 100000 TWD 100000 TWD
2023-06-01 custom "grant-budget" "equipment" 120000 TWD 120000 TWD
2023-06-01 custom "grant-budget" "improvement" 200000 TWD 200000 TWD
2023-06-01 custom "grant-budget" "personnel" 0 TWD 160000 TWD
2023-06-01 custom "grant-item" "consumables" "感測器模組" 100000 TWD 100000 TWD
  quantity: 20
  unit: "組"
2023-06-01 custom "grant-item" "equipment" "全電式射出成型機" 120000 TWD 120000 TWD
  quantity: 1
  unit: "台"
2023-06-01 custom "grant-item" "improvement" "五軸加工機主軸冷卻模組" 200000 TWD 200000 TWD
  quantity: 4
  unit: "組"
2023-06-01 custom "grant-person" "王大明"
  role: "製程工程師"
  insured: TRUE
  months: 4
"""

JUNE = """
2023-06-05 * "經濟部產業發展署" "簽約撥款"
  Assets:1專戶:1政府補助款    210000 TWD
  Liabilities:3預收補助款    -210000 TWD

2023-06-12 * "精密機械股份有限公司" "五軸加工機主軸冷卻模組" ^AB12345678
  voucher: "invoice"
  number: "AB12345678"
  voucher-date: 2023-06-12
  seller: "40953019"
  buyer: "11688527"
  net: 100000 TWD
  tax: 5000 TWD
  item: "五軸加工機主軸冷卻模組"
  quantity: 1
  document: "2023-06-12.AB12345678.pdf"
  Expenses:1政府補助款:03既有設備之改善費   50000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   50000 TWD
  Assets:2進項稅額                            5000 TWD
  Liabilities:1應付帳款                    -105000 TWD

2023-06-20 * "精密機械股份有限公司" "付款" ^AB12345678
  Liabilities:1應付帳款   105000 TWD
  Equity:1業者投入       -105000 TWD

2023-06-30 * "王大明" "112/06 薪資" ^p1
  voucher: "payroll"
  number: "p1"
  voucher-date: 2023-06-30
  month: "2023-06"
  person: "王大明"
  role: "製程工程師"
  salary: 44000
  hours: 80
  total-hours: 160
  net: 22000 TWD
  tax: 0 TWD
  source: "薪資清冊_11206.csv"
  Expenses:2業者自籌款:05人事費   22000 TWD
  Liabilities:1應付帳款          -22000 TWD
"""

JULY = """
2023-07-04 * "" "提領112/06支用數"
  months: "2023-06"
  Assets:1專戶:1政府補助款   -50000 TWD
  Equity:1業者投入            50000 TWD

2023-07-05 * "王大明" "付款" ^p1
  Liabilities:1應付帳款   22000 TWD
  Equity:1業者投入       -22000 TWD

2023-07-10 * "益瀚電機有限公司" "感測器模組" ^R1120710001
  voucher: "receipt"
  number: "R1120710001"
  voucher-date: 2023-07-10
  seller: "34247621"
  net: 30001 TWD
  tax: 0 TWD
  item: "感測器模組"
  quantity: 3
  document: "2023-07-10.R1120710001.pdf"
  Expenses:1政府補助款:01消耗性器材及原材料費   15000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   15001 TWD
  Liabilities:1應付帳款                        -30001 TWD

2023-07-10 * "益瀚電機有限公司" "零用金付款" ^R1120710001
  Liabilities:1應付帳款   30001 TWD
  Equity:1業者投入       -30001 TWD

2023-07-18 * "昱峻氣動企業有限公司" "全電式射出成型機" ^AB12345679
  voucher: "invoice"
  number: "AB12345679"
  voucher-date: 2023-07-18
  seller: "62494123"
  buyer: "11688527"
  net: 240000 TWD
  tax: 12000 TWD
  item: "全電式射出成型機"
  quantity: 1
  document: "2023-07-18.AB12345679.pdf"
  Expenses:1政府補助款:02全新設備之購置費   120000 TWD
  Expenses:2業者自籌款:02全新設備之購置費   120000 TWD
  Assets:2進項稅額                           12000 TWD
  Liabilities:1應付帳款                    -252000 TWD
"""

AUGUST = """
2023-08-01 * "昱峻氣動企業有限公司" "付款" ^AB12345679
  Liabilities:1應付帳款   252000 TWD
  Equity:1業者投入       -252000 TWD

2023-08-03 * "" "提領112/07支用數"
  months: "2023-07"
  Assets:1專戶:1政府補助款   -135000 TWD
  Equity:1業者投入            135000 TWD

2023-08-15 * "精密機械股份有限公司" "五軸加工機主軸冷卻模組" ^CD10000001
  voucher: "invoice"
  number: "CD10000001"
  voucher-date: 2023-08-15
  seller: "40953019"
  buyer: "11688527"
  net: 200000 TWD
  tax: 10000 TWD
  item: "五軸加工機主軸冷卻模組"
  quantity: 2
  document: "2023-08-15.CD10000001.pdf"
  Expenses:1政府補助款:03既有設備之改善費   100000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   100000 TWD
  Assets:2進項稅額                           10000 TWD
  Liabilities:1應付帳款                    -210000 TWD

2023-08-25 * "精密機械股份有限公司" "付款" ^CD10000001
  Liabilities:1應付帳款   210000 TWD
  Equity:1業者投入       -210000 TWD
"""

SEPTEMBER = """
2023-09-05 * "" "月結提領"
  Assets:1專戶:1政府補助款   -25000 TWD
  Equity:1業者投入            25000 TWD

2023-09-11 * "益瀚電機有限公司" "感測器模組" ^EF10000001
  voucher: "invoice"
  number: "EF10000001"
  voucher-date: 2023-09-11
  seller: "34247621"
  buyer: "11688527"
  net: 50000 TWD
  tax: 2500 TWD
  item: "感測器模組"
  quantity: 5
  document: "2023-09-11.EF10000001.pdf"
  Expenses:1政府補助款:01消耗性器材及原材料費   25000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   25000 TWD
  Assets:2進項稅額                               2500 TWD
  Liabilities:1應付帳款                        -52500 TWD

2023-09-20 * "益瀚電機有限公司" "付款" ^EF10000001
  Liabilities:1應付帳款   52500 TWD
  Equity:1業者投入       -52500 TWD

2023-09-20 * "" "存款息"
  Assets:1專戶:1政府補助款          30 TWD
  Liabilities:2應繳國庫:1孳息      -30 TWD

2023-09-25 custom "grant-evidence" "factory-registration" "documents/特定工廠登記證明.pdf"
"""

SETTLED = """
2023-10-15 * "經濟部產業發展署" "期末撥款"
  Assets:1專戶:1政府補助款    100000 TWD
  Liabilities:3預收補助款    -100000 TWD

2023-10-16 * "" "提領尾款核銷數"
  Assets:1專戶:1政府補助款   -100000 TWD
  Equity:1業者投入            100000 TWD

2023-10-20 * "國庫" "專戶孳息繳庫"
  Liabilities:2應繳國庫:1孳息      30 TWD
  Assets:1專戶:1政府補助款        -30 TWD
"""

MONTHS = ("2023-06", "2023-07", "2023-08", "2023-09")
DOCUMENTS = (
    "2023-06-12.AB12345678.pdf",
    "2023-07-10.R1120710001.pdf",
    "2023-07-18.AB12345679.pdf",
    "2023-08-15.CD10000001.pdf",
    "2023-09-11.EF10000001.pdf",
    "特定工廠登記證明.pdf",
)


def load(text: str) -> tuple[list[Any], list[Any]]:
    """Entries and errors of ledger text, without the checks' plugins."""
    token = plugins_stand_back.set(True)
    try:
        entries, errors, _options = loader.load_string(text)
    finally:
        plugins_stand_back.reset(token)
    return entries, errors


def opens(scheme: str = "managed-factory-112") -> str:
    """The accounts of a case, opened."""
    accounts = chart(list(load_scheme(scheme).categories)) if scheme else chart([])
    return "".join(f"2023-01-01 open {account} TWD\n" for account in accounts)


# their messages name the figures that the amount is the difference of, or no money at all
AMOUNT_BETWEEN_THE_LINES = frozenset(
    {
        "document-missing",
        "instalment-unexpected",
        "invoice-number-invalid",
        "item-quantity-exceeded",
        "item-sum-mismatch",
        "payroll-arithmetic",
        "person-months-exceeded",
        "reallocation-unapproved",
        "tax-arithmetic",
        "withholding-arithmetic",
    }
)


def plainly_told(finding: Finding) -> None:
    """What every finding owes its reader: a sentence with the money at stake, an entry, and the place it stands in."""
    assert isinstance(finding.message, str), finding
    assert not re.search(r"None|[{}<>]|XX", finding.message), finding.message
    assert finding.entry is not None
    if finding.amount and finding.check not in AMOUNT_BETWEEN_THE_LINES:
        assert f"{finding.amount:,} 元" in finding.message, finding.message
    assert isinstance(finding.voucher, str), finding


@dataclasses.dataclass(slots=True)
class Books:
    """A case's ledger text. `plant` changes it, `add` adds to it, `close` closes months as it then stands."""

    text: str
    as_of: datetime.date = AFTER
    folder: Path | None = None

    def plant(self, old: str, new: str, count: int = 1) -> Books:
        """The books with `old` replaced; the test is wrong where it is not there so often."""
        assert self.text.count(old) == count, (old, self.text.count(old))
        return dataclasses.replace(self, text=self.text.replace(old, new))

    def add(self, text: str) -> Books:
        """The books with more entries."""
        return dataclasses.replace(self, text=self.text + "\n" + textwrap.dedent(text))

    def on(self, year: int, month: int, day: int) -> Books:
        """The books as looked at on a day."""
        return dataclasses.replace(self, as_of=datetime.date(year, month, day))

    def close(self, *months: str, date: datetime.date | None = None) -> Books:
        """The books with these months closed as they stand, on their last day or on `date`."""
        entries, closes = self._entries(), []
        for month in months:
            case = Case(entries, as_of=datetime.date.max)
            directive = close_directive(case, month, date or month_last_day(month), 0)
            assert directive is not None
            closes.append(directive)
            entries = sorted([*entries, directive], key=lambda entry: entry.date)
        return self.add(as_text(closes)) if closes else self

    def _entries(self) -> list[data.Directive]:
        entries, errors = load(self.text)
        assert not errors, errors
        return entries

    def case(self) -> Case:
        """The case as the checks see it."""
        entries = self._entries()
        audit = None if self.folder is None else self.folder / AUDIT_FILE
        if audit is not None and audit.is_file():
            entries += acts_in(audit.read_text(encoding="utf-8"), str(audit.resolve())).acts
        elif (
            audit is not None
        ):  # what the text holds of the auditor's acts is taken to be filed where it counts
            for entry in entries:
                if isinstance(entry, data.Custom) and entry.type in ACT_TYPES:
                    del entry.meta["filename"]
        return Case(entries, folder=self.folder, as_of=self.as_of)

    def findings(self, *select: str) -> list[Finding]:
        """What is found, by these checks or by all."""
        found = run_checks(self.case(), select=select)
        for finding in found:
            plainly_told(finding)
        return found

    def found(self, check: str) -> list[tuple[str, int | None]]:
        """(voucher, amount) of what one check finds."""
        return [(finding.voucher, finding.amount) for finding in self.findings(check)]

    def days(self, check: str) -> list[tuple[str, int | None]]:
        """(date of the entry, amount) of what one check finds."""
        return [(str(finding.date), finding.amount) for finding in self.findings(check)]

    def names(self) -> set[str]:
        """The names of all checks that find something."""
        return {finding.check for finding in self.findings()}


def award_only(text: str = AWARD) -> Books:
    """A case that has just begun: the award and nothing else."""
    return Books(opens() + text, as_of=datetime.date(2023, 6, 1))


def open_books() -> Books:
    """The clean case with no month closed; faults in it meet no close."""
    return Books(opens() + AWARD + JUNE + JULY + AUGUST + SEPTEMBER + SETTLED)


def clean_books() -> Books:
    """The clean case, closed month by month and settled."""
    return open_books().close(*MONTHS)
