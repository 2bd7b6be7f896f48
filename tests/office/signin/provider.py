"""A small OpenID Connect provider on loopback, with discovery, token, userinfo and keys; it lets anybody in."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "mingzheng", "s3cret"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Knows one person at a time: ``claims``. A browser's visit to its login page is :meth:`visit`."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "u-1", "preferred_username": "czj-writer"}
        self.issuer = ""
        self._codes: dict[str, str] = {}

    def visit(self, address: str) -> dict[str, str]:
        """The person signs in at the provider: the parameters with which the browser comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self._codes[code] = asked["redirect_uri"]
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/token":
            assert form["client_secret"] == SECRET
            assert form["code_verifier"]
            assert self._codes.pop(form["code"]) == form["redirect_uri"]
            now = int(time.time())
            token = {**self.claims, "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
            return {
                "access_token": "token",
                "token_type": "Bearer",
                "id_token": jwt.encode(token, _KEY, "RS256", headers={"kid": "1"}),
            }
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return {"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]}
        assert path == "/userinfo"
        return self.claims


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on loopback for a while."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            body = json.dumps(provider.answer(self.path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
