"""A programme is one TOML file: the shipped ones with categories of their own, and a user's."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.schemes.loader import FOLDER
from ledger.schemes.loader import load_scheme
from tests.replay import run

AWARD = """
[award]
id = "115-試-1"
scheme = "{scheme}"
title = "試辦計畫"
filed = 2026-01-05
start = 2026-02-01
end = 2026-11-30

[company]
name = "試辦精密有限公司"
ubn = "12345675"

[account]
bank = "試辦銀行"
number = "998877665544"
opened = 2026-01-20

[[payment_account]]
bank = "試辦銀行"
number = "112233445566"

[[budget]]
category = "{category}"
government = 200000
self = 250000

[[item]]
category = "{category}"
name = "{item}"
government = 200000
self = 250000
quantity = 10
"""
SHEET = """日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件
2026-03-02,收據,收1150302,,試辦服務社,{item},1,式,45000,0,{category},2026-03-03,現金,
"""
BANK = """帳號:998877665544
交易日期,摘要,支出,存入,餘額
2026/02/03,{payer},,{amount},{amount}
"""


def begin(tmp_path: Path, scheme: str, category: str, item: str, *words: object) -> Path:
    (tmp_path / "award.toml").write_text(
        AWARD.format(scheme=scheme, category=category, item=item), encoding="utf-8"
    )
    run("new", tmp_path / "case", "--award", tmp_path / "award.toml", *words, as_json=False)
    return tmp_path / "case"


def spend(case: Path, category: str, item: str, payer: str, amount: int) -> Any:
    (case / "inbox" / "登記表.csv").write_text(SHEET.format(category=category, item=item), encoding="utf-8")
    (case / "inbox" / "專戶998877665544.csv").write_text(
        BANK.format(payer=payer, amount=amount), encoding="utf-8"
    )
    return run("import", case)


@pytest.mark.parametrize(
    ("scheme", "category", "written", "payer", "amount"),
    [
        ("ocean-industry-114", "rent", "租金", "海洋委員會撥款", 80_000),
        ("ocean-industry-114", "技術移轉與委託研究費", "技術移轉費", "海委會", 80_000),
        ("sbir-phase2-115", "equipment-use", "研發設備使用費", "中小及新創企業署", 100_000),
        ("siir-individual-115", "技術引進及委託研究費", "委託勞務費", "商業發展署", 100_000),
        ("agriculture-industry-phase2-114", "field-trial", "田間試驗及動物飼養費", "農業部撥款", 100_000),
    ],
)
def test_a_shipped_scheme_with_categories_of_its_own(
    tmp_path: Path, scheme: str, category: str, written: str, payer: str, amount: int
) -> None:
    case = begin(tmp_path, scheme, category, "試辦項目")
    answer = spend(case, written, "試辦項目", payer, amount)
    assert (answer["imported"], answer["unmatched"]) == (2, [])
    settled = run("settle", case, "--as-of", "2026-04-01")
    (line,) = [line for line in settled["categories"] if line["accepted"]]
    own = {category.id for category in load_scheme(scheme).own_categories}
    assert line["category"] in own
    assert (line["accepted"], line["government"]) == (45_000, 20_000)
    assert settled["received"] == amount
    found = run("check", case, "--as-of", "2026-03-05", codes=(0, 1))["findings"]
    assert {finding["check"] for finding in found} <= {"document-missing", "category-cap-exceeded"}
    run("close", case, "2026-02", "--date", "2026-02-28")
    assert run("close", case, "2026-03", "--date", "2026-03-31")["by_category"] == {line["category"]: 20_000}
    run("settle", case, "--as-of", "2026-04-01", "-o", tmp_path / "r.xlsx", as_json=False)
    run("verify", tmp_path / "r.xlsx", case, as_json=False)


OWN = """
id = "ours-115"
name = "某市產業補助"
authority = "某市政府"
year = 115

[subsidy_ratio]
value = 0.45
source = "某要點第三點"
confidence = "seed"

[cap_base]
value = "subsidy"
source = "某要點第四點"
confidence = "seed"

[payers]
value = ["某市政府"]
source = "某要點"
confidence = "seed"

