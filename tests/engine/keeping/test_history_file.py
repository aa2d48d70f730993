"""The exported history verifies without the database, with the key or against seals that were noted elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.keeping.history_file import read_noted, verify_file, write_history
from tests.databases import new_file
from tests.engine.runtime.office import Office, office_at

Line = dict[str, Any]


@pytest.fixture
def exported(office: Office, tmp_path: Path) -> Path:
    """Sealed, then one more start, then exported."""
    office.engine.history.seal()
    office.start()
    path = tmp_path / "history.jsonl.gz"
    told = write_history(office.engine, path)
    assert (told.instances, told.seals) == (4, 1)
    return path


def rewritten(path: Path, change: Callable[[list[Line]], object]) -> Path:
    """What a forger makes of it: lines changed, and the end in order again."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    change(lines)
    rows = [line for line in lines if line["is"] == "row"]
    lines[-1] |= {"rows": len(rows), "instances": sum(line["is"] == "chain" and line["chain"] > 0 for line in lines)}
    text = b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines[:-1])
    lines[-1]["sha256"] = hashlib.sha256(text).hexdigest()
    path.write_bytes(gzip.compress(text + json.dumps(lines[-1]).encode() + b"\n"))
    return path


def row(lines: list[Line], chain: int, kind: str) -> Line:
    """The first row of a kind in a chain."""
    return next(
        line for line in lines if line["is"] == "row" and line.get("instance_id", 0) == chain and line["kind"] == kind
    )


def problems(path: Path, key: bytes | None = None, noted: dict[int, str] | None = None) -> list[str]:
    return [str(each) for each in verify_file(path, key, noted).findings]


def test_an_export_verifies_with_and_without_the_key(office: Office, exported: Path) -> None:
    seals = {seal.number: seal.digest for seal in office.engine.history.seals()}
    with_key = verify_file(exported, office.settings.history_key)
    without = verify_file(exported, None, seals)
    assert (with_key.findings, without.findings) == ((), ())
    assert (without.instances, with_key.rows) == (4, without.rows)
    assert without.unsealed == 2 + 1, "a start, and the row that tells of the seal"


def test_the_wrong_key_fits_nothing(exported: Path) -> None:
    assert "instance 1, row 1: changed" in problems(exported, b"another key")


def test_a_changed_value_is_found_without_the_key_by_the_seal(exported: Path) -> None:
    def forge(lines: list[Line]) -> None:
        found = row(lines, 1, "task-completed")
        found["data"] = found["data"].replace("Li Na", "Nobody")

    assert any(each.startswith("instance 1") and "seal broken" in each for each in problems(rewritten(exported, forge)))


def test_an_instance_that_was_taken_out_is_found_without_the_key(exported: Path) -> None:
    def forge(lines: list[Line]) -> None:
        chain, kept = -1, []
        for line in lines:
            chain = line["chain"] if line["is"] == "chain" else chain
            if chain != 2 or line["is"] == "end":
                kept.append(line)
        lines[:] = kept

    assert problems(rewritten(exported, forge)) == ["administration, row 0: seal 1 broken"]


def test_a_seal_that_was_made_anew_differs_from_the_noted_one(office: Office, exported: Path) -> None:
    noted = read_noted("# kept by the auditor\n" + "\n".join(map(str, office.engine.history.seals())))
    noted[1] = noted[1][::-1]
    assert problems(exported, office.settings.history_key, noted) == ["administration, row 0: seal 1 broken"]
    assert problems(exported, office.settings.history_key, {7: "aa"}) == ["administration, row 0: seal 7 missing"]
    with pytest.raises(Invalid):
        read_noted("a seal")


def test_a_young_row_is_vouched_for_by_the_key_alone(office: Office, exported: Path) -> None:
    def forge(lines: list[Line]) -> None:
        row(lines, 4, "started")["actor"] = "somebody"

    rewritten(exported, forge)
    assert problems(exported) == []
    assert problems(exported, office.settings.history_key) == ["instance 4, row 1: changed"]


@pytest.mark.parametrize("cut", ["bytes", "lines", "end", "order", "nothing"])
def test_a_file_that_is_not_whole_is_refused(exported: Path, cut: str) -> None:
    content = exported.read_bytes()
    lines = gzip.decompress(content).splitlines(keepends=True)
    broken = {
        "bytes": content[: len(content) // 2],
        "lines": gzip.compress(b"".join(lines[:-4])),
        "end": gzip.compress(b"".join(lines[:-2] + lines[-1:])),
        "order": gzip.compress(b"".join(lines[1:])),
        "nothing": b"",
    }
    exported.write_bytes(broken[cut])
    with pytest.raises(Invalid, match="no whole export"):
        verify_file(exported, None)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An export of a small office."""
    directory = tmp_path_factory.mktemp("small")
    with office_at(new_file(directory / "one.sqlite3"), directory) as office:
        office.start()
        office.engine.history.seal()
        write_history(office.engine, directory / "h.gz")
    return (directory / "h.gz").read_bytes()


@given(place=st.integers(0, 10**6), to=st.integers(0, 255), packed=st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_is_changed_in_a_file_is_a_clear_answer(
    small: bytes, tmp_path_factory: pytest.TempPathFactory, place: int, to: int, packed: bool
) -> None:
    content = bytearray(small if packed else gzip.decompress(small))
    changed = content[place % len(content)] != to
    content[place % len(content)] = to
    path = tmp_path_factory.getbasetemp() / "changed.gz"
    path.write_bytes(bytes(content) if packed else gzip.compress(bytes(content)))
    try:
        found = verify_file(path, b"the key of the tests")
    except Invalid:
        return
    assert packed or not changed or found.findings, "only the wrapping may change without being noticed"
