"""Templates as compiled, kept for the servers of other tests in the same process."""

from __future__ import annotations

import hashlib
from types import CodeType

import jinja2
from jinja2.bccache import Bucket


class CompiledPages(jinja2.BytecodeCache):
    """The code of templates by their text and all settings of an environment that the code depends on."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType] = {}

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """A template's place; with its code where the same text was compiled before in the same way."""
        settings = (
            name,
            filename,
            environment.block_start_string,
            environment.variable_start_string,
            environment.comment_start_string,
            environment.line_statement_prefix,
            environment.line_comment_prefix,
            environment.trim_blocks,
            environment.lstrip_blocks,
            environment.newline_sequence,
            environment.keep_trailing_newline,
            environment.optimized,
            environment.undefined,
            environment.finalize,
            getattr(environment.autoescape, "__qualname__", environment.autoescape),
            sorted(environment.extensions),
            sorted(environment.filters),
            sorted(environment.tests),
        )
        key = hashlib.sha256(f"{settings!r}\n{source}".encode()).hexdigest()
        bucket = Bucket(environment, key, key)
        bucket.code = self._kept.get(key)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self._kept[bucket.key] = bucket.code

    def load_bytecode(self, bucket: Bucket) -> None:
        """Nothing: `get_bucket` has done it."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Nothing, as above."""
