"""Where the bytes lie: temporary file → fsync → name by SHA-256. A name is durable before any row tells of it."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import Invalid, NotKept

_CHUNK = 1 << 20
_COMING = "incoming-"
_PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that lie in a temporary file, safely on the disk."""

    path: Path
    digest: str
    size: int


class Vault:
    """The directory of the files. Every error of the disk becomes NotKept and leaves nothing half."""

    def __init__(self, directory: Path, most: int) -> None:
        self._directory = directory
        self._most = most

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie."""
        return self._directory / digest

    @contextmanager
    def received(self, content: BinaryIO) -> Iterator[Received]:
        """The content as a temporary file while the block runs. Raises Invalid when it is too large."""
        with _told():
            self._directory.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_COMING, dir=self._directory)
        path = Path(name)
        try:
            with _told(), os.fdopen(handle, "wb") as file:
                digest, size = self._copy(content, file)
            yield Received(path, digest, size)
        finally:
            path.unlink(missing_ok=True)

    def _copy(self, content: BinaryIO, file: BinaryIO) -> tuple[str, int]:
        hashed, size = hashlib.sha256(), 0
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > self._most:
                raise Invalid("The file is larger than %(most)d MB. Make it smaller.", most=self._most >> 20)
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return hashed.hexdigest(), size

    def keep(self, received: Received) -> None:
        """Give the file its name for good."""
        with _told():
            received.path.replace(self.path(received.digest))
            _sync(self._directory)

    def remove(self, digest: str) -> None:
        """Take the bytes of a digest away, and the picture made of them."""
        self.path(digest).unlink(missing_ok=True)
        self._picture(digest).unlink(missing_ok=True)

    def picture(self, digest: str) -> bytes | None:
        """The picture that was drawn of a file before."""
        try:
            return self._picture(digest).read_bytes()
        except OSError:
            return None

    def keep_picture(self, digest: str, content: bytes) -> None:
        """Keep a drawn picture; it can be drawn again, so a full disk does not matter."""
        try:
            self._picture(digest).parent.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._directory, prefix=_COMING, delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._picture(digest))
        except OSError:
            return

    def sweep(self, before: float) -> None:
        """Take away temporary files that a crash has left, older than this (seconds since 1970)."""
        for path in self._directory.glob(f"{_COMING}*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _picture(self, digest: str) -> Path:
        return self._directory / _PICTURES / digest


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NotKept("The server has no room for the file. Nothing was saved. Tell who looks after it.") from error
        raise NotKept(
            "The file could not be kept (%(reason)s). Nothing was saved. Tell who looks after the server.",
            reason=error.strerror or str(error),
        ) from error


def _sync(directory: Path) -> None:
    """A file's name is durable only when its directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
