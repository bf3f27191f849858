"""The accountant who does everything on the desk's pages, in a real browser: what is seen is clicked and typed into.

Every act goes the way a person goes: from the tab, by the page's own links, buttons and forms, through the page that
asks. What a refusal leaves behind is looked at too: back leads to the form as it was filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.audit.browser import Select
from tests.audit.browser import StaleElementReferenceException
from tests.audit.browser import WebDriverWait
from tests.audit.browser import is_gone
from tests.cli.accountant import Closed
from tests.cli.accountant import Imported
from tests.cli.accountant import RefusedError
from tests.cli.accountant import Told
from tests.cli.desk import Desk

_SECONDS = 60
_SET = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}));"


class ByBrowser:
    """The accountant at `base`, the server's address; `desk` reads the same case by commands."""

    def __init__(self, driver: Any, base: str, desk: Desk, scratch: Path) -> None:
        self.driver, self.desk, self.case = driver, desk, desk.case
        self._address = f"{base}/{desk.case.name}/extension/Desk/"
        self._scratch = scratch
        scratch.mkdir()
        driver.get(self._address)
        self._until(".desk")

    # --- the browser -----------------------------------------------------------------------------------------

    def _wait(self, is_so: Callable[[], Any]) -> Any:
        ignored = (StaleElementReferenceException,)
        return WebDriverWait(self.driver, _SECONDS, 0.05, ignored).until(lambda _driver: is_so())

    def _all(self, selector: str, within: Any = None) -> list[Any]:
        return list((within or self.driver).find_elements("css selector", selector))

    def _until(self, selector: str) -> Any:
        return self._wait(lambda: self._all(selector))[0]

    def one(self, selector: str) -> Any:
        """The first element of the page that fits."""
        found = self._all(selector)
        assert found, (selector, self.text())
        return found[0]

    def text(self) -> str:
        """What is to be read on the page."""
        return str(self._until(".desk").text)

    def press(self, element: Any) -> None:
        """Click, and wait for the page that it leads to."""
        self.leads_on(lambda: self._click(element))

    def leads_on(self, act: Callable[[], object]) -> None:
        """Do what leads to another page, and wait for it."""
        before = self._until(".desk")
        act()
        self._wait(lambda: is_gone(before))
        self._until(".desk")

    def go(self, tab: str) -> None:
        """A page by its address."""
        self.driver.get(f"{self._address}?tab={tab}")
        self._until(".desk")

    def _click(self, element: Any) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def _tab(self, tab: str) -> None:
        """A tab of the desk, by its link."""
        self.press(self.one(f'.desk nav.tabs a[href*="tab={tab}"]'))

    def fill(self, form: Any, fields: Mapping[str, object]) -> None:
        """Fill fields of a form in."""
        for name, value in fields.items():
            field = self._all(f'[name="{name}"]', form)[0]
            if field.tag_name == "select":
                options = {option.get_attribute("value"): option for option in Select(field).options}
                self._click(options[str(value)])
            elif field.get_attribute("type") == "date":
                self.driver.execute_script(_SET, field, str(value))
            elif field.get_attribute("type") == "file":
                field.send_keys(str(value))
            else:
                field.clear()
                field.send_keys(str(value))

    def _open(self, element: Any) -> None:
        """Open what is folded and holds an element."""
        folded = "return [...document.querySelectorAll('.desk details:not([open])')].filter(d => d.contains(arguments[0]))"
        for details in self.driver.execute_script(folded, element):
            self._click(self._all("summary", details)[0])

    def _form(self, act: str, **hidden: str) -> Any:
        """The form of the page that does an act, with these hidden fields; None where there is none."""
        for form in self._all(".desk form"):
            told = {"do": act} | hidden
            if all(self._all(f'input[name="{name}"][value="{value}"]', form) for name, value in told.items()):
                return form
        return None

    def _send(self, form: Any, fields: Mapping[str, object], button: Any = None) -> Told:
        """Fill a form in, look at what it would change, confirm it; what was told. Raises RefusedError."""
        self._open(form)
        self.fill(form, fields)
        self.press(button or self._all("button:not([hidden])", form)[-1])
        return self._confirmed(fields)

    def _confirmed(self, fields: Mapping[str, object]) -> Told:
        if not self._all("#write"):
            self._refused(fields)
        told = self._told()
        self.press(self.one("#write"))
        if not self._all(".notice.good"):
            self._refused({})
        return told

    def _refused(self, fields: Mapping[str, object]) -> None:
        """Raise RefusedError with the words of the page; the form behind it has kept what was filled in."""
        words = self.text()
        assert self._all(".notice.bad"), words
        self.leads_on(self.driver.back)
        for name, value in fields.items():
            kept = [field.get_attribute("value") for field in self._all(f'.desk [name="{name}"]')]
            assert str(value) in kept, (name, value, kept)
        raise RefusedError(words)

    def _told(self) -> Told:
        """What the page that asks shows of an act's effect."""
        counts = {"會解決的問題": 0, "會新出現的問題": 0}
        for heading in self._all(".desk h3"):
            if heading.text in counts:
                below = heading.find_element("xpath", "following-sibling::ul[1]")
                counts[heading.text] = len(self._all("li", below))
        earned = []
        for row in self._all(".desk table tbody tr"):
            cells = [cell.text for cell in self._all("td", row)]
            if re.fullmatch(r"\d{4}-\d{2}", cells[0]):
                earned.append((cells[0], _amount(cells[1]), _amount(cells[2])))
        return Told(counts["會解決的問題"], counts["會新出現的問題"], tuple(earned))

    # --- what is done ----------------------------------------------------------------------------------------

    def put(self, name: str, content: str | bytes) -> Imported:
        self.leads_on(lambda: self.choose(name, content))
        self._wait(lambda: name in self.text())
        self.press(self._until("#import button"))
        return self.imported()

    def choose(self, name: str, content: str | bytes) -> None:
        """Choose a file on the page of the inbox."""
        path = self._scratch / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self._tab("inbox")
        self.one('#drop input[type="file"]').send_keys(str(path))

    def imported(self) -> Imported:
        """What the page says of the import that has ended."""
        said = self._wait(lambda: self._all(".notice.good form")) and self.one(".notice.good").text
        counts = [int(number) for number in re.findall(r"(\d+) 筆", said)]
        return Imported(counts[0], counts[2], counts[3] + counts[4])

    def take_out(self, name: str) -> None:
        self._tab("inbox")
        form = self._form("take-out", file=name)
        assert form is not None, self.text()
        self._open(form)
        self.press(self._all("button", form)[0])
        self.press(self.one("#write"))

    def answer(
        self,
        kind: str,
        word: str,
        *,
        amount: int | None = None,
        item: str = "",
        voucher: str = "",
        remember: bool = False,
    ) -> None:
        asked = next(each for each in self.desk.questions(kind) if amount in (None, each["amount"]))
        self._tab("questions")
        links = self._all(f'.desk a[href*="about={asked["id"]}"]')
        if links and not self._all(f'#question input[name="question"][value="{asked["id"]}"]'):
            self.press(links[-1])
        assert self.one('#question input[name="question"]').get_attribute("value") == asked["id"]
        for button in self._all("#question form.answers button"):
            said = json.loads(button.get_attribute("value"))
            if said[0] == word and item in ("", said[1]) and voucher in ("", said[2]):
                form = button.find_element("xpath", "ancestor::form")
                break
        else:
            form = self._all(f'#question form:has(input[name="choice"][value="{word}"])')[0]
            self.fill(form, {name: said for name, said in (("item", item), ("voucher", voucher)) if said})
            button = self._all("button", form)[-1]
        if remember:
            self._click(self._all('[name="remember"]', form)[0])
        self._send(form, {}, button)

    def correct(self, voucher: str, reason: str, **fields: object) -> Told:
        form = self._on(voucher, "correct")
        return self._send(form, fields | {"reason": reason})

    def _on(self, voucher: str, act: str) -> Any:
        """The form of a voucher's page that does an act, found as a person finds it: by its number. Raises RefusedError."""
        self._tab("vouchers")
        form = self.one(".desk form.filters")
        self.fill(form, {"q": voucher})
        self.press(self._all("button", form)[-1])
        cells = [cell for cell in self._all(".desk table td.mixed") if "折讓單" not in cell.text]
        links = [link for cell in cells for link in self._all("a", cell) if link.text == voucher]
        if not links:
            raise RefusedError(self.text())
        self.press(links[0])
        form = self._form(act)
        assert form is not None, self.text()
        return form

    def split(self, voucher: str, reason: str, parts: Mapping[str, int]) -> None:
        form = self._on(voucher, "split")
        fields: dict[str, object] = {"reason": reason}
        for place, (item, amount) in enumerate(parts.items(), start=1):
            fields |= {f"item-{place}": item, f"amount-{place}": amount}
        self._send(form, fields)

    def remove(self, voucher: str, reason: str) -> str:
        self._send(self._on(voucher, "remove"), {"reason": reason})
        return self._written()

    def _written(self) -> str:
        """The id of what was just written."""
        return parse_qs(urlsplit(str(self.driver.current_url)).query)["done"][0]

    def restore(self, operation: str) -> None:
        self._tab("vouchers")
        form = self._form("restore", operation=operation)
        assert form is not None, self.text()
        self._send(form, {})

    def undo(self, operation: str = "") -> str:
        self._tab("log")
        links = self._all(".desk table tbody a")
        wanted = [link for link in links if f"about={operation}" in link.get_attribute("href")]
        self.press(wanted[0] if operation else links[0])
        form = self._form("undo")
        assert form is not None, self.text()
        self._send(form, {})
        return self._written()

    def _on_month(self, month: str) -> None:
        self._tab("close")
        self.press(self.one(f'.desk table a[href*="month={month}"]'))

    def close(self, month: str, day: str = "") -> Closed:
        self._on_month(month)
        form = self._form("close", month=month)
        assert form is not None, self.text()
        self._open(form)
        fields = {"date": day} if day else {}
        self.fill(form, fields)
        self.press(self._all("button", form)[-1])
        missing = [
            line.text.removeprefix("還缺:") for line in self._all(".desk li") if line.text.startswith("還缺:")
        ]
        self._confirmed(fields)
        self._on_month(month)
        shares = {}
        for line in self._all(".desk table.sums tbody tr:has(th.deep1)"):
            shares[self._all("th", line)[0].text] = _amount(self._all("td", line)[0].text)
        return Closed(_amount(self.one(".desk table.sums tfoot strong").text), shares, tuple(missing))

    def reopen(self, month: str, reason: str, day: str) -> None:
        self._on_month(month)
        self._send(self._form("reopen", month=month), {"reason": reason, "date": day})

    def _approval(self, act: str, fields: Mapping[str, object], **hidden: str) -> Told:
        """A form of 核定. Raises RefusedError where the page has none such."""
        self._tab("approvals")
        form = self._form(act, **hidden)
        if form is None:
            raise RefusedError(self.text())
        return self._send(form, fields)

    def milestone(self, kind: str, day: str, number: str, amount: int | None = None, until: str = "") -> None:
        fields: dict[str, object] = {"kind": kind, "date": day, "number": number}
        fields |= {"amount": amount} if amount else {}
        self._approval("milestone", fields | ({"until": until} if until else {}))

    def revise_item(
        self, name: str, category: str, money: tuple[int, int], approval: tuple[str, str]
    ) -> Told:
        sums = {"government": money[0], "self_funded": money[1]}
        about = {"name": name, "category": category}
        letter = {"approval": approval[0], "date": approval[1]}
        return self._approval("revise", {**about, **sums, **letter}, what="item")

    def revise_person(self, name: str, approval: tuple[str, str], **fields: object) -> None:
        letter = {"approval": approval[0], "date": approval[1]}
        self._approval("revise", {"name": name, **fields, **letter}, what="person")

    def evidence(self, kind: str, file: Path, day: str) -> None:
        self._approval("evidence", {"file": file, "date": day}, kind=kind)

    def deduct(self, amount: int, reason: str, day: str) -> None:
        self._approval("deduct", {"amount": amount, "reason": reason, "date": day})

    def claim(self, check: str, voucher: str, reason: str, approval: str) -> None:
        self._on(voucher, "correct")
        form = self._form("claim", check=check)
        assert form is not None, self.text()
        self._send(form, {"reason": reason, "approval": approval})

    def month_end(self, month: str, place: Path) -> None:
        self._on_month(month)
        self._saved("what=month-end", place)

    def report(self, stage: str, day: str, place: Path) -> None:
        self._tab("reports")
        form = self.one(".desk form.filters")
        self.fill(form, {"stage": stage, "day": day})
        self.press(self._all("button", form)[-1])
        self._saved("what=settlement&", place)

    def _saved(self, what: str, place: Path) -> None:
        """What a link of the page gives to save."""
        link = self.one(f'.desk a[href*="{what}"]').get_attribute("href")
        place.write_bytes(bytes(self.driver.execute_async_script(_FETCH, link)))


_FETCH = (
    "const done = arguments[1]; fetch(arguments[0]).then(r => r.arrayBuffer())"
    ".then(b => done(Array.from(new Uint8Array(b))))"
)


def _amount(text: str) -> int:
    return int(text.replace(",", ""))
