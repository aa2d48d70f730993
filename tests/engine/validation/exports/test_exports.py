"""Models in the manner of several modelers' exports, written for this test: what is found in each, and nothing else.

Their prefixes, foreign extensions, defaults written out, pools, groups, notes and empty diagrams are no faults.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.deployments.checking import check

FOLDER = Path(__file__).parent
AROUND = {
    "groups.yaml": b"groups: []\n",
    "records.yaml": b"records: []\n",
}
SAID: dict[str, set[tuple[str, str, str]]] = {
    "drawn-only.bpmn": {
        ("warning", "not-executable", "sid-p"),
        ("note", "foreign-dialect", "sid-col"),
        ("note", "foreign-dialect", "sid-buyer"),
    },
    "other-engine.bpmn": {
        ("error", "foreign-dialect", "Look"),
        ("error", "task-assignee", "Look"),
        ("warning", "task-due", "Look"),
        ("note", "task-clause", "Look"),
    },
    "verbose.bpmn": {("note", "foreign-dialect", "P17"), ("note", "task-clause", "T17")},
}


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.bpmn")))
def test_an_export_is_told_what_it_lacks_and_no_more(name: str) -> None:
    found = check({**AROUND, name: (FOLDER / name).read_bytes()}).findings
    said = {(str(each.level), each.rule, each.element_id) for each in found if each.file == name}
    assert said == SAID[name]
