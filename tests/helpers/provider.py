"""An OpenID Connect provider on this computer, which says what a test wants it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://id.example.org"
CLIENT = "workspace"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it says, and what it was asked."""

    address: str = ""
    # Changes of the identity token's claims; None takes one away.
    token: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    algorithm: str = "RS256"
    status: int = 200
    nonce: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def settings(self) -> dict[str, Any]:
        """Django's settings that lead to it."""
        return {
            "OIDC_ISSUER": ISSUER,
            "OIDC_NAME": "Example Trust",
            "OIDC_RP_CLIENT_ID": CLIENT,
            "OIDC_RP_CLIENT_SECRET": "secret",
            "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{self.address}/authorize",
            "OIDC_OP_TOKEN_ENDPOINT": f"{self.address}/token",
            "OIDC_OP_USER_ENDPOINT": f"{self.address}/user",
            "OIDC_OP_JWKS_ENDPOINT": f"{self.address}/keys",
        }

    def id_token(self) -> str:
        """The identity token, as changed."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
            **self.token,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        key = self.key if self.algorithm == "RS256" else "secret" * 8
        return jwt.encode(kept, key, self.algorithm, headers={"kid": "one"})

    def answer(self, path: str) -> Any:
        """What it says at a path."""
        if path == "/token":
            return {"id_token": self.id_token(), "access_token": "a", "token_type": "Bearer"}
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}
        told = {"sub": "person-1", "email": "ann@example.org", "email_verified": True}
        return {k: v for k, v in {**told, **self.person}.items() if v is not None}


@contextmanager
def provider() -> Iterator[Provider]:
    """Run it within the block."""
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(found.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append(parse_qs(body.decode()))
            self._say(found.answer(self.path))

        def _say(self, what: Any) -> None:
            body = json.dumps(what).encode()
            self.send_response(found.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
