"""A partner's payroll is the partner's cost: the award says whose person somebody is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.loading.loader import load_case
from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run

SHEET = """月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期
{month},{name},工程師,40000,40,160,10000,{paid}
"""


def chain(tmp_path: Path, party: str) -> tuple[Path, Story]:
    """A supply chain with one more person, of the lead or of the first partner, and that person's pay."""
    story = Story(6, scheme="supply-chain-smart-112", partners=2, months=2).money()
    owner = story.partners[0]["ubn"] if party == "partner" else ""
    person = {"name": "吳協力", "role": "工程師", "insured": True, "months": 1.5}
    story.persons.append(person | ({"party": owner} if owner else {}))
    begin(story, tmp_path / "case")
    sheet = SHEET.format(month=f"{story.months[0]:%Y-%m}", name="吳協力", paid=story.months[1])
    (tmp_path / "case" / "inbox" / "協力薪資.csv").write_text(sheet, encoding="utf-8")
    run("import", tmp_path / "case")
    return tmp_path / "case", story


@pytest.mark.parametrize("party", ["lead", "partner"])
def test_pay_is_the_cost_of_who_planned_the_person(tmp_path: Path, party: str) -> None:
    case, story = chain(tmp_path, party)
    loaded = load_case(case, story.today).case
    assert loaded.award is not None
    owner = story.partners[0]["ubn"] if party == "partner" else loaded.award.ubn
    (voucher,) = [voucher for voucher in loaded.vouchers if voucher.meta("person") == "吳協力"]
    assert (voucher.party, voucher.cost) == (owner, 10_000)
    settled = run("settle", case, "--as-of", story.today)
    of_party = {each["party"]: each["categories"] for each in settled["parties"]}
    of_owner = [line["accepted"] for line in of_party[owner] if line["category"] == "personnel"]
    assert sum(of_owner) >= 10_000
    others = [key for key in of_party if key not in {owner, loaded.award.ubn}]
    assert not any(
        line["accepted"] for key in others for line in of_party[key] if line["category"] == "personnel"
    )
