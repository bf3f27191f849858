"""The bank's words for a line that takes an earlier one back."""

from __future__ import annotations

import re

# 退匯手續費 is a charge for it, not the thing itself.
_TAKES_BACK = re.compile(
    r"(?:[沖冲][正銷回轉]|更正|退匯|匯退|(?:匯款|轉帳|款項|交易)退回|^退回|退還)(?!手續費|匯費)", re.MULTILINE
)


def takes_back(text: str) -> bool:
    """Whether a line whose 摘要 this is takes back an earlier line (沖正, 更正, 退匯, 匯款退回)."""
    return _TAKES_BACK.search(text) is not None
