"""Acts come back from a bundle: unchanged, after a merge that holds both heads, each chain checkable by itself."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from audit.filing.findings import FilingError
from audit.filing.merge import merge_acts
from checks.engine.runner import run_checks
from ledger.loading.loader import load_case
from ledger.model.directives import twd
from tests.checks.pieces.audit import act
from tests.checks.pieces.audit import chained
from tests.checks.pieces.audit import found
from tests.checks.pieces.audit import made
from tests.checks.pieces.audit import pieces
from tests.checks.pieces.audit import struck

DAY = datetime.date(2023, 10, 20)


def sides(tmp_path: Path, ours: int = 1, theirs: int = 2) -> tuple[Path, Path]:
    """A case, and the audit file of its bundle: one act both have, then each side's own."""
    begun = chained(act("F-001", deducted=twd(1_000)))
    own = [act(f"F-00{n + 2}", voucher="GH00000000", state="open") for n in range(ours)]
    other = [act(f"F-01{n}", deducted=twd(10_000)) for n in range(theirs)]
    folder = made(tmp_path, chained(act("F-001", deducted=twd(1_000)), *own))
    returned = tmp_path / "returned.beancount"
    returned.write_text(chained(act("F-001", deducted=twd(1_000)), *other), encoding="utf-8")
    assert returned.read_text(encoding="utf-8").startswith(begun)
    return folder, returned


def test_acts_come_back_and_count_and_the_chain_is_whole(tmp_path: Path) -> None:
    folder, returned = sides(tmp_path)
    merged = merge_acts(folder, returned, DAY)
    assert (merged.acts, merged.conflicts) == (2, [])
    assert struck(folder) == (21_000, 0)
    assert found(folder, "audit-chain-broken") == []
    text = (folder / "audit.beancount").read_text(encoding="utf-8")
    assert text.rstrip().endswith("".join(pieces(returned.read_text(encoding="utf-8"))[1:]).rstrip())
    assert merge_acts(folder, returned, DAY).acts == 0
    assert not run_checks(load_case(folder, DAY).case, select=["books-unreadable"])


def test_what_is_filed_after_a_merge_and_merged_again_is_whole(tmp_path: Path) -> None:
    from audit.filing.audit_file import append_acts  # noqa: PLC0415 -- as the pages do
    from ledger.files.writer import CaseWriter  # noqa: PLC0415

    folder, returned = sides(tmp_path)
    merge_acts(folder, returned, DAY)
    with CaseWriter(folder) as writer:
        append_acts(writer, [act("F-020", state="open")])
        writer.commit()
    assert found(folder, "audit-chain-broken") == []
    text = (folder / "audit.beancount").read_text(encoding="utf-8")
    for number in ("10000 TWD", 'custom "grant-merge"'):
        broken = text.replace(number, number.replace("10000", "1").replace("merge", "merge"), 1)
        if broken != text:
            (folder / "audit.beancount").write_text(broken, encoding="utf-8")
            assert {each.severity for each in found(folder, "audit-chain-broken")} == {"error"}


def test_an_act_taken_out_of_what_was_merged_is_found(tmp_path: Path) -> None:
    folder, returned = sides(tmp_path)
    merge_acts(folder, returned, DAY)
    audit = folder / "audit.beancount"
    audit.write_text("".join(pieces(audit.read_text(encoding="utf-8"))[:-1]), encoding="utf-8")
    assert {each.severity for each in found(folder, "audit-chain-broken")} == {"error"}


def test_both_sides_on_one_voucher_or_id_are_told(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act("F-001"), act("F-002", state="open")))
    returned = tmp_path / "returned.beancount"
    later = [act("F-001"), act("F-002", state="accepted"), act("F-009", state="parked")]
    returned.write_text(chained(*later), encoding="utf-8")
    merged = merge_acts(folder, returned, DAY)
    assert merged.conflicts == ["F-002 兩邊都有登錄", "憑證 AB12345678 兩邊都有登錄意見"]
    assert struck(folder) == (100_000, 0)


@pytest.mark.parametrize(
    "text", ["", "2023-01-01 open Assets:X\n", 'include "/etc/passwd"\n', 'plugin "os"\n', "亂寫\n", "\x00"]
)
def test_what_is_no_audit_file_is_refused(tmp_path: Path, text: str) -> None:
    folder, returned = sides(tmp_path)
    before = (folder / "audit.beancount").read_bytes()
    returned.write_text(text, encoding="utf-8")
    with pytest.raises(FilingError):
        merge_acts(folder, returned, DAY)
    assert (folder / "audit.beancount").read_bytes() == before


def test_a_broken_chain_does_not_come_in(tmp_path: Path) -> None:
    folder, returned = sides(tmp_path)
    text = returned.read_text(encoding="utf-8")
    returned.write_text(text.replace("10000 TWD", "1 TWD", 1), encoding="utf-8")
    with pytest.raises(FilingError, match="沒有併入"):
        merge_acts(folder, returned, DAY)
