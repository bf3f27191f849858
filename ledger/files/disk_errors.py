"""What a disk, a right or a file system refused, in words an accountant can act on."""

from __future__ import annotations

import errno
import os

from ledger.util.i18n import N_
from ledger.util.i18n import _

_REASONS = {
    errno.ENOSPC: N_("磁碟空間不足;請清出空間後再試一次"),
    errno.EDQUOT: N_("磁碟配額已滿;請清出空間後再試一次"),
    errno.EACCES: N_("沒有權限;請核對資料夾與檔案的權限後再試一次"),
    errno.EPERM: N_("沒有權限;請核對資料夾與檔案的權限後再試一次"),
    errno.EROFS: N_("磁碟是唯讀的;請把案件複製到可以寫入的地方"),
    errno.EIO: N_("讀寫磁碟時出錯;請先備份案件,並檢查磁碟"),
    errno.ENAMETOOLONG: N_("檔名或路徑太長;請縮短後再試一次"),
    errno.EFBIG: N_("檔案太大,不像憑證或帳冊;請查明這是什麼檔案"),
    errno.ENOENT: N_("找不到檔案"),
    errno.EISDIR: N_("這是資料夾,不是檔案"),
    errno.ENOTDIR: N_("路徑中有一段不是資料夾"),
    errno.ELOOP: N_("這裡是連結(symbolic link),不使用;請換成檔案或資料夾本身"),
    errno.EMFILE: N_("同時開啟的檔案太多;請關閉其他程式後再試一次"),
}


def reason_of(error: OSError) -> str:
    """Why the system refused, in the language in use."""
    known = _REASONS.get(error.errno or 0)
    if known is not None:
        return _(known)
    return error.strerror or str(error) or type(error).__name__


def in_words(error: OSError) -> str:
    """The file and the reason, on one line."""
    name = error.filename if isinstance(error.filename, str | bytes | os.PathLike) else ""
    shown = os.fsdecode(name)
    reason = reason_of(error)
    return _("{file}:{reason}").format(file=shown, reason=reason) if shown else reason
