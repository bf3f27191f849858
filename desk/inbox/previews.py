"""The last preview of each case's inbox: looked at anew only where a file of it, the books or the language are others."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from importers.ingest import files_to_import
from importers.preview.preview import Preview
from importers.preview.preview import preview_import
from importers.preview.preview import state_of
from ledger.util.i18n import current_language

_MOST = 20
_kept: OrderedDict[tuple[Path, str], Preview] = OrderedDict()
_lock = threading.Lock()


def preview_of(folder: Path) -> Preview:
    """What importing the inbox of the case in `folder` would do now. Raises as `preview_import`."""
    key = (folder.resolve(), current_language())
    with _lock:
        kept = _kept.get(key)
    if kept is not None and kept.state == state_of(folder, files_to_import(folder)):
        return kept
    made = preview_import(folder)
    with _lock:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
