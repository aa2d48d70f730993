"""A person at the pages: reads lists, claims, completes, comments, uploads, sends messages; and notes every answer."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter

import requests

_FINE = frozenset({200, 303})
_LATE = frozenset({404, 409})
"""Somebody else was faster: what an honest page answers."""
_OPENED = re.compile(r'href="(/tasks/\d+)"')
_RECORD = re.compile(r'href="(/records/[A-Z]\d\d-\d+)"')
_MESSAGE = re.compile(r'href="(/records/[^"]+/messages/\d+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class Noted:
    """What happened: how long each request took, what was refused otherwise than honestly, and what was accepted:
    submissions of forms, texts of comments, names of files."""

    seconds: list[float] = field(default_factory=list)
    late: int = 0
    wrong: list[str] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Person:
    """One signed-in person. `act` does one thing that people do, chosen at random."""

    def __init__(self, base: str, cookie: str, seed: int) -> None:
        self.noted = Noted()
        self._base = base
        self._session = requests.Session()
        self._session.cookies.set("session", cookie, domain="127.0.0.1", path="/")
        self._random = random.Random(seed)
        self._ways: tuple[tuple[Callable[[], None], int], ...] = (
            (self._inbox, 3), (self._records, 2), (self._claim, 2), (self._complete, 6), (self._comment, 2),
            (self._upload, 1), (self._send, 1),
        )  # fmt: skip

    def act(self) -> None:
        """Do one thing, as a rule two requests: look, then press."""
        ways, weights = zip(*self._ways, strict=True)
        self._random.choices(ways, weights)[0]()

    def _inbox(self) -> str:
        return self._get("/tasks")

    def _records(self) -> str:
        return self._get("/records?text=C26")

    def _claim(self) -> None:
        address, page = self._some(self._inbox(), _OPENED)
        if "data-claim" in page:
            self._press(f"{address}/claim", _hidden(page))

    def _complete(self) -> None:
        address, page = self._some(self._inbox(), _OPENED)
        form = _hidden(page.partition('id="form"')[2])
        if "submission" in form and self._press(f"{address}/complete", {**form, "amount": "3", "remark": "ok"}):
            self.noted.submissions.append(form["submission"])

    def _comment(self) -> None:
        address, page = self._some(self._records(), _RECORD)
        text = secrets.token_hex(8)
        if address and self._press(f"{address}/comment", {**_hidden(page), "text": text}):
            self.noted.comments.append(text)

    def _upload(self) -> None:
        address, page = self._some(self._records(), _RECORD)
        name = f"{secrets.token_hex(8)}.txt"
        file = {"file": (name, self._random.randbytes(2000).hex().encode(), "text/plain")}
        if address and self._press(f"{address}/files", _hidden(page), file):
            self.noted.files.append(name)

    def _send(self) -> None:
        _, page = self._some(self._records(), _RECORD)
        address, page = self._some(page, _MESSAGE)
        form = _hidden(page)
        if "submission" in form and self._press(address, form):
            self.noted.submissions.append(form["submission"])

    def _some(self, page: str, link: re.Pattern[str]) -> tuple[str, str]:
        """One of the links of this kind, followed: its address and its page; empty when there is none."""
        found = sorted(set(link.findall(page)))
        if not found:
            return "", ""
        address = self._random.choice(found)
        return address, self._get(address)

    def _get(self, path: str) -> str:
        started = perf_counter()
        answer = self._session.get(self._base + path, timeout=60, allow_redirects=False)
        self.noted.seconds.append(perf_counter() - started)
        return answer.text if self._fine(path, answer) else ""

    def _press(self, path: str, form: dict[str, str], files: dict[str, tuple[str, bytes, str]] | None = None) -> bool:
        started = perf_counter()
        answer = self._session.post(self._base + path, form, files=files, timeout=60, allow_redirects=False)
        self.noted.seconds.append(perf_counter() - started)
        return self._fine(path, answer)

    def _fine(self, path: str, answer: requests.Response) -> bool:
        if answer.status_code in _FINE:
            return True
        if answer.status_code in _LATE:
            self.noted.late += 1
        else:
            self.noted.wrong.append(f"{answer.status_code} at {path}: {answer.text[:200]!r}")
        return False


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the last form of each kind on the page: its token, its submission."""
    return {name: unescape(value) for name, value in reversed(_HIDDEN.findall(page))}
