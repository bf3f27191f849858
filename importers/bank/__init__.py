"""Readers of bank statements: every one gives a `Reading` whose records are `BankLine`s."""
