"""Awards that nobody named, from the form to the settlement, with figures worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.schemes.loader import load_scheme
from tests.replay import run

VOUCHERS = (
    "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
)
PAY = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期\n"
BANK = "帳號:998877665544\n交易日期,摘要,支出,存入,餘額\n"
PARTNER = "20000003"
MATERIAL = ("consumables", 500_000, 500_000, "鋼材", "")

Line = tuple[str, int, int, str, str]  # category, government, self, item, party


def award(
    scheme: str,
    lines: Sequence[Line],
    *,
    start: str = "2023-07-01",
    end: str = "2024-06-30",
    guarantee: str = "none",
    account: str = "2023-06-20",
    more: str = "",
) -> str:
    text = f"""
[award]
id = "112-試-9"
scheme = "{scheme}"
title = "試辦"
filed = 2023-06-15
start = {start}
end = {end}
guarantee = "{guarantee}"
[company]
name = "試辦精密有限公司"
ubn = "12345675"
representative = "王試辦"
"""
    if account:
        text += f'[account]\nbank = "試辦銀行"\nnumber = "998877665544"\nopened = {account}\n'
    if scheme.startswith("supply-chain"):
        text += f'[[partner]]\nname = "夥伴一有限公司"\nubn = "{PARTNER}"\nrepresentative = "李夥伴"\n'
    for category, government, own, item, party in lines:
        of = f"government = {government}\nself = {own}\n" + (f'party = "{party}"\n' if party else "")
        text += f'[[budget]]\ncategory = "{category}"\n{of}'
        if item:
            text += f'[[item]]\ncategory = "{category}"\nname = "{item}"\n{of}'
    return text + more


def bought(number: str, item: str, net: int) -> str:
    return f"2023-09-05,統一發票,{number},20000003,供應社,{item},1,式,{net},{net // 20},,2023-09-05,匯款,\n"


def case_of(
    tmp_path: Path, text: str, vouchers: Sequence[str] = (), pay: Sequence[str] = (), bank: str = ""
) -> Path:
    (tmp_path / "award.toml").write_text(text, encoding="utf-8")
    case = tmp_path / "case"
    run("new", case, "--award", tmp_path / "award.toml", as_json=False)
    files = {
        "登記表.csv": (VOUCHERS, "".join(vouchers)),
        "薪資.csv": (PAY, "".join(pay)),
        "專戶998877665544.csv": (BANK, bank),
    }
    for name, (head, rows) in files.items():
        if rows:
            (case / "inbox" / name).write_text(head + rows, encoding="utf-8")
    if any(rows for _head, rows in files.values()):
        assert run("import", case)["rejected"] == []
    return case


def found(case: Path, day: str, *words: str) -> list[tuple[str, str, Any]]:
    findings = run("check", case, "--as-of", day, codes=(0, 1))["findings"]
    return [
        (each["check"], each["severity"], each["amount"])
        for each in findings
        if any(word in each["check"] for word in words)
    ]


def milestone(case: Path, kind: str, day: str, *words: object) -> None:
    run("milestone", case, kind, "--date", day, *words, as_json=False)


@pytest.mark.parametrize(
    ("scheme", "lines", "parties"),
    [
        # equipment of the lead alone: 30 % of 3,400,000 is 1,020,000, less than its 1,200,000
        (
            "supply-chain-smart-112",
            [
                ("equipment", 1_200_000, 1_200_000, "試驗機", ""),
                ("consumables", 500_000, 500_000, "鋼材", PARTNER),
            ],
            [1_020_000, 500_000],
        ),
        # research of both: 40 % of 5,000,000 is 2,000,000; the 200,000 over fall on both by what each is over its own
        # 40 % (lead 1,300,000 - 1,280,000, partner 900,000 - 720,000)
        (
            "supply-chain-carbon-112",
            [
                ("research", 1_300_000, 1_300_000, "驗證甲", ""),
                ("research", 900_000, 900_000, "驗證乙", PARTNER),
                ("consumables", 200_000, 400_000, "鋼材", ""),
            ],
            [1_480_000, 720_000],
        ),
    ],
)
def test_a_cap_is_of_the_whole_project(
    tmp_path: Path, scheme: str, lines: list[Line], parties: list[int]
) -> None:
    spent = [
        bought(f"AB1234567{place}", item, government + own)
        for place, (_category, government, own, item, _party) in enumerate(lines)
    ]
    settled = run("settle", case_of(tmp_path, award(scheme, lines), spent), "--as-of", "2024-07-15")
    assert settled["recognised_government"] == sum(parties)
    assert [each["recognised_government"] for each in settled["parties"]] == parties
    assert settled["binding"] == "category"


@pytest.mark.parametrize(("hours", "over"), [(48, None), (49, 3_750)])
def test_months_are_hours_by_hours(tmp_path: Path, hours: int, over: int | None) -> None:
    """48 of 160 hours for twelve months are 3.6 person-months; one hour more is 0.075 of 50,000 too much."""
    person = '[[person]]\nname = "陳測試"\nrole = "工程師"\ninsured = true\nmonths = 3.6\nsalary = 50000\n'
    lines: list[Line] = [("consumables", 100_000, 200_000, "鋼材", ""), ("personnel", 0, 400_000, "", "")]
    months = [f"{2023 + (6 + place) // 12}-{(6 + place) % 12 + 1:02}" for place in range(12)]
    pay = [
        f"{month},陳測試,工程師,50000,{hours},160,{50_000 * hours // 160},{month}-28\n" for month in months
    ]
    case = case_of(tmp_path, award("small-manufacturer-112", lines, more=person), pay=pay)
    told = found(case, "2024-07-15", "person", "payroll")
    assert told == ([("person-months-exceeded", "error", over)] if over else [])


def test_a_factory_without_its_registration_gives_all_back(tmp_path: Path) -> None:
    text = award("managed-factory-112", [("consumables", 300_000, 300_000, "鋼材", "")])
    case = case_of(
        tmp_path,
        text,
        [bought("AB12345670", "鋼材", 600_000)],
        bank="2023/08/01,經濟部補助款,,150000,150000\n",
    )

    def told(day: str) -> tuple[Any, ...]:
        settled = run("settle", case, "--as-of", day)
        return settled["tail_payment"], settled["due_to_treasury"], settled["registration_missing"]

    assert told("2024-06-30") == (150_000, 0, False)
    assert told("2024-07-01") == (-150_000, 150_000, True)
    receipt = tmp_path / "r.xlsx"
    assert "不能開領據" in run("form", "receipt", case, "-o", receipt, codes=(1, 2), as_json=False)
    assert not receipt.exists()
    milestone(case, "registration", "2024-06-20", "--number", "特1")
    assert told("2024-07-01") == (150_000, 0, False)


@pytest.mark.parametrize(
    ("scheme", "end", "severity"),
    [
        ("managed-factory-112", "2024-06-30", None),
        ("managed-factory-112", "2024-07-01", "error"),
        ("small-manufacturer-112", "2024-07-01", "warning"),
        ("supply-chain-smart-112", "2025-06-30", None),
        ("supply-chain-smart-112", "2025-07-01", "warning"),
    ],
)
def test_a_period_of_a_day_too_much(tmp_path: Path, scheme: str, end: str, severity: str | None) -> None:
    told = found(case_of(tmp_path, award(scheme, [MATERIAL], end=end)), "2023-07-02", "period")
    assert told == ([("period-too-long", severity, None)] if severity else [])


def test_a_supply_chain_s_coaching_waits_for_both_reports(tmp_path: Path) -> None:
    case = case_of(tmp_path, award("coaching-supply-chain-112", [], end="2023-12-31", account=""))
    coaching = load_scheme("coaching-supply-chain-112").coaching
    assert coaching is not None
    for place, name in enumerate(coaching.reports):
        assert run("settle", case, "--as-of", "2024-01-05")["recognised_government"] == 0
        assert len(found(case, "2024-01-05", "evidence-missing")) == 2 - place
        paper = tmp_path / f"{place}.pdf"
        paper.write_bytes(b"%PDF-1.4\n%" + str(place).encode())
        run("evidence", case, "report", paper, "--name", name, "--date", "2023-11-01", as_json=False)
    assert run("settle", case, "--as-of", "2024-01-05")["recognised_government"] == 160_000
    assert found(case, "2024-01-05", "evidence-missing") == []


@pytest.mark.parametrize(("amount", "over"), [(200_000, None), (250_000, 50_000)])
def test_the_ocean_s_first_instalment_is_two_fifths(tmp_path: Path, amount: int, over: int | None) -> None:
    text = award("ocean-industry-114", [MATERIAL], start="2025-03-01", end="2025-12-31")
    case = case_of(tmp_path, text, bank=f"2025/03/05,海洋委員會撥款,,{amount},{amount}\n")
    told = found(case, "2025-03-10", "instalment", "deposit")
    assert told == ([("instalment-unexpected", "error", over)] if over else [])


def test_never_more_is_drawn_than_is_guaranteed(tmp_path: Path) -> None:
    lines: list[Line] = [("consumables", 1_000_000, 1_000_000, "鋼材", "")]
    case = case_of(
        tmp_path,
        award("supply-chain-smart-112", lines, guarantee="partial"),
        bank="2023/07/20,經濟部補助款,,200000,200000\n2023/08/20,經濟部補助款,,100000,300000\n",
    )
    milestone(case, "signing", "2023-07-10", "--number", "契1")
    milestone(
        case, "guarantee", "2023-07-10", "--amount", 200_000, "--until", "2025-12-31", "--number", "保1"
    )
    assert found(case, "2023-09-01", "guarant", "instal") == [("drawn-beyond-guarantee", "error", 100_000)]
    milestone(
        case, "guarantee", "2023-08-15", "--amount", 100_000, "--until", "2025-12-31", "--number", "保2"
    )
    assert found(case, "2023-09-01", "guarant", "instal") == []


def test_money_and_account_before_and_after_the_signing(tmp_path: Path) -> None:
    text = award("small-manufacturer-112", [MATERIAL], guarantee="partial", account="2023-07-11")
    case = case_of(tmp_path, text, bank="2023/07/05,經濟部補助款,,250000,250000\n")
    milestone(case, "signing", "2023-07-10", "--number", "契1")
    assert ("instalment-before-milestone", "error", 250_000) in found(case, "2023-07-20", "instalment")
    assert found(case, "2023-07-20", "account-opened") == [("account-opened-late", "error", None)]


@pytest.mark.parametrize(("amount", "over"), [(500_000, None), (500_001, 1)])
def test_all_that_is_granted_is_never_over_the_cost(tmp_path: Path, amount: int, over: int | None) -> None:
    funding = f'[[funding]]\nagency = "某市政府"\namount = {amount}\nkind = "government"\n'
    case = case_of(tmp_path, award("small-manufacturer-112", [MATERIAL], more=funding))
    told = found(case, "2023-07-20", "funding")
    assert told == ([("funding-exceeds-cost", "error", over)] if over else [])


def test_a_case_that_the_authority_ends(tmp_path: Path) -> None:
    """250,000 received, 150,000 earned. Rescinded: all of it, and 3.65 % of 174 days, 250,000 x 0.0365 x 174 / 365."""
    case = case_of(
        tmp_path,
        award("small-manufacturer-112", [MATERIAL], guarantee="partial"),
        [bought("AB12345670", "鋼材", 300_000)],
        bank="2023/07/20,經濟部補助款,,250000,250000\n",
    )
    words = ("settle", case, "--as-of", "2024-01-10", "--end-date", "2023-12-31", "--end")
    ended = run(*words, "terminated")
    assert (ended["tail_payment"], ended["due_to_treasury"]) == (-100_000, 100_000)
    ended = run(*words, "rescinded", "--rate", "3.65")
    assert ended["recall_interest"] == 4_350
    assert (ended["tail_payment"], ended["due_to_treasury"]) == (-250_000, 254_350)
