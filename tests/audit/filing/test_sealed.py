"""A population is sealed, and drawn from when the public number is out; every draw can be drawn again."""

from __future__ import annotations

from typing import Any

import pytest

from audit.pages.sample import sample_page
from audit.web.query import Query
from tests.audit.conftest import Look
from tests.audit.house import Window
from tests.audit.house import window
from tests.checks.builder import AUGUST
from tests.checks.builder import JULY
from tests.checks.builder import JUNE

SEAL = {
    "do": "sample",
    "back": "sample",
    "seal": "yes",
    "method": "monetary",
    "size": "3",
    "seed_source": "統一發票 115年1-2月 特別獎",
    "by": "陳稽核",
}


def sealed(page: Window, **told: str) -> dict[str, Any]:
    return page.form("?tab=sample") | SEAL | told


def drawn(page: Window, seed: str) -> dict[str, Any]:
    return page.form("?tab=sample") | {
        "do": "sample",
        "back": "sample",
        "sealed": "S-001",
        "seed": seed,
        "by": "陳稽核",
    }


def test_a_sealed_population_is_drawn_by_the_number_that_came_out(page: Window) -> None:
    assert page.file(sealed(page)).status_code == 303
    assert 'act: "sealed"' in page.audit
    assert "vouchers:" not in page.audit
    words = page.words("?tab=sample")
    assert "S-001 母體已於" in words
    assert page.post("write", drawn(page, "abc")).status_code == 400
    assert page.file(drawn(page, "2345 6789")).status_code == 303
    assert 'seed: "23456789"' in page.audit
    assert page.audit.count('custom "grant-sample" "S-001"') == 2
    words = page.words("?tab=sample")
    assert "待抽" not in words
    assert "統一發票 115年1-2月 特別獎" in words
    assert "相同" in words
    assert page.post("write", drawn(page, "99")).status_code == 400  # it was drawn


def test_a_population_that_changed_after_it_was_sealed_is_not_drawn_from(page: Window) -> None:
    page.file(sealed(page))
    (page.folder / "books.beancount").write_text(JUNE + JULY + AUGUST, encoding="utf-8")
    fresh = window(page.folder)
    assert "不能再依這個母體抽樣" in fresh.words("?tab=sample")
    assert fresh.post("write", drawn(fresh, "23456789")).status_code == 400


@pytest.mark.parametrize("wrong", [{"seed_source": ""}, {"method": "risk"}, {"size": "0"}, {"by": ""}])
def test_a_seal_says_which_number_it_waits_for(page: Window, wrong: dict[str, str]) -> None:
    assert page.post("write", sealed(page, **wrong)).status_code == 400
    assert "grant-sample" not in page.audit


def test_once_all_is_judged_the_error_is_projected(look: Look) -> None:
    sample = """
2023-10-01 custom "grant-sample" "S-001"
  method: "random"
  seed: "{seed}"
  size: 3
  population: "{digest}"
  vouchers: "{vouchers}"
"""
    page = sample_page(look(), Query({"method": ["random"], "size": ["3"], "seed": ["77"]}))
    names = [each.row.keyed.voucher.number for each in page.drawn]
    order = [row.voucher.number for row in look().vouchers.values() if row.voucher.number in names]
    text = sample.format(seed="77", digest=page.digest, vouchers=" ".join(order))
    (waiting,) = sample_page(look(text), Query()).recorded
    assert (waiting.is_same, waiting.judged, waiting.projection) == (True, 0, None)
    for place, number in enumerate(order):
        text += f"""
2023-11-01 custom "grant-finding" "F-00{place}"
  voucher: "{number}"
  state: "{"disallowed" if place == 0 else "accepted"}"
  deducted: {3000 if place == 0 else 0} TWD
"""
    (done,) = sample_page(look(text), Query()).recorded
    assert done.projection is not None
    assert (done.projection.found, done.projection.projected) == (3_000, 6_000)
    assert done.projection.upper >= 6_000
