"""The receipt's numerals, and the forms against LibreOffice."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.entries import builder
from ledger.model import directives
from reports.forms.numerals import in_words
from reports.forms.receipt import NothingDueError
from reports.forms.receipt import write_receipt
from reports.forms.remittance import write_remittance
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from tests.reports import detailed
from tests.reports import office
from tests.reports.conftest import Recalculate
from tests.reports.conftest import equal


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "零"),
        (5, "伍"),
        (10, "壹拾"),
        (105, "壹佰零伍"),
        (1_010, "壹仟零壹拾"),
        (10_005, "壹萬零伍"),
        (864_898, "捌拾陸萬肆仟捌佰玖拾捌"),
        (1_200_000, "壹佰貳拾萬"),
        (20_000_000, "貳仟萬"),
        (100_010_001, "壹億零壹萬零壹"),
        (300_000_000, "參億"),
    ],
)
def test_amounts_in_capital_numerals(amount: int, words: str) -> None:
    assert in_words(amount) == f"新臺幣{words}元整"


def test_there_are_no_words_for_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="-1"):
        in_words(-1)


def test_the_remittance_calculates_to_the_ledgers_figures(
    case: Case, recalculate: Recalculate, tmp_path: Path
) -> None:
    path = tmp_path / "remittance.xlsx"
    write_remittance(case, path)
    ours = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    calculated = recalculate(path).worksheets[0]
    formulas = [
        cell.coordinate
        for row in openpyxl.load_workbook(path).worksheets[0]
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 6
    assert [ours[cell].value for cell in formulas] == [calculated[cell].value for cell in formulas]


def test_the_same_case_gives_the_same_forms(case: Case, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_receipt(case, tmp_path / f"{name}1", 1_000)
        write_remittance(case, tmp_path / f"{name}2")
    assert (tmp_path / "a1").read_bytes() == (tmp_path / "b1").read_bytes()
    assert (tmp_path / "a2").read_bytes() == (tmp_path / "b2").read_bytes()


def _beside(path: Path, sheet: int = 0) -> dict[str, list[object]]:
    """What stands right of each label of a form."""
    rows = openpyxl.load_workbook(path, data_only=True).worksheets[sheet].iter_rows(values_only=True)
    return {str(row[0]): [cell for cell in row[1:] if cell is not None] for row in rows if row[0] is not None}


def test_the_receipt_tells_contract_period_address_and_telephone(tmp_path: Path) -> None:
    write_receipt(detailed.detailed_case(), tmp_path / "r.xlsx", 1_000)
    said = _beside(tmp_path / "r.xlsx")
    assert said["契約編號"] == ["112-鏈-契-0099"]
    assert said["計畫期間"] == ["112/07/01 至 113/06/30"]
    assert said["地址"] == ["範例市範例路 1 號"]
    assert said["電話"] == ["00-0000-0000"]


def test_a_contract_number_that_only_the_signing_tells_is_taken(case: Case, tmp_path: Path) -> None:
    write_receipt(case, tmp_path / "r.xlsx", 1_000)
    assert _beside(tmp_path / "r.xlsx")["契約編號"] == []


def test_the_remittance_tells_who_is_paid_and_until_when(case: Case, tmp_path: Path) -> None:
    write_remittance(case, tmp_path / "r.xlsx")
    said = _beside(tmp_path / "r.xlsx")
    assert said["受款人"] == ["國庫"]
    assert said["主管機關"] == ["經濟部產業發展署"]
    assert said["繳款期限"] == ["113/07/15(計畫結束後 15 日;比照其他計畫)"]
    assert said["繳款日期"] == []


def test_what_was_paid_to_the_treasury_gives_the_copy_to_file(tmp_path: Path) -> None:
    case = office.office_case()
    due = settle_case(case).whole.due_to_treasury
    assert due > 0
    paid = builder.treasury_entry(
        surplus=False, day=datetime.date(2024, 8, 1), amount=due, payee="", narration="孳息繳庫", meta={}
    )
    settled = Case([*office.office_entries(), paid], folder=Path("/case"), as_of=office.AS_OF)
    write_remittance(settled, tmp_path / "r.xlsx")
    said = _beside(tmp_path / "r.xlsx")
    assert "孳息及結餘款繳庫單(已繳存查)" in said
    assert said["繳款日期"] == ["113/07/05、113/07/20、113/08/01"]
    assert said["本次應繳國庫"][0] == 0


def test_nothing_due_and_nothing_paid_is_no_form(tmp_path: Path) -> None:
    with pytest.raises(NothingDueError):
        write_remittance(detailed.no_interest_case(), tmp_path / "r.xlsx")


def _sheets(path: Path) -> dict[str, dict[str, list[object]]]:
    names = openpyxl.load_workbook(path).sheetnames
    return {name: _beside(path, place) for place, name in enumerate(names)}


def test_every_party_with_an_account_has_its_own_receipt(tmp_path: Path) -> None:
    case = office.supply_chain_case()
    write_receipt(case, tmp_path / "r.xlsx")
    lead, partner = _sheets(tmp_path / "r.xlsx").values()
    # lead: 466,677 x 300/600 + 699,999 x 300/700 less 300,000; partner: 187,893 x 150/320 + 388,888 / 2 less 100,000
    assert lead["金額"] == [233_337]
    assert partner["金額"] == [182_518]
    assert partner["具領單位"] == partner["戶名"] == ['合聯"協力"{夥伴}股份有限公司']
    assert partner["統一編號"] == [office.PARTNER]
    assert partner["帳號"] == ["00100200300"]
    assert partner["負責人(簽章)"] == ["林合聯"]
    assert partner["地址"] == []
    assert lead["統一編號"] == [office.LEAD]


def test_a_receipt_of_one_party(tmp_path: Path) -> None:
    case = office.supply_chain_case()
    write_receipt(case, tmp_path / "own.xlsx", party=office.PARTNER)
    assert [each["金額"] for each in _sheets(tmp_path / "own.xlsx").values()] == [[182_518]]
    write_receipt(case, tmp_path / "part.xlsx", 5_000, office.PARTNER)
    (said,) = _sheets(tmp_path / "part.xlsx").values()
    assert (said["統一編號"], said["金額"]) == ([office.PARTNER], [5_000])
    with pytest.raises(NothingDueError, match="沒有自己的專戶"):
        write_receipt(case, tmp_path / "none.xlsx", party="12345675")


def _earning() -> Case:
    """The supply chain with interest on both accounts, and more than it earned paid to the partner."""
    case = office.supply_chain_case()
    earned = [
        builder.interest_entry(datetime.date(2023, 12, 21), gross, (0, 0), "", "利息", meta)
        for gross, meta in ((700, {}), (90, {"party": office.PARTNER}))
    ]
    more = builder.bank_entry(
        "instalment", datetime.date(2023, 12, 1), 200_000, "", "補助款", {"party": office.PARTNER}
    )
    return Case([*office.supply_chain_entries(), *earned, more], folder=Path("/case"), as_of=case.as_of)


def test_every_party_remits_what_its_own_account_holds(tmp_path: Path) -> None:
    case = _earning()
    write_remittance(case, tmp_path / "r.xlsx")
    lead, partner = _sheets(tmp_path / "r.xlsx").values()
    assert lead["本次應繳國庫"][0] == 700
    assert partner["(二)補助款結餘"][0] == 300_000 - 282_518
    assert partner["本次應繳國庫"][0] == 90 + 17_482
    assert partner["繳款人"] == [f'合聯"協力"{{夥伴}}股份有限公司 {office.PARTNER}']
    assert partner["專戶"] == ["臺灣銀行 00100200300"]
    assert settle_case(case).whole.due_to_treasury == 700 + 90 + 17_482


def test_every_party_s_remittance_calculates_to_the_ledgers_figures(
    tmp_path: Path, recalculate: Recalculate
) -> None:
    write_remittance(_earning(), tmp_path / "r.xlsx")
    assert equal(tmp_path / "r.xlsx", recalculate) == 16


def test_the_terms_of_an_end_are_told_with_how_sure_they_are(tmp_path: Path) -> None:
    act = directives.custom(datetime.date(2024, 2, 1), "milestone", "rescinded", rate=3, number="產發字第9號")
    case = Case([*office.office_entries(), act], folder=Path("/case"), as_of=office.AS_OF)
    write_remittance(case, tmp_path / "r.xlsx")
    said = _beside(tmp_path / "r.xlsx")
    assert said["應繳回補助款之利息"][1] == (
        "自補助款存入專戶之日起的單利,年利率 3%,一年以 365 日計(暫定,請洽承辦人)"
    )
    assert said["繳款期限"] == ["113/02/16(終止或解除後 15 日;比照其他計畫)"]
    write_settlement(case, "final", CheckResults(), xlsx=tmp_path / "s.xlsx")
    told = _beside(tmp_path / "s.xlsx")
    assert told["年利率"] == ["3%", "通知函或契約 產發字第9號", "計畫公告"]
    assert told["一年的計息日數"][0] == "365"
    assert told["一年的計息日數"][2] == "暫定,請洽承辦人"
