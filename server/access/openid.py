"""Log-in by an organisation's own OpenID Connect provider: the code flow with PKCE, by Authlib.

Who comes back is the user of `users.toml` whose name is what the provider says in one claim; who is not in that file
stays out. Authlib and requests are the optional extra `openid`.

Sources: OpenID Connect Core 1.0 §3.1, Discovery 1.0 §4; RFC 7636 (PKCE); RFC 9207 is not needed with one issuer.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import threading
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import field_validator

from ledger.errors import GrantError
from ledger.util.i18n import _
from server.access.users import plain_name

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

EXTRA = "grantledger[openid]"
SECRET_VARIABLE = "GRANT_OPENID_SECRET"  # noqa: S105 -- where it is read from, not what it is
_ALGORITHMS = [
    "RS256",
    "PS256",
    "ES256",
]  # signed by the provider's key; never "none", never by a shared secret
_SECONDS_TO_COME_BACK = 600
_MOST_WAITING = 1000
_TIMEOUT = 10
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class OpenIDError(GrantError):
    """A provider, its settings, or what came back from it cannot be used; the message says why."""


class OpenIDSettings(BaseModel):
    """The file of `grant serve --openid`. `claim` is what of the provider's is a name in users.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = ""
    claim: str = Field(default="email", min_length=1)
    title: str = "OpenID"
    address: str = ""

    @field_validator("issuer", "address")
    @classmethod
    def _is_encrypted(cls, address: str) -> str:
        if address and not is_encrypted(address):
            raise ValueError(_("網址須以 https 開頭"))
        return address.rstrip("/")


def is_encrypted(address: object) -> bool:
    """Whether what is sent to an address is read by nobody on the way: https, or this very machine."""
    parts = urlsplit(str(address))
    return (parts.scheme == "https" and bool(parts.netloc)) or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )


def read_openid(file: Path) -> OpenIDSettings:
    """The settings in a file; the secret is better in the environment than there. Raises OpenIDError."""
    if not all(importlib.util.find_spec(name) for name in ("authlib", "requests")):
        raise OpenIDError(_("這項功能需要另外安裝:pip install '{extra}'").format(extra=EXTRA))
    try:
        read = OpenIDSettings.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise OpenIDError(_("讀不到 {file}:{reason}").format(file=file, reason=error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OpenIDError(_("{file} 不是 TOML:{reason}").format(file=file, reason=error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise OpenIDError(
            _("{file} 的 {place} 不對:{reason}").format(file=file, place=place, reason=first["msg"])
        ) from error
    secret = os.environ.get(SECRET_VARIABLE, "")
    return read.model_copy(update={"client_secret": secret}) if secret else read


class Gone(NamedTuple):
    """Somebody who was sent to the provider, and what has to come back with them."""

    nonce: str
    verifier: str
    next: str
    since: float


class Provider:
    """A provider and who was sent there."""

    def __init__(self, settings: OpenIDSettings) -> None:
        """The provider is asked for its addresses when the first person logs in."""
        self.settings = settings
        self._lock = threading.Lock()
        self._gone: dict[str, Gone] = {}
        self._metadata: dict[str, Any] | None = None

    def send(self, back: str, next_: str) -> tuple[str, str]:
        """The provider's address for somebody who shall come back to `back`, and the state that comes along.

        Raises OpenIDError.
        """
        metadata = self._found()
        gone = Gone(secrets.token_urlsafe(32), secrets.token_urlsafe(48), next_, time.monotonic())
        with self._session(back) as session:
            address, state = session.create_authorization_url(
                metadata["authorization_endpoint"], nonce=gone.nonce, code_verifier=gone.verifier
            )
        with self._lock:
            while len(self._gone) >= _MOST_WAITING:
                self._gone.pop(next(iter(self._gone)))
            self._gone[state] = gone
        return str(address), str(state)

    def receive(self, state: str, code: str, back: str) -> tuple[str, str]:
        """The name of who came back, and where they wanted to go. A state counts once. Raises OpenIDError."""
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
        from requests import RequestException

        with self._lock:
            gone = self._gone.pop(state, None)
        if gone is None or time.monotonic() - gone.since > _SECONDS_TO_COME_BACK:
            raise OpenIDError(_("這次登入已逾時或已用過,請重新登入"))
        try:
            with self._session(back) as session:
                token = session.fetch_token(
                    self._found()["token_endpoint"], code=code, code_verifier=gone.verifier, timeout=_TIMEOUT
                )
            claims = self._claims(token, gone.nonce)
        except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError) as error:
            raise OpenIDError(
                _("登入服務的回覆無法確認({reason}),沒有登入").format(reason=type(error).__name__)
            ) from error
        return self._name(claims), gone.next

    def _name(self, claims: dict[str, Any]) -> str:
        name = claims.get(self.settings.claim)
        if self.settings.claim == "email" and claims.get("email_verified") is not True:
            raise OpenIDError(_("登入服務沒有確認過這個電子郵件,沒有登入"))
        if not isinstance(name, str) or not name or name != plain_name(name):  # no look-alike of another's
            raise OpenIDError(_("登入服務沒有告知「{claim}」,沒有登入").format(claim=self.settings.claim))
        return name

    def _claims(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of an ID token whose signature, issuer, audience, time and nonce are right."""
        import requests
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.jwk import KeySet

        keys = requests.get(self._found()["jwks_uri"], timeout=_TIMEOUT, allow_redirects=False)
        keys.raise_for_status()
        read = jwt.decode(token["id_token"], KeySet.import_key_set(keys.json()), algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._found()["issuer"]},
                "aud": {"essential": True, "value": self.settings.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": self.settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=60)
        return dict(claims)

    def _session(self, back: str) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self.settings.client_secret else "none",
            scope="openid email profile",
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _found(self) -> dict[str, Any]:
        """What the provider says of itself; asked once. Raises OpenIDError."""
        import requests

        with self._lock:
            if self._metadata is not None:
                return self._metadata
        address = f"{self.settings.issuer}/.well-known/openid-configuration"
        try:
            answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            metadata = answer.json()
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            is_right = str(metadata["issuer"]).rstrip("/") == self.settings.issuer and all(
                is_encrypted(metadata[name]) for name in wanted
            )
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise OpenIDError(
                _("登入服務 {issuer} 沒有回應或回覆不對({reason})").format(
                    issuer=self.settings.issuer, reason=type(error).__name__
                )
            ) from error
        if not is_right:
            raise OpenIDError(
                _("登入服務 {issuer} 說自己是別的服務,或有網址不是 https").format(issuer=self.settings.issuer)
            )
        with self._lock:
            self._metadata = metadata
        return dict(metadata)
