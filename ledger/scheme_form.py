"""A user's own scheme file, held against the form: what is wrong is told by file, key and what is allowed."""

from __future__ import annotations

from typing import Any

import pydantic

from ledger.i18n import _
from ledger.scheme import Scheme
from ledger.scheme import SchemeError
from ledger.validation import validation_message


def scheme_of(file: str, tables: dict[str, Any]) -> Scheme:
    """The scheme in the tables of a file. Raises SchemeError naming the file, the key and what is allowed."""
    try:
        scheme = pydantic.TypeAdapter(Scheme).validate_python(tables)
    except pydantic.ValidationError as error:
        raise SchemeError(validation_message(file, error, Scheme)) from error
    expected = file.removesuffix(".toml")
    if scheme.id != expected:
        raise SchemeError(_("{file}: id: 應與檔名相同,寫成「{allowed}」").format(file=file, allowed=expected))
    return scheme
