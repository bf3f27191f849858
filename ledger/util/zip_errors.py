"""What a damaged zip makes the library raise, in one place for all who open one."""

from __future__ import annotations

import struct
import zipfile
import zlib

# ValueError is a place before the file's beginning.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError, LookupError,
    OverflowError, MemoryError, struct.error,
)  # fmt: skip
