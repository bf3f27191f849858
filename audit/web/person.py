"""Who asks: what the server says of the person in front of a page, in the request's own environment.

`grant serve` puts three keys into the WSGI environment of every request it lets through; no header can set them.
Where they are missing (plain Fava on one's own machine) the person is unnamed and may do all that our pages offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import get_args

Role = Literal["accountant", "auditor", "reviewer", "viewer"]

ROLES: tuple[Role, ...] = get_args(Role)
USER = "grantledger.user"  # the name logged in with; "" in the local case
PERSON_ROLES = "grantledger.roles"  # the roles held for this case
EDITOR = "grantledger.editor"  # whether Fava's own editor is open to this person

# What a form files (its field `do`), in audit.beancount but for a claim, and the roles that may: everything else is refused.
ROLES_OF_ACT: dict[str, frozenset[Role]] = {
    "judge": frozenset({"auditor"}),
    "sample": frozenset({"auditor"}),
    "waive": frozenset({"auditor"}),
    "sign": frozenset({"reviewer"}),
    "reply": frozenset({"accountant"}),
    "claim": frozenset({"accountant"}),  # goes to the company's own books
}
BOOKKEEPERS: frozenset[Role] = frozenset({"accountant"})  # who writes on the accountant's pages


class Person(NamedTuple):
    """Who is in front of a page. `name` is "" where nobody logs in: then forms ask for it."""

    name: str
    roles: frozenset[Role]
    edits: bool

    def may(self, act: str) -> bool:
        """Whether a form with this `do` is this person's to file."""
        return bool(self.roles & ROLES_OF_ACT.get(act, frozenset()))

    @property
    def keeps_books(self) -> bool:
        """Whether what the accountant's pages do is this person's to do."""
        return bool(self.roles & BOOKKEEPERS)


LOCAL = Person("", frozenset(ROLES), edits=True)


def person_of(environ: Mapping[str, Any]) -> Person:
    """The person of a request, by its WSGI environment (`flask.request.environ`)."""
    if PERSON_ROLES not in environ:
        return LOCAL
    return Person(
        str(environ.get(USER, "")), frozenset(environ[PERSON_ROLES]), edits=bool(environ.get(EDITOR))
    )


def environment_of(person: Person) -> dict[str, object]:
    """What the server puts into a request's environment for `person_of` to read."""
    return {USER: person.name, PERSON_ROLES: person.roles, EDITOR: person.edits}
