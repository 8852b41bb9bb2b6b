"""Somebody with a browser that runs no script: opens pages and sends their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.helpers.crawl import FormReader, FoundForm


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    address: str

    def form(self, field_name: str) -> FoundForm:
        """The form that has a field."""
        forms = FormReader(self.text, self.address).forms
        return next(one for one in forms if field_name in one.fields)


@dataclass
class Reader:
    """One person's browser at one server."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page, following where it leads."""
        return self._ask("GET", urljoin(self.address, path), {})

    def send(self, form: FoundForm, /, **values: object) -> Answer:
        """Send a form with some fields filled in, following where it leads."""
        return self._ask(form.method.upper(), form.action, {**form.defaults(), **values})

    def create_first_account(self, code: str, password: str) -> None:
        """Make the first account of a new workspace, which signs in."""
        page = self.get("/")
        self.send(
            page.form("code"),
            code=code,
            name="Lee Lead",
            email="lee@example.org",
            password=password,
        )

    def sign_in(self, email: str, password: str) -> None:
        """Sign in."""
        page = self.get("/sign-in/")
        self.send(page.form("password"), username=email, email=email, password=password)

    def _ask(self, method: str, address: str, values: Mapping[str, object]) -> Answer:
        for _ in range(8):
            status, leads_to, text = self._once(method, address, values)
            if status not in (301, 302, 303):
                return Answer(status, text, address)
            method, address, values = "GET", urljoin(address, leads_to), {}
        raise RuntimeError(f"{address} leads on and on")

    def _once(
        self, method: str, address: str, values: Mapping[str, object]
    ) -> tuple[int, str, str]:
        parts = urlsplit(address)
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode(values, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        finally:
            connection.close()
