"""The base of every error that is told to a user in words.

The command line and the pages catch `GrantError` once; its text is what is shown, and says what to do next.
"""

from __future__ import annotations


class GrantError(Exception):
    """Something that could not be done; the message is in the user's language and names the way on."""
