"""An office with something in it, on both databases."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.views import Actor
from tests.databases import new_file
from tests.engine.definitions.diagrams import flows, node
from tests.engine.runtime.office import Office, field, loan, office_at, user_task

ANN, HEL = Actor("ann"), Actor("hel")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Two loans that are over, one of them with a file and a comment, and one that is open."""
    with office_at(database_url, tmp_path) as found:
        fill(found)
        yield found


@pytest.fixture
def sqlite_only(tmp_path: Path) -> Iterator[Office]:
    """The same where the kind of database does not matter."""
    with office_at(new_file(tmp_path / "one.sqlite3"), tmp_path) as found:
        fill(found)
        yield found


def fill(office: Office) -> None:
    """Let people work a little."""
    office.deploy(
        loan(node("startEvent", "begin"), user_task("enter", "ann", "", field("borrower"), field("amount", "number"),
             field("proof", "file")), node("endEvent", "done"), flows("begin enter done"))
    )  # fmt: skip
    for borrower in ("Li Na", "Wang Wei"):
        key = office.start().business_key
        if borrower == "Li Na":
            office.engine.comments.add(key, "Li Na called", ANN)
        proof = upload(office, f"the proof of {borrower}".encode())
        office.complete("enter", "ann", {"borrower": borrower, "amount": 5, "proof": proof})
    office.start()


def upload(office: Office, content: bytes) -> object:
    """A file as a form submits it."""
    return office.engine.files.upload(io.BytesIO(content), "proof.txt", ANN).value()
