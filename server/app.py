"""The one WSGI application: who asks, whether they may, and then the home page or a case's Fava."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

import fava
from flask import Flask
from flask import Response
from flask import abort
from flask import g
from flask import jsonify
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import send_from_directory
from flask import url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from flask_login import current_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as ResponseValue

from audit.elsewhere import ACROSS
from audit.elsewhere import ELSEWHERE
from audit.filing import csrf
from audit.web.person import LOCAL
from audit.web.person import Person
from audit.web.person import Role
from audit.web.person import environment_of
from audit.web.render import money
from desk.deadlines import CALENDAR_ADDRESS
from desk.tour import is_demo
from ledger.errors import GrantError
from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from ledger.util.i18n import speaking
from server import calendars
from server.access import log_in
from server.access.log_ins import LogIn
from server.access.log_ins import LogIns
from server.access.openid import OpenIDSettings
from server.access.openid import Provider
from server.access.users import UsersFile
from server.cases import Cases
from server.cases import ServedCase
from server.elsewhere import finder
from server.elsewhere import teller
from server.fava_app import MOST_BYTES
from server.fava_app import make_fava
from server.fava_app import remember_act
from server.headers import SAFE_METHODS
from server.headers import is_foreign_write
from server.headers import secure
from server.home.cards import home_page
from server.home.listing import looks
from server.home.listing import orders
from server.home.listing import states
from server.home.portfolio import portfolio_page
from server.logs import Logs
from server.manual import pages as manual_pages
from server.new_case import routes as new_case

if TYPE_CHECKING:
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIEnvironment

_STATIC = Path(fava.__file__).parent / "static"
_OWN = Path(__file__).parent / "templates"
_ASKED_OFTEN = ("/api/changed", "/extension/Desk/job")  # by Fava every few seconds, by the page of an import
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_OPEN_TO_ALL = frozenset({"log_in", "enter", "openid", "openid_return", "own", "static", "calendar"})
_DAYS_OF_SESSION = 3650 * 24 * 3600  # of the cookie; what it stands for ends with the server


class Settings(NamedTuple):
    """How a server is run. `hosts`: the names it answers to; `token`: what opens it where there are no users."""

    cases: Cases
    hosts: tuple[str, ...]
    token: str = ""
    users: UsersFile | None = None
    edit: bool = False
    read_only: bool = False
    secure: bool = False
    logs: Path | None = None
    port: int = 0
    openid: OpenIDSettings | None = None


class _App(Flask):
    """Flask, answering in one language: each request has a thread of its own, which knows none yet."""

    language = ""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        with speaking(self.language):
            return super().wsgi_app(environ, start_response)


class _Sessions(SecureCookieSessionInterface):
    """Flask's sessions, whose signer is made once and not twice a request."""

    def __init__(self) -> None:
        self._signers: dict[str, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookie."""
        if app.name not in self._signers:
            self._signers[app.name] = super().get_signing_serializer(app)
        return self._signers[app.name]


class Server:
    """The application and what it keeps while it runs."""

    def __init__(self, settings: Settings) -> None:
        """Make the application; it is `app`."""
        self.settings = settings
        self.logs = Logs(settings.logs)
        self.log_ins = LogIns(settings.token) if settings.users else LogIns(settings.token, idle=None)
        self.provider = Provider(settings.openid) if settings.openid else None
        self.fava = make_fava(settings.cases, self.refused, read_only=settings.read_only)
        self.form_token = csrf.new_token()
        self.app = self._make_app()

    def _make_app(self) -> Flask:
        app = _App("server", template_folder=str(_OWN), static_folder=None)
        app.language = current_language()
        app.config.update(
            SECRET_KEY=secrets.token_bytes(32),
            TRUSTED_HOSTS=list(self.settings.hosts),
            SESSION_COOKIE_NAME=f"grant-{self.settings.port}",  # a browser does not tell ports apart
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_SECURE=self.settings.secure,
            SESSION_REFRESH_EACH_REQUEST=False,
            PERMANENT_SESSION_LIFETIME=_DAYS_OF_SESSION,
            MAX_CONTENT_LENGTH=MOST_BYTES,
        )
        app.jinja_env.globals.update(
            {
                "_": _,
                "category_name": category_name,
                "with_users": self.settings.users is not None,
                "openid": self.settings.openid,
            }
        )
        app.jinja_env.filters["money"] = money
        app.jinja_env.filters["translated"] = _
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        app.session_interface = _Sessions()
        login = LoginManager(app)
        login.session_protection = None  # the cookie is the log-in; what it stands for is kept here
        login.user_loader(self._user)
        app.before_request(self._guard)
        app.after_request(self._finish)
        app.register_error_handler(HTTPException, self._http_error)
        app.register_error_handler(GrantError, lambda error: self.refused(422, str(error)))
        app.add_url_rule("/", "home", self._home)
        app.add_url_rule("/static/<path:filename>", "static", _static)
        app.add_url_rule(
            "/grant/<any('server.css', 'closed.css', 'priceless.css', 'new.js', 'home.js'):filename>",
            "own",
            _own,
        )
        app.add_url_rule("/grant/portfolio", "portfolio", self._portfolio)
        app.add_url_rule("/jump", "jump", self._jump)
        log_in.add_routes(app, self)
        new_case.add_routes(app, self)
        manual_pages.add_routes(app)
        calendars.add_routes(app, self)
        for rule, rest in (("/<key>/", ""), ("/<key>/<path:rest>", None)):
            defaults = None if rest is None else {"rest": rest}
            app.add_url_rule(rule, "case", self._case, methods=_METHODS, defaults=defaults)
        return app

    # --- who asks --------------------------------------------------------------------------------------

    def _user(self, id_: str) -> LogIn | None:
        found = self.log_ins.find(id_)
        if found is None:
            return None
        log_in_, password_hash = found
        if self.settings.users is None:
            return log_in_
        user = self.settings.users.get(log_in_.name)
        return log_in_ if user and user.password_hash == password_hash else None

    def person(self, case: ServedCase) -> Person:
        """Who asks, with what they are for this case."""
        if not current_user.is_authenticated:
            return Person("", frozenset(), edits=False)
        return self._person_named(current_user.name, case)

    def _person_named(self, name: str, case: ServedCase) -> Person:
        """The same of a name, where the request is another application's already."""
        if self.settings.users is None:
            return LOCAL._replace(edits=self.settings.edit)
        user = self.settings.users.get(name)
        roles: frozenset[Role] = user.roles(case) if user else frozenset()
        return Person(name, roles, edits=self.settings.edit and "accountant" in roles)

    def visible(self) -> list[ServedCase]:
        """The cases that who asks has a role for, by name."""
        return self._visible_to(current_user.name)

    def _visible_to(self, name: str) -> list[ServedCase]:
        return [
            case for case in self.settings.cases.listed().values() if self._person_named(name, case).roles
        ]

    # --- who may make a case ---------------------------------------------------------------------------

    def places_for_new(self) -> list[Path]:
        """The served folders in which a case can be made."""
        return self.settings.cases.folders

    def may_make_cases(self) -> bool:
        """Whether who asks may make a case: on one's own machine, and accountants; nobody on a read-only server."""
        if not current_user.is_authenticated or self.settings.read_only or not self.places_for_new():
            return False
        if self.settings.users is None:
            return True
        user = self.settings.users.get(current_user.name)
        return user is not None and any(each.role == "accountant" for each in user.access)

    def may_make(self, folder: Path) -> bool:
        """Whether who asks would be accountant of a case in this folder."""
        return (
            self.may_make_cases() and "accountant" in self.person(self.settings.cases.would_be(folder)).roles
        )

    def made_case(self, folder: Path) -> str:
        """Tell the log of a case that was made; its address."""
        name = self.settings.cases.would_be(folder).name
        self.logs.change(request.remote_addr, current_user.name, request.method, request.path, 303, name)
        return next(
            (
                f"/{key}/extension/Desk/?tab=inbox"
                for key, case in self.settings.cases.listed().items()
                if case.folder == folder
            ),
            "/",
        )

    # --- every request ---------------------------------------------------------------------------------

    def _guard(self) -> ResponseValue | None:
        if not request.host:  # looked at first: asking for it refuses a name that is not this server's
            return abort(400)
        if is_foreign_write(request):
            return self.refused(403, _("這個請求來自別的網站,沒有執行"))
        if request.endpoint in _OPEN_TO_ALL or current_user.is_authenticated:
            return None
        if request.endpoint == "home" and "token" in request.args:
            return None
        if request.method in {"GET", "HEAD"} and not _is_api(request.path):
            return redirect(
                url_for("log_in", next=None if request.path == "/" else request.full_path.rstrip("?"))
            )
        return self.refused(401, _("請先登入"))

    def _finish(self, response: Response) -> Response:
        if not request.path.endswith(_ASKED_OFTEN):
            self.logs.access(*self._line(response))
        return secure(
            response, fava=request.endpoint == "case", lasting=request.endpoint in {"static", "own"}
        )

    def _line(self, response: ResponseValue) -> tuple[object, ...]:
        """A request and its answer, for the logs."""
        name = current_user.name if current_user and current_user.is_authenticated else ""
        return request.remote_addr, name, request.method, request.path, response.status_code

    def _http_error(self, error: HTTPException) -> ResponseValue:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        response = self.refused(error.code, "")
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response

    def refused(self, status: int, reason: str) -> Response:
        """The answer that says why something is not shown; in the API's way where the API was asked."""
        text = reason or _reason(status)
        if _is_api(request.path):
            response = jsonify({"error": text})
        else:
            name = _case_name(request.view_args, self.settings.cases) if status == 422 else ""
            template = self.app.jinja_env.get_template("refused.html")
            response = Response(template.render(reason=text, case=name))
        response.status_code = status
        return response

    # --- the pages -------------------------------------------------------------------------------------

    def _home(self) -> ResponseValue:
        token = request.args.get("token")
        if token is not None and not current_user.is_authenticated:
            return log_in.exchange(self, token)
        if token is not None:
            return redirect(url_for("home"))
        only = self.settings.cases.only
        if only is not None:
            return redirect(f"/{only}/")
        page = home_page(self.visible(), self.settings.cases, request.args)
        shown = render_template(
            "home.html",
            page=page,
            user=current_user.name,
            may_make=self.may_make_cases(),
            looks=looks(),
            states=states(),
            orders=orders(),
        )
        return make_response(shown)

    def _portfolio(self) -> ResponseValue:
        """The page of the whole portfolio, of the cases that one may see."""
        page = portfolio_page(self.visible(), self.settings.cases)
        return make_response(render_template("portfolio.html", page=page, user=current_user.name))

    def _jump(self) -> ResponseValue:
        """Fava's way back to where one came from: to a page of this site alone."""
        return self._let_through(LOCAL._replace(edits=False)) if _is_ours(request.referrer) else abort(404)

    def _case(self, key: str, rest: str) -> ResponseValue:
        """A case's page: Fava's own application answers, told who asks."""
        case = self.settings.cases.get(key)
        person = self.person(case) if case else None
        if case is None or person is None or not person.roles:
            return abort(404)  # one does not learn which cases there are
        with self.settings.cases.held(key):
            if not rest and request.method in {"GET", "HEAD"}:
                return self._first_page(key, person)
            visible = functools.partial(self._visible_to, current_user.name)
            cases = self.settings.cases
            more = {
                ELSEWHERE: finder(cases, case, visible),
                ACROSS: teller(cases, case, visible),
                CALENDAR_ADDRESS: calendars.address_of(self, person.name, case),
            }
            return self._let_through(person, more)

    def _first_page(self, key: str, person: Person) -> ResponseValue:
        """總覽, or Fava's first report where the case has no audit pages; 接下來 in the demo, which begins with the tour."""
        ledger = self.settings.cases.ledger(key)
        if person.keeps_books and is_demo(Path(ledger.beancount_file_path).parent):
            return redirect(f"/{key}/extension/Desk/")
        page = (
            "extension/Audit/"
            if ledger.extensions.get_extension("Audit")
            else ledger.fava_options.default_page
        )
        return redirect(f"/{key}/{page}")

    def _let_through(self, person: Person, more: Mapping[str, Any] | None = None) -> ResponseValue:
        environ: dict[str, Any] = {**request.environ, **environment_of(person), **(more or {})}
        filed = remember_act(environ)
        response = ResponseValue.from_app(self.fava, environ)
        if request.method not in SAFE_METHODS and response.status_code < 400:
            self.logs.change(*self._line(response), *filed)
        return response


def _case_name(asked: dict[str, Any] | None, cases: Cases) -> str:
    """The name of the case that a request is about; only asked where it was let through to it."""
    case = cases.get(str((asked or {}).get("key", ""))) or cases.get(
        str(getattr(g, "beancount_file_slug", ""))
    )
    return case.name if case else ""


def _static(filename: str) -> Response:
    return send_from_directory(_STATIC, filename)


def _own(filename: str) -> Response:
    return send_from_directory(_OWN, filename)


def _is_api(path: str) -> bool:
    return path.split("/", 3)[2:3] == ["api"]


def _is_ours(address: str | None) -> bool:
    return address is not None and urlsplit(address).netloc == request.host


def _reason(status: int) -> str:
    reasons: dict[int, Callable[[], str]] = {
        400: lambda: _("這個請求不完整,或這台伺服器不以這個名稱服務"),
        401: lambda: _("請先登入"),
        403: lambda: _("您的角色不能做這件事,或伺服器沒有開放"),
        404: lambda: _("沒有這一頁,或您沒有這個案件的權限"),
        405: lambda: _("這個網址不接受這種請求"),
        413: lambda: _("檔案太大,沒有收下"),
        429: lambda: _("嘗試登入太多次,請稍候再試"),
    }
    return reasons.get(status, lambda: _("伺服器處理這一頁時出錯;請看伺服器的紀錄"))()
