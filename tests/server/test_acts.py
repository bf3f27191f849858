"""Acts through the server: in the name of who is logged in, each by its role, in audit.beancount and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from server.app import Server
from tests.audit.house import SEEN
from tests.audit.house import TOKEN
from tests.server.house import client_of

AUDIT = "/甲案/extension/Audit/"


def _page(client: Any, address: str) -> str:
    answer = client.get(AUDIT + address)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def _file(client: Any, **form: str) -> Any:
    """Send a form with the secrets of a page; the answer to its second step."""
    page = _page(client, "?tab=vouchers&voucher=AB12345678")
    secrets = {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0]}
    first = client.post(f"{AUDIT}confirm", data=secrets | form)
    if first.status_code != 200:
        return first
    return client.post(f"{AUDIT}write", data=secrets | form)


def _key(client: Any) -> str:
    found = re.search(r'voucher=([0-9a-f-]+)[^"]*">AB12345678<', _page(client, "?tab=vouchers"))
    assert found
    return found[1]


def test_findings_replies_and_signatures_bear_the_names_of_the_log_ins(shared: Server, folder: Path) -> None:
    auditor, reviewer, accountant = (
        client_of(shared, name) for name in ("auditor", "reviewer", "accountant")
    )
    before = {path: path.read_bytes() for path in (folder / "甲案").rglob("*.beancount")}
    judged = {"do": "judge", "voucher": _key(auditor), "state": "open", "comment": "請補附件", "by": "別人"}
    assert _file(auditor, **judged).status_code == 303
    assert _file(accountant, do="reply", finding="F-001", comment="已補", by="別人").status_code == 303
    assert _file(reviewer, do="sign", finding="F-001", by="別人").status_code == 303
    text = (folder / "甲案" / "audit.beancount").read_text(encoding="utf-8")
    assert re.findall(r'^  by: "([^"]*)"', text, re.MULTILINE) == ["auditor", "accountant", "reviewer"]
    assert "typed" not in text
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert changed == {folder / "甲案" / "audit.beancount"}


def test_nobody_does_anothers_part(shared: Server, folder: Path) -> None:
    auditor = client_of(shared, "auditor")
    judged = {"do": "judge", "voucher": _key(auditor), "state": "open", "comment": "請補附件", "by": "x"}
    assert _file(auditor, **judged).status_code == 303
    file = folder / "甲案" / "audit.beancount"
    text = file.read_text(encoding="utf-8")
    parts = {
        "judge": judged,
        "sample": {"do": "sample", "method": "random", "size": "2", "seed": "7", "by": "x"},
        "sign": {"do": "sign", "finding": "F-001", "by": "x"},
        "reply": {"do": "reply", "finding": "F-001", "comment": "x", "by": "x"},
    }
    secrets = _page(auditor, "?tab=vouchers&voucher=AB12345678")
    given = {"token": TOKEN.findall(secrets)[0], "seen": SEEN.findall(secrets)[0]}
    for name, own in (
        ("accountant", {"reply"}),
        ("auditor", {"judge", "sample"}),
        ("reviewer", {"sign"}),
        ("viewer", set()),
    ):
        client = client_of(shared, name)
        for act in parts.keys() - own:
            for endpoint in ("confirm", "write"):
                answer = client.post(AUDIT + endpoint, data=given | parts[act])
                assert answer.status_code == 403, (name, act)
                twice = client.post(
                    f"{AUDIT}{endpoint}?do={act}", data=given | parts[act] | {"do": ["x", act]}
                )
                assert twice.status_code == 403, (name, act)
        for act, form in (
            ("judge", 'id="judge"'),
            ("reply", '"do" value="reply"'),
            ("sign", '"do" value="sign"'),
        ):
            shown = form in _page(client, "?tab=vouchers&voucher=AB12345678")
            assert shown == (act in own), (name, act)
    assert file.read_text(encoding="utf-8") == text


def test_typed_names_are_marked_where_nobody_logs_in(local: Server, folder: Path) -> None:
    client = client_of(local, "")
    judged = {"do": "judge", "voucher": _key(client), "state": "open", "comment": "請補附件", "by": "甲"}
    assert _file(client, **judged).status_code == 303
    text = (folder / "甲案" / "audit.beancount").read_text(encoding="utf-8")
    assert '  by: "甲"' in text
    assert "  typed: TRUE" in text


def test_two_typed_names_are_told_not_to_be_two_people(local: Server) -> None:
    client = client_of(local, "")
    judged = {"do": "judge", "voucher": _key(client), "state": "open", "comment": "請補附件", "by": "甲"}
    assert _file(client, **judged).status_code == 303
    page = f"?tab=vouchers&voucher={_key(client)}"
    assert "兩人複核要由兩個帳號登入" in _page(client, page)
    assert _file(client, do="sign", finding="F-001", by="乙").status_code == 303
    for address in (page, f"{page}&print=1", "?tab=audit"):
        shown = _page(client, address)
        assert "乙" in shown
        assert "姓名為自行輸入" in shown, address
    assert "乙 已簽核(姓名為自行輸入,不算兩人複核)" in _page(client, page)


def test_two_accounts_are_four_eyes(shared: Server) -> None:
    auditor, reviewer = client_of(shared, "auditor"), client_of(shared, "reviewer")
    judged = {"do": "judge", "voucher": _key(auditor), "state": "open", "comment": "請補附件"}
    assert _file(auditor, **judged).status_code == 303
    assert "兩人複核要由" not in _page(reviewer, f"?tab=vouchers&voucher={_key(reviewer)}")
    assert _file(reviewer, do="sign", finding="F-001").status_code == 303
    shown = _page(reviewer, f"?tab=vouchers&voucher={_key(reviewer)}")
    assert "reviewer 已簽核<" in shown
    assert "自行輸入" not in shown
