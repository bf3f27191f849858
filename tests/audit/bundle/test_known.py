"""An act cut off the end of the chain, or a bundle made anew, is seen by who wrote down a mark of it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from audit.bundle.known import acts_after
from audit.bundle.known import marks_of_acts
from audit.bundle.known import marks_of_bundle
from audit.bundle.pack import BundleError
from audit.bundle.verify import read_bundle
from audit.filing.merge import merge_acts
from ledger.case.audit_acts import acts_in
from tests.audit.house import call
from tests.audit.house import make_case
from tests.checks.pieces.audit import act
from tests.checks.pieces.audit import chained
from tests.checks.pieces.audit import pieces

ACTS = chained(*[act(f"F-00{number}") for number in range(4)])
DAY = ("--as-of", "2023-11-20")
MARKS = acts_in(ACTS).digests


def after(text: str, known: str) -> int | None:
    return acts_after(marks_of_acts(acts_in(text)), known)


@pytest.mark.parametrize("kept", range(5))
def test_every_act_that_was_cut_off_is_missed_and_what_stands_holds(kept: int) -> None:
    left = "".join(pieces(ACTS)[:kept])
    for place, digest in enumerate(MARKS):
        assert after(left, digest) == (kept - 1 - place if place < kept else None)


def test_an_act_that_was_changed_fails_it_and_all_after_it() -> None:
    changed = ACTS.replace('"F-001"\n', '"F-001"\n  comment: "x"\n', 1)
    assert changed != ACTS
    assert [after(changed, digest) for digest in MARKS] == [3, None, None, None]


def test_a_chain_written_anew_holds_nothing_of_what_was_known() -> None:
    anew = chained(*[act(f"F-00{number}", by="別人") for number in range(4)])
    assert [after(anew, digest) for digest in MARKS] == [None] * 4


def test_a_mark_may_be_shortened_and_written_in_groups() -> None:
    assert after(ACTS, MARKS[3][:16]) == 0
    assert after(ACTS, f" {MARKS[3][:8].upper()} {MARKS[3][8:16]}") == 0


@pytest.mark.parametrize("known", [MARKS[3][:15], "", "x" * 64, MARKS[3] + "0", "F-001"])
def test_what_is_no_mark_is_refused(known: str) -> None:
    with pytest.raises(BundleError, match="16"):
        after(ACTS, known)


def test_what_came_back_and_the_merge_hold(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    (folder / "audit.beancount").write_text(chained(act("F-000")), encoding="utf-8")
    theirs = chained(act("F-000"), act("F-001"), act("F-002"))
    (tmp_path / "returned.beancount").write_text(theirs, encoding="utf-8")
    merge_acts(folder, tmp_path / "returned.beancount")
    text = (folder / "audit.beancount").read_text(encoding="utf-8")
    merged = acts_in(text)
    assert after(text, merged.head) == 0
    assert [after(text, digest) for digest in acts_in(theirs).digests] == [3, 1, 0]
    cut = text[: text.rindex("2023-10-01")]
    assert after(cut, acts_in(theirs).head) is None
    assert after(cut, merged.head) is None


# --- as a person does it -------------------------------------------------------------------------------


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = make_case(tmp_path / "case")
    (folder / "audit.beancount").write_text(ACTS, encoding="utf-8")
    return folder


def verified(*words: object, code: int = 0) -> Any:
    return call("verify", *words, "--json", code=code)


def test_the_case_says_its_mark_and_is_held_against_it(case: Path) -> None:
    told = call("verify", case, "--json", code=None)
    assert (told["acts"], told["audit_head"], told["acts_after"]) == (4, MARKS[3], None)
    assert call("verify", case, "--known", MARKS[1], "--json", code=None)["acts_after"] == 2
    unknown = {"file": MARKS[3], "what": "unknown"}
    assert unknown not in call("verify", case, "--known", MARKS[3], "--json", code=None)["changed"]
    (case / "audit.beancount").write_text("".join(pieces(ACTS)[:3]), encoding="utf-8")
    assert unknown in verified(case, "--known", MARKS[3], code=1)["changed"]
    assert MARKS[2] in call("verify", case, code=None).output


def test_a_bundle_made_anew_is_another(case: Path, tmp_path: Path) -> None:
    first, other = tmp_path / "a.zip", tmp_path / "b.zip"
    digest = call("bundle", case, "-o", first, *DAY, "--json")["manifest"]
    assert verified(first, "--known", digest)["acts_after"] == 0
    assert verified(first, "--known", MARKS[2])["acts_after"] == 1
    (case / "audit.beancount").write_text("".join(pieces(ACTS)[:3]), encoding="utf-8")
    call("bundle", case, "-o", other, *DAY)
    assert verified(other)["same"], "by itself, nothing shows"
    assert not verified(other, "--known", digest, code=1)["same"]
    assert not verified(other, "--known", MARKS[3], code=1)["same"]


def test_a_masked_bundle_is_known_by_its_manifest_and_what_that_names(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "masked.zip"
    digest = call("bundle", case, "--mask", "-o", path, *DAY, "--json")["manifest"]
    marks = marks_of_bundle(read_bundle(path))
    assert [acts_after(marks, known) for known in (digest, MARKS[3], MARKS[2])] == [0, 0, None]
    assert zipfile.is_zipfile(path)


def test_a_report_has_no_mark(case: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"x")
    assert call("verify", tmp_path / "x.xlsx", case, "--known", MARKS[0], code=2).exit_code == 2


def test_a_huge_paper_is_a_changed_one_and_no_bundle_takes_it(case: Path, tmp_path: Path) -> None:
    paper = next((case / "documents").rglob("*.pdf"))
    name = paper.relative_to(case / "documents").as_posix()
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    (case / "documents/SHA256SUMS").write_text(f"{digest}  {name}\n", encoding="utf-8")
    with paper.open("ab") as file:
        file.truncate(1 << 40)
    assert {"file": f"documents/{name}", "what": "changed"} in verified(case, code=1)["changed"]
    told = call("bundle", case, "-o", tmp_path / "x.zip", code=2)
    assert "太大" in told.output
    found = call("check", case, "--select", "document-changed", "--json", code=None)["findings"]
    assert name.rpartition("/")[2] in str(found)
