"""Ledgers that are none of our business: whatever others keep in Beancount and Fava, the plugins find nothing in it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from fava.application import create_app

from checks.engine.catalogue import FAMILIES
from checks.engine.runner import run_checks
from ledger.case.case import Case

PLUGINS = 'plugin "checks"\n' + "".join(f'plugin "checks.{family}"\n' for family in FAMILIES)

# A household's ledger as one keeps it in Fava, with most of what Fava knows; every name in it is invented.
FAVA = """
option "title" "家計簿 – Haushalt"
option "operating_currency" "EUR"
option "operating_currency" "TWD"
option "documents" "belege"
option "name_assets" "Vermögen"
option "name_expenses" "Ausgaben"

2020-01-01 custom "fava-option" "language" "de"
2020-01-01 custom "fava-option" "fiscal-year-end" "06-30"
2020-01-01 custom "fava-option" "show-closed-accounts" "true"
2020-01-01 custom "fava-option" "import-config" "import_config.py"
2020-01-01 custom "fava-option" "insert-entry" "Ausgaben:Essen"
2020-01-01 custom "fava-extension" "fava.ext.portfolio_list"
2020-01-01 custom "fava-sidebar-link" "Essen dieses Jahr" "/jump?account=Ausgaben:Essen&time=year"
2020-01-01 custom "budget" Ausgaben:Essen "monthly" 400.00 EUR
2020-01-01 custom "budget" Ausgaben:Bücher:小說 "weekly" 12.50 EUR
2020-01-01 custom "autobean.share.policy" "default"
2020-01-01 custom "grant-vest" "XYZ" 25 XYZ          ; shares of an employer, not a subsidy
2020-01-01 custom "grant" TRUE FALSE 2020-03-01 Vermögen:Bank:玉山 12.5
2020-01-01 query "Essen" "SELECT date, narration, position WHERE account ~ 'Essen'"
2020-01-01 event "location" "Ingolstadt"

2020-01-01 commodity EUR
  name: "Euro"
2020-01-01 commodity XYZ
  price: "EUR:yahoo/XYZ"

2020-01-01 open Vermögen:Bank:玉山     TWD, EUR
  fava-sidebar-show: "TRUE"
2020-01-01 open Vermögen:Depot          "FIFO"
2020-01-01 open Vermögen:1專戶:1政府補助款        ; a name like one of ours
2020-01-01 open Liabilities:Karte       EUR
2020-01-01 open Liabilities:1應付帳款
2020-01-01 open Equity:Anfang
2020-01-01 open Income:Gehalt           EUR
2020-01-01 open Ausgaben:Essen
2020-01-01 open Ausgaben:Bücher:小說
2020-01-01 open Ausgaben:1政府補助款:02全新設備之購置費

2020-01-02 pad Vermögen:Bank:玉山 Equity:Anfang
2020-01-03 balance Vermögen:Bank:玉山   1000.00 EUR
2020-01-03 note Vermögen:Bank:玉山 "開戶"
2020-01-04 price XYZ  10.00 EUR

pushtag #reise
pushmeta reise: "Sommer"
2020-02-01 * "誠品書店" "小說" #lesen ^AB12345678
  number: "AB12345678"
  net: 12.345 EUR
  tax: "19 %"
  voucher: "Kassenzettel"
  voucher-date: "gestern"
  document: "2020-02-01.AB12345678.pdf"
  reverses: 3
  Ausgaben:Bücher:小說    12.35 EUR
    month: "2020-02"
  Liabilities:Karte
poptag #reise
popmeta reise:

2020-02-02 ! "Markt" ""
  kind: "interest"
  ! Ausgaben:Essen    400 TWD @@ 12.00 EUR
  Liabilities:Karte  -12.00 EUR

2020-02-03 * "Kauf"
  Vermögen:Depot    5 XYZ {10.00 EUR, "a"}
  Vermögen:Bank:玉山

2020-02-04 * "Verkauf"
  Vermögen:Depot   -2 XYZ {} @ 11.00 EUR
  Vermögen:Bank:玉山   22.00 EUR
  Income:Gehalt

2020-02-05 * "zwei Namen wie unsere"
  Ausgaben:1政府補助款:02全新設備之購置費   3.333 TWD
  Vermögen:1專戶:1政府補助款              -1.111 TWD
  Liabilities:1應付帳款                    -2.222 TWD

2020-03-01 close Liabilities:Karte
2020-04-01 document Vermögen:Bank:玉山 "belege/auszug.pdf"
"""


@pytest.fixture
def household(tmp_path: Path) -> Path:
    (tmp_path / "belege").mkdir()
    (tmp_path / "belege/auszug.pdf").write_bytes(b"%PDF-1.4\n")
    path = tmp_path / "haushalt.beancount"
    path.write_text(FAVA, encoding="utf-8")
    return path


def loaded(path: Path) -> tuple[list[Any], list[Any]]:
    entries, errors, _options = loader.load_file(str(path))
    return entries, errors


@pytest.mark.parametrize("plugin", ["checks", *(f"checks.{family}" for family in FAMILIES)])
def test_a_ledger_in_favas_manner_is_left_alone(household: Path, plugin: str) -> None:
    plain, errors = loaded(household)
    assert errors == []
    household.write_text(FAVA + f'plugin "{plugin}"\n', encoding="utf-8")
    entries, found = loaded(household)
    assert found == []
    assert entries == plain


def test_nothing_is_found_in_it_on_any_day(household: Path) -> None:
    entries, _errors = loaded(household)
    for day in (datetime.date(2020, 1, 1), datetime.date(2020, 2, 3), datetime.date(2030, 1, 1)):
        case = Case(entries, folder=household.parent, as_of=day)
        assert case.award is None
        found = [finding for finding in run_checks(case) if finding.check != "books-unreadable"]
        assert {finding.check for finding in found} <= {"entry-unclassified"}


def test_fava_serves_it_with_our_plugin_and_our_pages(household: Path) -> None:
    """Its own pages open, and ours say that there is no case instead of failing."""
    extra = PLUGINS + '2020-01-01 custom "fava-extension" "audit.fava"\n'
    household.write_text(FAVA + extra, encoding="utf-8")
    app = create_app([str(household)], load=True, poll_watcher=True)
    app.testing = True
    ledger = app.config["LEDGERS"].ledgers[0]
    assert ledger.load_errors == []
    client = app.test_client()
    name = next(iter(app.config["LEDGERS"].ledgers_by_slug))
    for page in (
        "income_statement/",
        "journal/",
        "extension/Audit/?tab=overview",
        "extension/Audit/?tab=checks",
    ):
        assert client.get(f"/{name}/{page}").status_code == 200, page
