"""Another system on this machine: a real HTTP server that answers as a story says and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from engine.outside_settings import OutsideSettings

HERE = (ip_network("127.0.0.0/8"),)


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Outside:
    """The other system. `answers` are given in turn, the last of them for ever after: status, body, headers."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=lambda: [(200, "{}", {})])
    stalls: bool = False
    """Whether it sends a byte now and then and never comes to an end."""
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, status: int, body: str = "{}", **headers: str) -> None:
        """From now on answer so."""
        self.answers = [(status, body, headers)]

    def settings(self, **more: Any) -> OutsideSettings:
        """Settings that allow this system, and this machine's addresses."""
        return OutsideSettings(**{"http_hosts": (self.host,), "private_networks": HERE, **more})


@contextmanager
def outside() -> Iterator[Outside]:
    """A server on a free port, gone afterwards."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    found = server.outside = Outside(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.released.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _any(self) -> None:
        system: Outside = self.server.outside  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        system.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
        if system.stalls:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not system.released.wait(0.05):
                self.wfile.write(b"X-Slow: 1\r\n")
            self.close_connection = True
            return
        status, text, headers = system.answers.pop(0) if len(system.answers) > 1 else system.answers[0]
        content = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _any  # noqa: N815
