"""Requests through the whole product, as a web server makes them, in this process."""

import io
from http.cookies import SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from guixin.ledger.clock import database_now
from guixin.organisation.models import ApiKey, Person, Scopes
from guixin.serve.tests import make

_application = None


class Refused(RuntimeError):
    """The product answered otherwise than a benchmark expects."""


class Caller:
    """Speaks WSGI to the product; `headers` go with every request."""

    def __init__(self, headers: dict[str, str]):
        global _application
        if _application is None:
            from guixin.wsgi import application  # as servers load it, with all it does to be quick

            _application = application
        self.headers = headers

    def get(self, path: str) -> bytes:
        return self._call("GET", path, b"", {}, 200)

    def post(self, path: str, body: bytes, headers: dict[str, str], *, expect: int) -> bytes:
        return self._call("POST", path, body, headers, expect)

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str], expect: int) -> bytes:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        for name, value in (self.headers | headers).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        status = []
        answer = _application(environ, lambda line, headers, exc_info=None: status.append(line))
        content = b"".join(answer)
        answer.close()
        if not status[0].startswith(str(expect)):
            raise Refused(f"{method} {path}: {status[0]} {content[:500].decode(errors='replace')}")
        return content


class Program(Caller):
    """A program with a key of He's, who supervises the front desk."""

    def __init__(self, person: Person | None = None):
        _key, text = ApiKey.issue(person or make.he(), "bench", list(Scopes.values), database_now())
        super().__init__({"Authorization": f"Bearer {text}"})


class Browser(Caller):
    """A signed-in person's browser."""

    def __init__(self, person: Person | None = None):
        person = person or make.he()
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookie = SimpleCookie({settings.SESSION_COOKIE_NAME: session.session_key or ""})
        super().__init__(
            {
                "Cookie": cookie.output(header="", sep=";").strip(),
                "Accept-Language": "zh-hans",
                "Host": "localhost:8000",
            }
        )
