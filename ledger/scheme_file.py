"""A user's own scheme file, held against the form: what is wrong is told by file, key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pydantic

from ledger.i18n import _
from ledger.scheme import Scheme
from ledger.scheme import SchemeError
from ledger.scheme import tables
from ledger.validation import validation_message


def read_scheme(path: Path) -> Scheme:
    """The scheme in one TOML file. Raises SchemeError naming the file, the key and what is allowed."""
    try:
        scheme = pydantic.TypeAdapter(Scheme).validate_python(tables(path))
    except pydantic.ValidationError as error:
        raise SchemeError(validation_message(path.name, error, Scheme)) from error
    if scheme.id != path.stem:
        raise SchemeError(
            _("{file}: id: 應與檔名相同,寫成「{allowed}」").format(file=path.name, allowed=path.stem)
        )
    return scheme
