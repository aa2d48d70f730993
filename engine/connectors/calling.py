"""One HTTP call, bounded in time and size, to allowed addresses alone; no redirects, no proxies, no cookies."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.connectors import network
from engine.outside_settings import OutsideSettings

_CHUNK = 64 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. The URL is ASCII, its host has been looked up in the settings; with `confidential` it goes out
    unencrypted to private networks only."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    content_type: str
    body: bytes


Caller = Callable[[Request, OutsideSettings], Response]
"""Sends a request and reads the answer."""


class CallFailed(Exception):
    """No answer, or none that may be used; `lasting` when trying again cannot help."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


class _Connection(http.client.HTTPConnection):
    """Connects to an allowed address; encrypted when `secure`."""

    def __init__(self, request: Request, settings: OutsideSettings) -> None:
        parts = urlsplit(request.url)
        super().__init__(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        self._secure = parts.scheme == "https"
        self._confidential = request.confidential
        self._settings = settings
        self.over = False

    def connect(self) -> None:
        """As the base class, but where it leads is looked at."""
        made = network.connect(self.host, self.port, self._settings.http_seconds, self._settings.private_networks)
        self.sock = made
        if self.over:
            raise TimeoutError
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(made, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()
        elif self._confidential and not network.is_private(made.getpeername()[0]):
            raise network.NotAllowed(f"{self.host} would get a secret unencrypted")

    def stop(self) -> None:
        """The time is over: whatever is being waited for ends."""
        self.over = True
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended by itself


def call(request: Request, settings: OutsideSettings) -> Response:
    """Send it and read the answer. Raises CallFailed."""
    connection = _Connection(request, settings)
    watch = threading.Timer(settings.http_seconds, connection.stop)
    watch.daemon = True
    watch.start()
    try:
        return _exchange(connection, request, settings)
    except network.NotAllowed as error:
        raise CallFailed(f"{error}. Only addresses outside the house may be called.", lasting=True) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.over or isinstance(error, TimeoutError):
            raise _late(settings) from error
        raise CallFailed(f"{type(error).__name__}: {error}") from error
    finally:
        watch.cancel()
        connection.close()


def _exchange(connection: _Connection, request: Request, settings: OutsideSettings) -> Response:
    connection.request(request.method, _path(request.url), request.body, dict(request.headers))
    with connection.getresponse() as response:
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > settings.http_bytes:
                raise CallFailed(f"The answer is longer than {settings.http_bytes} bytes.", lasting=True)
        if connection.over:  # an answer that was cut off may look like a whole one
            raise _late(settings)
        return Response(response.status, response.headers.get_content_type(), bytes(body))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _late(settings: OutsideSettings) -> CallFailed:
    return CallFailed(f"There was no whole answer within {settings.http_seconds} seconds.")