[categories.mould]
number = "51"
name = "模具開發費"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[paying_out.none]
guarantee = 0.0
instalments = [{ when = "signing", share = 0.30 }, { when = "final", share = 0.70 }]
source = "某要點第五點"
confidence = "seed"
"""


def test_a_user_s_own_scheme_is_kept_in_the_case(tmp_path: Path) -> None:
    (tmp_path / "ours-115.toml").write_text(OWN, encoding="utf-8")
    case = begin(tmp_path, "ours-115", "模具開發費", "沖壓模具", "--scheme", tmp_path / "ours-115.toml")
    assert (case / "schemes" / "ours-115.toml").read_text(encoding="utf-8") == OWN
    answer = spend(case, "模具開發費", "沖壓模具", "某市政府", 60_000)
    assert (answer["imported"], answer["unmatched"]) == (2, [])
    settled = run("settle", case, "--as-of", "2026-04-01")
    assert [(line["category"], line["government"]) for line in settled["categories"]] == [("mould", 20_000)]
    assert settled["recognised_government"] == 20_000
    assert "自訂" in (case / "main.beancount").read_text(encoding="utf-8")
    assert json.dumps(settled)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ours-115.toml", OWN.replace('"ours-115"', '"theirs-115"'), "ours-115"),
        ("theirs-115.toml", OWN.replace('"ours-115"', '"theirs-115"'), "theirs-115"),
        ("ours-115.toml", OWN.replace('number = "51"\n', ""), "needs number and name"),
        ("managed-factory-112.toml", (FOLDER / "managed-factory-112.toml").read_text("utf-8"), "內建"),
    ],
)
def test_an_own_scheme_that_cannot_be_used(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "award.toml").write_text(
        AWARD.format(scheme="ours-115", category="mould", item="模"), encoding="utf-8"
    )
    words = ("new", tmp_path / "case", "--award", tmp_path / "award.toml", "--scheme", tmp_path / name)
    assert says in run(*words, codes=(1, 2), as_json=False)
    assert not (tmp_path / "case" / "main.beancount").exists()


KINDS = """
id = "ours-116"
name = "某縣研發補助"
authority = "某縣政府"
year = 115

[subsidy_ratio]
value = 0.50
source = "某要點第三點"
confidence = "seed"

[cap_base]
value = "subsidy"
source = "某要點第四點"
confidence = "seed"

[categories.staff]
number = "61"
name = "研發人員薪資"
kind = "personnel"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[categories.machines]
number = "62"
name = "試驗設備購置費"
kind = "equipment"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[categories.trials]
number = "63"
name = "委外驗證費"
kind = "research"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[categories.parts]
number = "64"
name = "試作材料費"
kind = "consumables"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[categories.fairs]
number = "65"
name = "參展費"
grantable = { value = true, source = "某要點第四點", confidence = "seed" }

[paying_out.none]
guarantee = 0.0
instalments = [{ when = "signing", share = 0.30 }, { when = "final", share = 0.70 }]
source = "某要點第五點"
confidence = "seed"
"""
KINDS_AWARD = """
[award]
id = "115-縣-1"
scheme = "ours-116"
title = "試辦計畫"
filed = 2026-01-05
start = 2026-02-01
end = 2026-11-30

[company]
name = "試辦精密有限公司"
ubn = "12345675"

[account]
bank = "試辦銀行"
number = "998877665544"
opened = 2026-01-20

