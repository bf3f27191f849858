"""Who asks, and which forms are theirs."""

from __future__ import annotations

import inspect
import re

import pytest

from audit.filing import forms
from audit.web.person import LOCAL
from audit.web.person import ROLES
from audit.web.person import ROLES_OF_ACT
from audit.web.person import Person
from audit.web.person import environment_of
from audit.web.person import person_of


def test_without_a_server_everything_is_ones_own() -> None:
    assert person_of({"REMOTE_USER": "x", "HTTP_GRANTLEDGER_ROLES": "viewer"}) == LOCAL
    assert all(LOCAL.may(act) for act in ROLES_OF_ACT)
    assert LOCAL.name == ""


def test_what_the_server_says_is_read_back() -> None:
    person = Person("張會計", frozenset({"accountant"}), edits=False)
    assert person_of(environment_of(person)) == person


@pytest.mark.parametrize("act", ROLES_OF_ACT)
def test_each_act_is_one_roles(act: str) -> None:
    holders = [role for role in ROLES if Person("x", frozenset({role}), edits=False).may(act)]
    assert len(holders) == 1
    assert "viewer" not in holders
    assert not Person("x", frozenset(), edits=True).may(act)
    assert not LOCAL.may(act + " ")


def test_every_act_that_a_form_can_ask_for_has_its_roles() -> None:
    asked = set(re.findall(r'case "([\w-]+)"', inspect.getsource(forms.directives_of)))
    assert asked == set(ROLES_OF_ACT)
