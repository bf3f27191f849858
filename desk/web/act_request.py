"""What an act is planned on: the form, the case as it is now, who asks, and on which day."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

from audit.web.query import Query
from desk.web.uploads import PREFIX
from desk.web.uploads import Upload
from desk.web.uploads import kept
from ledger.files.writer import CaseWriter
from ledger.operations.edit import Context


class ActRequest(NamedTuple):
    """A form that was sent. `by` is the name logged in with, empty where nobody logs in."""

    form: Query
    context: Context
    writer: CaseWriter
    by: str
    today: datetime.date

    @property
    def folder(self) -> Path:
        """The case's folder."""
        return self.writer.folder

    def upload(self, field: str) -> Upload | None:
        """The file that was chosen in a field of the form; None where none was. Raises UploadError where it is gone."""
        named = self.form.text(PREFIX + field)
        return kept(self.folder, named) if named else None
