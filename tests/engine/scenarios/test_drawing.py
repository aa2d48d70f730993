"""Drawings from the interchange part of a file, as other modelers write it and as damage leaves it."""

from __future__ import annotations

import pytest

from engine.scenarios.proof.drawing import draw
from tests.engine.definitions.diagrams import definitions, process

TASK = '<bpmn:task id="t" name="Pack" />'
NAMESPACES = (
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)  # fmt: skip
BOUNDS = '<dc:Bounds x="10" y="10" width="100" height="80" />'
SHAPE = f'<bpmndi:BPMNShape id="t_di" bpmnElement="t">{BOUNDS}</bpmndi:BPMNShape>'


def plane(shown: str, *shapes: str) -> str:
    return (
        f'<bpmndi:BPMNDiagram id="d" {NAMESPACES}><bpmndi:BPMNPlane id="pl" bpmnElement="{shown}">'
        f"{''.join(shapes)}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def test_a_process_without_a_pool_is_drawn_beside_the_pools_of_others() -> None:
    # Given a collaboration whose plane shows a pool, and the tasks of a process that has none
    pools = '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Customer" /></bpmn:collaboration>'
    drawn = draw(definitions(pools, process(TASK), plane("c", SHAPE)), "p")
    assert "Pack" in drawn


@pytest.mark.parametrize(
    "shape",
    [
        SHAPE.replace('x="10"', 'x="ten"'),
        SHAPE.replace('width="100"', 'width="nan"'),
        SHAPE.replace('height="80"', 'height="inf"'),
        SHAPE.replace('y="10"', ""),
        SHAPE.replace(BOUNDS, ""),
        "",
    ],
)
def test_what_has_no_readable_place_is_left_out(shape: str) -> None:
    drawn = draw(definitions(process(TASK), plane("p", shape)), "p")
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_a_file_without_drawing_gives_none() -> None:
    assert draw(definitions(process(TASK)), "p") == ""
