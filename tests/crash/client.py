"""One person at a browser, in a process of its own: acts until told to stop, and asks again whenever no answer came."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from pathlib import Path

import requests

from tests.crash.journal import Action, Journal
from tests.crash.practice import PASSWORD
from tests.webui.html_forms import Page, Sheet

_AWAY = frozenset({502, 503, 504})
_TASK = re.compile(r"/tasks/(\d+)")
_LONGEST = 60.0
"""Seconds without any answer after which a client gives up: the server does not come back."""


def act(address: str, directory: Path, who: str, seed: int) -> None:
    """Act until `directory/stop` is there; the journal is there once one is signed in.

    What was sent without an answer is sent again until one comes.
    """
    Client(address, directory, who, random.Random(seed)).run()


class Client:
    """Its session, its journal, and what it has in mind to do next."""

    def __init__(self, address: str, directory: Path, who: str, chance: random.Random) -> None:
        self._address = address
        self._stop = directory / "stop"
        self._path = directory / f"{who}.journal"
        self._who = who
        self._chance = chance
        self._http = requests.Session()
        self._asked = 0

    def run(self) -> None:
        self._sign_in()
        self._journal = Journal(self._path)
        while not self._stop.exists():
            tasks = _TASK.findall(self._ask("GET", "/tasks").text)
            if not tasks or self._chance.random() < 0.15:
                self._start()
            else:
                self._complete(int(self._chance.choice(tasks)))

    def _sign_in(self) -> None:
        sheet = self._form("/signin", "//form[.//input[@name='password']]")
        assert sheet is not None
        sheet.fill("user", [self._who])
        sheet.fill("password", [PASSWORD])
        answer = self._ask("POST", sheet.action, sheet)
        assert answer.status_code == 303, answer.text

    def _start(self) -> None:
        sheet = self._form("/start/loan", "//form[.//input[@name='submission']]")
        if sheet is not None:
            self._send(Action(_submission(sheet), self._who, "started"), sheet, {303})

    def _complete(self, task_id: int) -> None:
        sheet = self._form(f"/tasks/{task_id}", f"//form[@action='/tasks/{task_id}/complete']")
        if sheet is None:
            return  # somebody else was faster
        value = ""
        if "amount" in sheet.names():
            value = str(self._chance.randrange(1_000_000))
            sheet.fill("amount", [value])
        elif "more" in sheet.names() and self._chance.random() < 0.8:
            sheet.fill("more", ["true"])
        self._send(Action(_submission(sheet), self._who, "task-completed", task_id, value), sheet, {200, 303})

    def _send(self, action: Action, sheet: Sheet, good: set[int]) -> None:
        self._journal.write(action)
        before = self._asked
        status = self._ask("POST", sheet.action, sheet).status_code
        assert status in good | {404, 409}, f"{action}: {status}"
        answer = "accepted" if status in good else "refused"
        self._journal.write(replace(action, answer=answer, sent=self._asked - before))

    def _form(self, path: str, where: str) -> Sheet | None:
        answer = self._ask("GET", path)
        return Page.read(answer.status_code, answer.text, path).form(where) if answer.status_code == 200 else None

    def _ask(self, method: str, path: str, sheet: Sheet | None = None) -> requests.Response:
        """Ask until there is an answer: the server may be killed before, while and after it does what is asked."""
        sent = list(sheet.sent().items(multi=True)) if sheet is not None else None
        until = time.monotonic() + _LONGEST
        while True:
            self._asked += 1
            try:
                answer = self._http.request(
                    method, self._address + path, data=sent, allow_redirects=False, timeout=(5, 30)
                )
                if answer.status_code not in _AWAY or time.monotonic() > until:
                    return answer
            except requests.RequestException:
                if time.monotonic() > until:
                    raise
            time.sleep(0.05)


def _submission(sheet: Sheet) -> str:
    return next(text for name, text in sheet.sent().items(multi=True) if name == "submission")
