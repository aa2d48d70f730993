"""Asking a virus scanner about a file: a command, or clamd over its socket."""

from __future__ import annotations

import shlex
import socket
import subprocess
from enum import StrEnum
from pathlib import Path

import structlog

from engine.attachments.settings import AttachmentSettings

_CHUNK = 1 << 16
_log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What the scanner said, if it could be asked."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


def scan(path: Path, settings: AttachmentSettings) -> Verdict:
    """What the scanner of the settings says of a file; clean without one."""
    if settings.scan_command:
        return _by_command(path, settings)
    if settings.clamd:
        return _by_clamd(path, settings)
    return Verdict.CLEAN


def _by_command(path: Path, settings: AttachmentSettings) -> Verdict:
    """As clamscan ends: 0 is clean, 1 infected, anything else a fault of its own."""
    words = [*shlex.split(settings.scan_command), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 the administrator's own command
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=settings.scan_seconds, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.error("scanner unavailable", error=str(error))
        return Verdict.UNAVAILABLE
    if done.returncode in (0, 1):
        return Verdict.INFECTED if done.returncode else Verdict.CLEAN
    _log.error("scanner failed", code=done.returncode, said=done.stderr[-500:].decode("utf-8", "replace"))
    return Verdict.UNAVAILABLE


def _by_clamd(path: Path, settings: AttachmentSettings) -> Verdict:
    try:
        with _connected(settings) as asked, path.open("rb") as file:
            asked.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                asked.sendall(len(chunk).to_bytes(4, "big") + chunk)
            asked.sendall(bytes(4))
            said = b""
            while not said.endswith(b"\0") and (more := asked.recv(4096)):
                said += more
    except OSError as error:
        _log.error("scanner unavailable", error=str(error))
        return Verdict.UNAVAILABLE
    words = said.rstrip(b"\0\n").decode("utf-8", "replace")
    if words.endswith(" OK"):
        return Verdict.CLEAN
    if words.endswith(" FOUND"):
        return Verdict.INFECTED
    _log.error("scanner failed", said=words[-500:])
    return Verdict.UNAVAILABLE


def _connected(settings: AttachmentSettings) -> socket.socket:
    if settings.clamd.startswith("/"):
        found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        found.settimeout(settings.scan_seconds)
        found.connect(settings.clamd)
        return found
    host, _, port = settings.clamd.rpartition(":")
    return socket.create_connection((host, int(port)), settings.scan_seconds)
