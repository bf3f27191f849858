"""Which account of the award a statement is of."""

import re

from importers.planning.line_kind import same_account
from importers.records import Reading
from ledger.model.award import Award
from ledger.model.award import BankAccount

_NUMBER_IN_NAME = re.compile(r"\d{7,}")
_LEAST_TOLD = 4  # digits of an account as the user tells it


def account_of_statement(
    reading: Reading, name: str, award: Award | None, told: str = ""
) -> BankAccount | None:
    """The account of the award that a statement is of: by the file, else its `name`, else what the user `told`."""
    in_names = _NUMBER_IN_NAME.findall(f"{reading.file} {name}")  # of a member and its zip, or twice the same
    for written in ([reading.account],) if reading.account else (in_names, [told]):
        for account in award.accounts if award else ():
            if any(same_account(number, account.number) for number in written):
                return account
    return _confirmed(reading, award, told)


def _confirmed(reading: Reading, award: Award | None, told: str) -> BankAccount | None:
    """The account that the user told, where its number and the one in the file end alike, the shorter being whole."""
    digits, written = "".join(filter(str.isdigit, told)).lstrip("0"), reading.account.lstrip("0")
    alike = digits.endswith(written) or written.endswith(digits)
    for account in (
        award.accounts if award and alike and min(len(digits), len(written)) >= _LEAST_TOLD else ()
    ):
        if account.number.lstrip("0") == digits:
            return account
    return None
