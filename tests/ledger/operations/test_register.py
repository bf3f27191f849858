"""Milestones and papers written into a case, and what is refused."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import pytest

from ledger.case.papers.checklist import missing_evidence
from ledger.case.papers.evidence import registration_missing
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.operations.new_case import new_case
from ledger.operations.register import RegisterError
from ledger.operations.register import register_evidence
from ledger.operations.register import register_milestone

AFTER = datetime.date(2024, 9, 1)
DAY = datetime.date(2024, 5, 20)


def award(scheme: str = "managed-factory-112") -> dict[str, object]:
    return {
        "award": {
            "id": "112-試-7",
            "scheme": scheme,
            "title": "試辦",
            "filed": datetime.date(2023, 5, 20),
            "start": datetime.date(2023, 6, 1),
            "end": datetime.date(2024, 5, 31),
        },
        "company": {"name": "試辦精密有限公司", "ubn": "12345675"},
        "budget": [{"category": "improvement", "government": 100_000, "self": 100_000}],
        "funding": [{"agency": "試辦基金會", "amount": 5_000, "kind": "other"}],
        "evidence": [{"kind": "audit-report", "when": "final", "name": "會計師簽證"}],
    }


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", parse_award(award(), "award.toml"))
    return tmp_path / "case"


def paper(folder: Path, name: str = "登記證明.pdf", content: bytes = b"paper") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def test_what_the_award_says_of_funding_and_papers(case: Path) -> None:
    read = load_case(case, AFTER).case
    assert [(f.agency, f.amount, f.kind) for f in read.funding] == [("試辦基金會", 5_000, "other")]
    assert [(r.kind, r.when, r.name) for r in read.required] == [("audit-report", "final", "會計師簽證")]
    wanted = {(w.kind, w.name, str(w.due), w.amount) for w in missing_evidence(read) if w.required}
    assert wanted == {
        ("factory-registration", "特定工廠登記證明文件", "2024-05-31", 0),
        ("audit-report", "會計師簽證", "2024-05-31", 0),
    }


def test_a_milestone_with_all_that_is_told_of_it(case: Path) -> None:
    until = datetime.date(2024, 8, 31)
    assert register_milestone(case, "guarantee", DAY, number="保-1", amount=20_000, until=until)
    (found,) = load_case(case, AFTER).case.milestones
    assert (found.kind, found.date, found.number, found.amount, found.until) == (
        "guarantee",
        DAY,
        "保-1",
        20_000,
        until,
    )
    register_milestone(case, "guarantee", DAY, number="保-1", amount=20_000, until=AFTER)  # extended
    assert len(load_case(case, AFTER).case.milestones) == 2


@pytest.mark.parametrize(
    ("kind", "amount", "says"),
    [("moon", None, "interim-passed"), ("guarantee", None, "--amount"), ("signing", None, "2024-05-20")],
)
def test_milestones_that_are_refused(case: Path, kind: str, amount: int | None, says: str) -> None:
    register_milestone(case, "signing", DAY)
    before = (case / "award.beancount").read_text(encoding="utf-8")
    with pytest.raises(RegisterError, match=says):
        register_milestone(case, kind, DAY, amount=amount)
    assert (case / "award.beancount").read_text(encoding="utf-8") == before


def test_a_registration_is_its_milestone_and_its_paper(case: Path, tmp_path: Path) -> None:
    assert registration_missing(load_case(case, AFTER).case)
    register_milestone(case, "registration", DAY, number="特登-1")
    read = load_case(case, AFTER).case
    assert not registration_missing(read)
    assert [(e.kind, e.date) for e in read.evidence] == [("factory-registration", DAY)]
    register_evidence(case, "factory-registration", paper(tmp_path), DAY)
    read = load_case(case, AFTER).case
    assert [m.kind for m in read.milestones] == ["registration"]
    assert not registration_missing(load_case(case, datetime.date(2024, 6, 1)).case)


def test_the_paper_of_a_registration_writes_its_milestone(case: Path, tmp_path: Path) -> None:
    register_evidence(case, "factory-registration", paper(tmp_path), DAY)
    read = load_case(case, AFTER).case
    assert [(m.kind, m.date) for m in read.milestones] == [("registration", DAY)]
    assert [w.kind for w in missing_evidence(read) if w.required] == ["audit-report"]


def test_a_paper_is_filed_with_its_day_and_its_digest(case: Path, tmp_path: Path) -> None:
    source = paper(tmp_path, "會計師簽證.pdf")
    register_evidence(case, "audit-report", source, DAY)
    assert source.is_file()
    kept = case / "documents" / "2024-05-20.會計師簽證.pdf"
    assert kept.read_bytes() == b"paper"
    sums = (case / "documents" / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums == f"{hashlib.sha256(b'paper').hexdigest()}  {kept.name}\n"
    with pytest.raises(RegisterError, match="已登記"):
        register_evidence(case, "audit-report", source, DAY)
    other = paper(tmp_path / "other", "會計師簽證.pdf", b"another")
    register_evidence(case, "audit-report", other, DAY)
    assert (case / "documents" / "2024-05-20.會計師簽證-2.pdf").read_bytes() == b"another"


def test_a_paper_of_the_inbox_moves_and_one_that_is_filed_stays(case: Path) -> None:
    waiting = paper(case / "inbox", "驗收單.pdf")
    register_evidence(case, "acceptance-report", waiting, DAY)
    assert not waiting.exists()
    filed = paper(case / "documents", "2024-05-01.合約.pdf", b"contract")
    register_evidence(case, "contract", filed, DAY)
    assert [e.path for e in load_case(case, AFTER).case.evidence] == [
        "documents/2024-05-20.驗收單.pdf",
        "documents/2024-05-01.合約.pdf",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "voucher", "says"),
    [
        ("Audit Report", "a.pdf", "", "小寫英文"),
        ("audit-report", "missing.pdf", "", "找不到檔案"),
        ("audit-report", "a.pdf", "XX00000000", "沒有憑證"),
    ],
)
def test_papers_that_are_refused(
    case: Path, tmp_path: Path, kind: str, name: str, voucher: str, says: str
) -> None:
    paper(tmp_path, "a.pdf")
    with pytest.raises(RegisterError, match=says):
        register_evidence(case, kind, tmp_path / name, DAY, voucher=voucher)
    assert load_case(case, AFTER).case.evidence == []
    assert not list((case / "documents").iterdir())