[[payment_account]]
bank = "試辦銀行"
number = "112233445566"
"""
BUDGET = """
[[budget]]
category = "{category}"
government = {half}
self = {half}
"""
ITEM = """
[[item]]
category = "{category}"
name = "{item}"
government = {half}
self = {half}
supplier = "{supplier}"
"""
_BOUGHT = [
    ("收1150302", "甲儀器行", "恆溫試驗機", 90_000, "試驗設備購置費"),
    ("收1150303", "乙檢測有限公司", "耐久驗證", 40_000, "委外驗證費"),
    ("收1150304", "丙檢測有限公司", "安規驗證", 30_000, "委外驗證費"),
    ("收1150305", "乙檢測有限公司", "耐久驗證", 20_000, "委外驗證費"),
    ("收1150306", "丁材料行", "試作鋼材", 10_000, "試作材料費"),
    ("收1150307", "戊展覽社", "攤位租金", 50_000, "參展費"),
]
PAY = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期\n2026-03,王小試,工程師,48000,80,160,24000,2026-03-31\n"


def kinds_case(tmp_path: Path, scheme: str = KINDS) -> Path:
    (tmp_path / "ours-116.toml").write_text(scheme, encoding="utf-8")
    budget = "".join(
        BUDGET.format(category=category, half=half)
        for category, half in [
            ("staff", 60_000),
            ("machines", 50_000),
            ("trials", 60_000),
            ("parts", 20_000),
            ("fairs", 30_000),
        ]
    )
    items = "".join(
        ITEM.format(category=category, item=item, supplier=supplier, half=half)
        for category, item, supplier, half in [
            ("machines", "恆溫試驗機", "甲儀器行", 50_000),
            ("trials", "耐久驗證", "乙檢測有限公司", 40_000),
            ("trials", "安規驗證", "另一檢測有限公司", 20_000),
            ("parts", "試作鋼材", "丁材料行", 20_000),
            ("fairs", "攤位租金", "戊展覽社", 30_000),
        ]
    )
    person = '\n[[person]]\nname = "王小試"\nrole = "工程師"\ninsured = true\nmonths = 5\nsalary = 48000\n'
    (tmp_path / "award.toml").write_text(KINDS_AWARD + budget + items + person, encoding="utf-8")
    case = tmp_path / "case"
    run(
        "new",
        case,
        "--award",
        tmp_path / "award.toml",
        "--scheme",
        tmp_path / "ours-116.toml",
        as_json=False,
    )
    rows = "".join(
        f"2026-03-02,收據,{number},,{seller},{item},1,式,{net},0,{category},2026-03-03,現金,\n"
        for number, seller, item, net, category in _BOUGHT
    )
    (case / "inbox" / "登記表.csv").write_text(SHEET.split("\n", 1)[0] + "\n" + rows, encoding="utf-8")
    (case / "inbox" / "薪資.csv").write_text(PAY, encoding="utf-8")
    return case


def _words(page: Any) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]


def test_sheets_and_checks_follow_what_the_scheme_says_of_its_categories(tmp_path: Path) -> None:
    case = kinds_case(tmp_path)
    answer = run("import", case)
    assert answer["imported"] == 7
    assert [unmatched["reason"][:8] for unmatched in answer["unmatched"]] == ["委託研究項目「安"]
    settled = run("settle", case, "--as-of", "2026-04-01")
    assert {line["category"]: (line["accepted"], line["government"]) for line in settled["categories"]} == {
        "staff": (24_000, 12_000),
        "machines": (90_000, 45_000),
        "trials": (90_000, 45_000),
        "parts": (10_000, 5_000),
        "fairs": (50_000, 25_000),
    }
    missing = {(paper["kind"], paper["category"]): paper["amount"] for paper in settled["evidence_missing"]}
    assert missing[("timesheet", "staff")] == 24_000
    assert missing[("research-contract", "trials")] == 90_000
    assert missing[("purchase-order", "machines")] == 90_000
    assert missing[("acceptance-report", "machines")] == 90_000
    assert not {kind for kind, _category in missing} & {"travel-report", "acceptance-report-improvement"}
    found = {
        finding["check"] for finding in run("check", case, "--as-of", "2026-03-05", codes=(0, 1))["findings"]
    }
    assert "contractor-not-approved" in found
    assert not found & {"items-not-listed", "persons-not-listed", "item-not-in-budget", "category-unknown"}

    run("settle", case, "--as-of", "2026-04-01", "-o", tmp_path / "r.xlsx", as_json=False)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx", data_only=True)
    pay = _words(book["研發人員薪資"])
    assert next(row for row in pay if "入帳日" in row)[:5] == ["入帳日", "月份", "憑證號碼", "姓名", "職稱"]
    assert any("王小試" in row and 5 in row and 0.5 in row for row in pay)
    trials = _words(book["委外驗證費"])
    assert any("受託單位" in row for row in trials)
    suppliers = [row for row in trials if row[:1] == ["乙檢測有限公司"]]
    assert suppliers[0][-1] == 60_000
    machines = _words(book["試驗設備購置費"])
    assert any({"廠牌", "型號", "國產/進口"} <= set(row) for row in machines)
    register = _words(book["財產清冊"])
    assert any("恆溫試驗機" in row for row in register)
    assert any(90_000 in row and "試驗設備購置費,認列數" in row for row in register)
    items = _words(book["品項對照表"])
    assert not any("研發人員薪資" in row for row in items)
    run("verify", tmp_path / "r.xlsx", case, as_json=False)


def test_scrap_is_taken_off_the_material_of_the_scheme(tmp_path: Path) -> None:
    case = kinds_case(tmp_path)
    run("import", case)
    run(
        "income",
        case,
        "scrap",
        "4000",
        "--reason",
        "試作下腳",
        "--received",
        "2026-03-20",
        "--yes",
        as_json=False,
    )
    settled = run("settle", case, "--as-of", "2026-04-01")
    (parts,) = [line for line in settled["categories"] if line["category"] == "parts"]
    assert (parts["accepted"], parts["government"]) == (6_000, 3_000)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "research"', 'kind = "verification"', "kind"),
        (
            '[categories.parts]\nnumber = "64"\nname = "試作材料費"\nkind = "consumables"',
            '[categories.consumables]\nkind = "equipment"',
            "categories.consumables.kind",
        ),
    ],
)
def test_a_kind_that_cannot_be(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in KINDS
    (tmp_path / "ours-116.toml").write_text(KINDS.replace(old, new), encoding="utf-8")
    assert says in run("scheme", "show", tmp_path / "ours-116.toml", codes=(1, 2), as_json=False)


def test_exported_rows_tell_the_kind_by_which_a_map_chooses_them(tmp_path: Path) -> None:
    case = kinds_case(tmp_path)
    run("import", case)
    run("export", case, "-o", tmp_path / "out", as_json=False)
    with (tmp_path / "out" / "Grant_Cost_Detail.csv").open(encoding="utf-8-sig") as file:
        kinds = {row["Budget_Category"]: row["Budget_Category_Kind"] for row in csv.DictReader(file)}
    assert kinds == {
        "staff": "personnel",
        "machines": "equipment",
        "trials": "research",
        "parts": "consumables",
        "fairs": "",
    }
