"""What goes along with every answer, Fava's too, and which requests are not answered at all."""

from __future__ import annotations

from flask import Request
from flask import Response

from audit.filing.csrf import is_same_site

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_COMMON = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Fava's editor and the text of an entry are drawn by a library that puts <style> elements into the page, and read
# by a WebAssembly module; papers are shown in a frame, an object or a picture of the same site.
_FAVA = _COMMON | {
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "frame-src": "'self'",
    "object-src": "'self'",
}


def _policy(parts: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in parts.items())


OWN_POLICY, FAVA_POLICY = _policy(_COMMON), _policy(_FAVA)


def secure(response: Response, *, fava: bool, lasting: bool) -> Response:
    """Put the headers on an answer; `fava`: one of a case's pages, `lasting`: one that a browser may keep.

    A paper brings a narrower policy of its own, which stays.
    """
    headers = response.headers
    headers.setdefault("Content-Security-Policy", FAVA_POLICY if fava else OWN_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"  # none at all would take the Origin from our own forms
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not lasting and "max-age" not in headers.get("Cache-Control", ""):
        headers["Cache-Control"] = "no-store"
    return response


def is_foreign_write(request: Request) -> bool:
    """Whether a request that may change something was made by another site's page."""
    return request.method not in SAFE_METHODS and not is_same_site(request.headers, request.host)
