"""A file that is no practice of ours is refused with findings, whoever brings it in: nothing of it is stored."""

# ruff: noqa: E501 - a list of rubbish reads best in full lines

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.command.main import cli
from engine.engine import Engine
from engine.store import deployments
from tests.engine.definitions.diagrams import HEAD, definitions, flows, node, process
from tests.webui.browsing import Browser, text
from tests.webui.conftest import PRACTICE

HUGE = 6 * 1024 * 1024
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
_DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">'


def zipped(name: str) -> bytes:
    """A zip that says it is encrypted."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr(name, b"x" * 50)
    found = bytearray(content.getvalue())
    found[6] |= 1
    return bytes(found)


def bomb(levels: int) -> bytes:
    """Entities of entities: a few lines that would become gigabytes."""
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels)
    )
    return (
        f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>"
        f'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
        f'<bpmn:process id="p" isExecutable="true" name="&a{levels - 1};"/></bpmn:definitions>'
    ).encode()


def external(path: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]>'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
        '<bpmn:process id="p" isExecutable="true" name="&e;"/></bpmn:definitions>'
    ).encode()


def deep(levels: int) -> bytes:
    return f"{HEAD}{'<bpmn:subProcess>' * levels}{'</bpmn:subProcess>' * levels}</bpmn:definitions>".encode()


def calling(id: str, other: str) -> bytes:
    call = node("callActivity", "call", more=f'calledElement="{other}"')
    return definitions(process(BEGIN, call, DONE, flows("begin call done"), id=id))


BAD: dict[str, dict[str, bytes]] = {
    "empty": {"x.bpmn": b""},
    "not xml": {"x.bpmn": b"hello"},
    "cut off": {"x.bpmn": definitions(process(BEGIN))[:-40]},
    "binary": {"x.bpmn": bytes(range(256)) * 10},
    "wrong root": {"x.bpmn": b"<html><body/></html>"},
    "no namespace": {"x.bpmn": b"<definitions><process id='p'/></definitions>"},
    "two roots": {"x.bpmn": b"<a/><b/>"},
    "NUL": {"x.bpmn": definitions(process(BEGIN)).replace(b"begin", b"be\0in")},
    "a wrong encoding": {"x.bpmn": b"<?xml version='1.0' encoding='x-nonsense'?><x/>"},
    "UTF-7": {"x.bpmn": b"<?xml version='1.0' encoding='utf-7'?>+ADw-x/+AD4-"},
    "an encrypted archive": {"x.bpmn": zipped("x.bpmn")},
    "an encrypted workbook": {"x.bpmn": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096},
    "huge": {"x.bpmn": definitions(process(BEGIN, f"<bpmn:documentation>{'x' * HUGE}</bpmn:documentation>", DONE))},
    "huge table": {"x.dmn": f"{_DMN}<description>{'x' * HUGE}</description></definitions>".encode()},
    "huge list": {"settings.yaml": b"settings:\n" + b"  - {}\n" * (HUGE // 7)},
    "a billion laughs": {"x.bpmn": bomb(10)},
    "a table of laughs": {"x.dmn": bomb(10)},
    "quadratic laughs": {"x.bpmn": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><x>' + b"&a;" * 5000 + b"</x>"},
    "a foreign entity": {"x.bpmn": external("/etc/passwd")},
    "a foreign table": {"x.dmn": external("/etc/passwd")},
    "10,000 levels": {"x.bpmn": deep(10_000)},
    "200 levels": {"x.bpmn": deep(200)},
    "a table of 10,000 levels": {"x.dmn": (_DMN + "<x>" * 10_000 + "</x>" * 10_000 + "</definitions>").encode()},
    "a call of itself": {"x.bpmn": calling("x", "x")},
    "a circle of calls": {"x.bpmn": calling("x", "y"), "y.bpmn": calling("y", "x")},
    "a deep expression": {"x.bpmn": definitions(process(BEGIN, node("scriptTask", "s",
        f"<bpmn:script>{'(' * 5000}1{')' * 5000}</bpmn:script>", 'scriptFormat="feel" camunda:resultVariable="v"'), DONE,
        flows("begin s done")))},
    "YAML that is none": {"groups.yaml": b"groups: [\n"},
    "YAML of NUL": {"groups.yaml": b"groups: \0"},
    "YAML of laughs": {"groups.yaml": b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)) + b"groups: *j\n"},
    "YAML within itself": {"groups.yaml": b"groups: &a [*a]\n"},
    "YAML of Python": {"settings.yaml": b"settings: !!python/object/apply:os.system ['touch /tmp/owned']\n"},
    "YAML of 10,000 levels": {"groups.yaml": b"groups: " + b"[" * 10_000 + b"]" * 10_000},
    "YAML of another shape": {"records.yaml": b"- 1\n- {a: b}\n", "calendar.yaml": b"hello", "clauses.yaml": b"3"},
    "YAML with keys of every kind": {"groups.yaml": b"groups:\n  - {1: 2, [a]: b, ~: c, 2026-01-01: d}\n"},
}  # fmt: skip


def stored(engine: Engine) -> int | None:
    return engine.machinery.read(deployments.current_id)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_on_the_page(shen: Browser, engine: Engine, what: str) -> None:
    before = stored(engine)
    files = [(BytesIO(content), name) for name, content in BAD[what].items()]
    answer = shen.post("/processes/deploy", {"file": files})
    assert answer.status_code == 422, text(answer)[:300]
    said = text(answer)
    assert "Traceback" not in said
    assert "root:" not in said
    assert len(answer.get_data()) < 40 * 1024 * 1024
    assert stored(engine) == before


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, engine: Engine
) -> None:
    before = stored(engine)
    folder = tmp_path / "practice"
    for path in (each for each in PRACTICE.rglob("*") if each.is_file()):
        target = folder / path.relative_to(PRACTICE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    for name, content in BAD[what].items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("GENDAN_DATABASE_URL", str(engine.machinery.database.url))
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(cli, ["deploy", str(folder)])
    assert done.exit_code not in (0, None), done.output[:300]
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert "Traceback" not in done.output
    assert "root:" not in done.output
    assert stored(engine) == before


def test_a_name_that_leads_elsewhere_is_no_file_of_the_practice(
    shen: Browser, engine: Engine, tmp_path: Path, repair: Callable[..., str]
) -> None:
    del repair
    before = stored(engine)
    good = definitions(process(BEGIN, DONE, flows("begin done"), id="other"))
    for name in ("../../outside.bpmn", "/etc/outside.bpmn", "..\\outside.bpmn", "a\u202enmpb.exe", "x" * 300 + ".bpmn"):
        answer = shen.post("/processes/deploy", {"file": [(BytesIO(good), name)]})
        assert answer.status_code in {303, 200, 400, 422}, name
    assert not list(tmp_path.parent.rglob("outside.bpmn"))
    assert stored(engine) is not None
    assert before is not None
