"""The auditor's acts: where they count, how they are chained, and what a later one cannot do."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.filing.audit_file import chain
from ledger.case.audit_acts import acts_in
from ledger.entries.builder import as_text
from ledger.entries.digest import act_digest
from ledger.entries.digest import entry_digest
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.checks.pieces.audit import MAIN
from tests.checks.pieces.audit import NUMBER
from tests.checks.pieces.audit import PAPER
from tests.checks.pieces.audit import act
from tests.checks.pieces.audit import case_in
from tests.checks.pieces.audit import chained
from tests.checks.pieces.audit import found
from tests.checks.pieces.audit import made
from tests.checks.pieces.audit import pieces
from tests.checks.pieces.audit import struck

Acts = Callable[[Path], str]


def test_acts_in_a_chain_are_no_fault(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act(), act("F-001", act="reply", state=None), act("F-002", state="open")))
    assert found(folder, "audit-chain-broken") == found(folder, "audit-act-misplaced") == []
    assert struck(folder) == (100_000, 0)


@pytest.mark.parametrize("claim", ["", '  filename: "{audit}"\n', '  filename: "{audit}"\n  lineno: 1\n'])
def test_an_act_in_the_books_does_not_count_whatever_file_it_names(tmp_path: Path, claim: str) -> None:
    audit = str((tmp_path / "case/audit.beancount").resolve())
    acquittal = '2023-10-09 custom "grant-finding" "F-001"\n  voucher: "AB12345678"\n  state: "accepted"\n'
    acquittal += '  replaces: "F-001"\n' + claim.format(audit=audit)
    folder = made(tmp_path, chained(act()), books="\n" + acquittal)
    (finding,) = found(folder, "audit-act-misplaced")
    assert (finding.severity, finding.voucher) == ("error", NUMBER)
    assert struck(folder) == (100_000, 0)


def test_a_copy_of_an_act_in_the_books_counts_once_and_is_misplaced(tmp_path: Path) -> None:
    text = chained(act(deducted=twd(30_000)))
    folder = made(tmp_path, text, books="\n" + text)
    (finding,) = found(folder, "audit-act-misplaced")
    assert Path(finding.file).name == "books.beancount"
    assert struck(folder) == (30_000, 0)


def test_a_file_of_that_name_elsewhere_is_not_the_auditors(tmp_path: Path) -> None:
    folder = made(tmp_path, main=MAIN + 'include "sub/audit.beancount"\n')
    (folder / "sub").mkdir()
    (folder / "sub/audit.beancount").write_text(chained(act()), encoding="utf-8")
    assert len(found(folder, "audit-act-misplaced")) == 1
    assert struck(folder) == (0, 0)


def test_an_audit_file_left_out_of_the_books_counts_and_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act()), main=MAIN)
    assert struck(folder) == (100_000, 0)
    (finding,) = found(folder, "audit-chain-broken")
    assert "include" in finding.message


@pytest.mark.parametrize(
    "later",
    [
        {"act": "reply", "state": "accepted", "by": "林會計"},
        {"act": "reply", "state": None, "by": "林會計", "comment": "附上驗收單"},
        {"act": "sign-off", "state": "accepted", "by": "黃複核"},
        {"deducted": twd(1)},
        {"state": "accepted"},
        {"state": "open"},
        {"state": "parked"},
        {"state": "accepted", "replaces": "0" * 64},
    ],
)
def test_a_later_act_lifts_no_disallowance_by_being_there(tmp_path: Path, later: dict[str, Any]) -> None:
    folder = made(tmp_path, chained(act(), act(day="2023-10-02", **later)))
    assert struck(folder) == (100_000, 0)


def test_only_the_act_that_names_the_one_before_replaces_it(tmp_path: Path) -> None:
    first = act()
    text = chained(first)
    lifted = act(day="2023-10-02", deducted=twd(1), replaces=acts_in(text).head)
    folder = made(tmp_path, chained(first, lifted))
    assert struck(folder) == (1, 0)
    assert struck(made(tmp_path / "b", chained(act(), act(state="accepted", replaces="F-001")))) == (0, 0)


def test_findings_of_different_ids_add_up_and_never_over_the_cost(tmp_path: Path) -> None:
    parts = [act(f"F-00{n}", deducted=twd(40_000)) for n in (1, 2, 3)]
    assert struck(made(tmp_path / "a", chained(*parts[:2]))) == (80_000, 0)
    assert struck(
        made(tmp_path / "b", chained(*[act(f"F-00{n}", deducted=twd(40_000)) for n in (1, 2, 3)]))
    ) == (
        100_000,
        0,
    )


def test_what_is_parked_first_is_still_disallowed_after(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act(state="parked"), act("F-002", deducted=twd(30_000))))
    assert struck(folder) == (30_000, 70_000)


# --- the chain -------------------------------------------------------------------------------------------


def three() -> list[Any]:
    return [act(f"F-00{n}", deducted=twd(n * 1_000)) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (lambda parts: [parts[0].replace("1000", "1"), *parts[1:]], "F-002"),
        (lambda parts: [parts[0], parts[2]], "F-003"),
        (lambda parts: [parts[1], parts[2]], "F-002"),
        (lambda parts: [parts[0], parts[1], as_text([act("F-009")]), parts[2]], "F-009"),
        (lambda parts: [parts[0], parts[2], parts[1]], "F-003"),
    ],
    ids=["changed", "one taken out", "the first taken out", "one put in", "turned round"],
)
def test_a_broken_chain_names_the_act(
    tmp_path: Path, edit: Callable[[list[str]], list[str]], named: str
) -> None:
    parts = pieces(chained(*three()))
    folder = made(tmp_path, "\n".join(edit(parts)))
    findings = found(folder, "audit-chain-broken")
    assert named in findings[0].message
    assert {finding.severity for finding in findings} == {"error"}
    assert struck(folder)[0] > 0  # it counts all the same


def test_formatting_breaks_no_chain(tmp_path: Path) -> None:
    text = (
        chained(*three())
        .replace("1000 TWD", "1,000.00   TWD")
        .replace("  voucher:", "  ; 註解\n  voucher:   ")
    )
    assert found(made(tmp_path, "; 查核\n" + text + "; end\n"), "audit-chain-broken") == []


def test_an_act_without_digest_is_named_and_counts(tmp_path: Path) -> None:
    folder = made(tmp_path, chained(act(digest=None)))
    (finding,) = found(folder, "audit-chain-broken")
    assert (finding.severity, "F-001" in finding.message, struck(folder)) == ("error", True, (100_000, 0))


def test_acts_from_before_the_chain_are_told_once_and_covered_by_the_first_link(tmp_path: Path) -> None:
    old = as_text([act("F-001"), act("F-002", state="replied")])
    (finding,) = found(made(tmp_path / "a", old), "audit-chain-broken")
    assert finding.severity == "warning"
    new = act("F-003", state="open")
    chain([new], old)
    whole = old + as_text([new])
    (finding,) = found(made(tmp_path / "b", whole), "audit-chain-broken")
    assert finding.severity == "warning"
    changed = found(made(tmp_path / "c", whole.replace('"disallowed"', '"accepted"')), "audit-chain-broken")
    assert ("error", True) in [(each.severity, "F-003" in each.message) for each in changed]


def test_the_digest_of_an_act_is_what_the_docstring_says() -> None:
    entry = custom(datetime.date(2024, 6, 20), "finding", "F-001", voucher="甲1", deducted=twd(100), size=3)
    entry.meta["typed"] = True
    import hashlib  # noqa: PLC0415 -- the other program

    said = '["2024-06-20","grant-finding",[["string","F-001"]],[["deducted",["amount","100 TWD"]],'
    said += '["size",["number","3"]],["typed",["bool","TRUE"]],["voucher",["string","甲1"]]]]'
    assert act_digest(entry) == hashlib.sha256(said.encode()).hexdigest()


# --- what was judged changed ----------------------------------------------------------------------------


def signed(folder: Path, *, sign: bool = True) -> Path:
    """A case whose voucher was judged, and signed, as it stands."""
    case = case_in(folder)
    (voucher,) = [each for each in case.vouchers if each.number == NUMBER]
    told = {"digest": entry_digest(voucher.entry), "papers": case.voucher_papers.digest(voucher)}
    acts = [act(**told), *([act(act="sign-off", state=None, by="黃複核", **told)] if sign else [])]
    (folder / "audit.beancount").write_text(chained(*acts), encoding="utf-8")
    return folder


def test_what_is_as_it_was_judged_is_no_fault(tmp_path: Path) -> None:
    folder = signed(made(tmp_path))
    assert found(folder, "judged-voucher-changed") == []
    paper = folder / "documents/Liabilities/1應付帳款" / PAPER
    (folder / "documents/Assets/1專戶/1政府補助款").mkdir(parents=True)
    paper.rename(folder / "documents/Assets/1專戶/1政府補助款" / PAPER)  # where it lies does not count
    assert found(folder, "judged-voucher-changed") == []


@pytest.mark.parametrize(("sign", "severity"), [(True, "error"), (False, "warning")])
def test_a_changed_paper_is_found(tmp_path: Path, sign: bool, severity: str) -> None:
    folder = signed(made(tmp_path), sign=sign)
    (folder / "documents/Liabilities/1應付帳款" / PAPER).write_bytes(b"%PDF-1.4\nother\n")
    (finding,) = found(folder, "judged-voucher-changed")
    assert (finding.severity, finding.voucher, "附件" in finding.message) == (severity, NUMBER, True)


def test_a_changed_voucher_is_found_and_a_short_digest_of_old_still_reads(tmp_path: Path) -> None:
    folder = signed(made(tmp_path))
    audit = folder / "audit.beancount"
    text = audit.read_text(encoding="utf-8")
    (voucher,) = [each for each in case_in(folder).vouchers if each.number == NUMBER]
    digest = entry_digest(voucher.entry)
    audit.write_text(text.replace(digest, digest[:12]), encoding="utf-8")
    assert found(folder, "judged-voucher-changed") == []
    books = folder / "books.beancount"
    books.write_text(
        books.read_text(encoding="utf-8").replace("net: 100000", "net: 100001"), encoding="utf-8"
    )
    (finding,) = found(folder, "judged-voucher-changed")
    assert "內容" in finding.message


def test_a_reviewer_is_another_person_than_the_auditor_and_a_reply_is_the_company_s() -> None:
    from ledger.case.disallowance import said_of  # noqa: PLC0415
    from ledger.model.directives import read_finding  # noqa: PLC0415

    judged, replied = act(), act(act="reply", state=None, by="林會計", comment="附上驗收單")
    own, other = act(act="sign-off", state=None, by=" 陳 稽核"), act(act="sign-off", state=None, by="黃複核")
    filed = [read_finding(entry) for entry in (judged, replied, own)]
    said = said_of(filed, filed[0])
    assert (said.reply and said.reply.by, said.signature) == ("林會計", None)
    signed = said_of([*filed, read_finding(other)], filed[0]).signature
    assert signed is not None
    assert signed.by == "黃複核"
    assert said_of([*filed, read_finding(other), read_finding(act())], filed[0]).signature is None
