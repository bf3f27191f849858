"""Accounts, award, directives and records: the vocabulary of a case."""
