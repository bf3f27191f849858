"""導覽: the desk shown step by step on the demo case, over its real pages. Offered until a browser has said that it had it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ledger.util.i18n import N_
from ledger.util.i18n import _

DEMO = ".grant/demo"  # what `grant demo` leaves in the case that it makes
COOKIE = "grant-tour"
"""The browser's note that its user had the tour, or wants none."""
PARAMETER = "tour"
END = "end"
COOKIE_SECONDS = 10 * 365 * 24 * 3600


class Step(NamedTuple):
    """What is told on a page (`tab`) of the desk, and what it shows (`title`)."""

    tab: str
    title: str
    words: str


STEPS = (
    Step(
        "next",
        N_("從這裡開始"),
        N_(
            "每天先看「接下來」:要做什麼、為什麼、到哪一天,由上往下做。按一項就到做那件事的頁面。這是示範案件,怎麼按都不會影響真的帳。"
        ),
    ),
    Step(
        "inbox",
        N_("把檔案放進來"),
        N_(
            "銀行明細、發票、登記表、薪資清冊、照片,整個資料夾拖進來就好。先看會怎麼入帳,再按匯入;不對就復原。"
        ),
    ),
    Step(
        "questions",
        N_("程式不猜,問您"),
        N_("看不出用途的款項、不在核定裡的品名會變成問題,附上可選的答案與理由。選一個,看過會改什麼,再寫入。"),
    ),
    Step(
        "vouchers",
        N_("每一張憑證"),
        N_("找到一張憑證,點號碼打開:帳上記的與單據並列。打錯了在那裡更正、拆分、移除,寫入前先看影響。"),
    ),
    Step(
        "close",
        N_("一個月一個數字"),
        N_("月結把一個月定下來,算出可以從專戶提領多少、怎麼算的;還缺什麼會列出來,連到要補的地方。"),
    ),
    Step(
        "approvals",
        N_("核定與期限"),
        N_("核定變更、里程碑、應附文件、其他經費都在這裡登記;期限列在最上面,可以放進您的行事曆。"),
    ),
    Step(
        "reports",
        N_("交得出去的報表"),
        N_("期中、期末的數字先看過,再下載結算報表、領據與繳庫單。報表上的每個數字都找得到憑證。"),
    ),
    Step(
        "log",
        N_("做過的都在"),
        N_("誰、哪一天、做了什麼,都記在紀錄裡,可以復原,也可以比較兩個時點。導覽到此,接下來換您試試。"),
    ),
)


class Tour(NamedTuple):
    """The step that is shown (`number` from 1 of `steps`); None: the tour is offered, loudly where it `is_new`."""

    step: Step | None
    number: int
    steps: int
    is_new: bool = False

    @property
    def title(self) -> str:
        """What the step shows."""
        return _(self.step.title) if self.step else ""

    @property
    def words(self) -> str:
        """What is told."""
        return _(self.step.words) if self.step else ""

    @property
    def before(self) -> Step | None:
        """The step before this one."""
        return STEPS[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> Step | None:
        """The step after this one."""
        return STEPS[self.number] if 0 < self.number < self.steps else None


def is_demo(folder: Path) -> bool:
    """Whether the case in `folder` is the one that `grant demo` makes."""
    return (folder / DEMO).is_file()


def tour_of(folder: Path, tab: str, asked: str, *, had_it: bool) -> Tour | None:
    """The tour as a page of the desk shows it: the step `asked` for, or on the first page of the demo the offer of it."""
    if asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= len(STEPS):
        return Tour(STEPS[int(asked) - 1], int(asked), len(STEPS))
    if tab != STEPS[0].tab or not is_demo(folder):
        return None
    return Tour(None, 0, len(STEPS), is_new=not had_it and asked != END)
