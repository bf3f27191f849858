"""A programme is one TOML file: the shipped ones with categories of their own, and a user's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
