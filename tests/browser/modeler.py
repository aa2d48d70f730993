"""Camunda's own modeler in a browser page, used as a process owner uses it: what Camunda Modeler is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, send_from_directory
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Locator, Page

from tests.browser.serving import served

HERE = Path(__file__).parent
DIST = HERE.parents[1] / "node_modules" / "camunda-bpmn-js" / "dist"
FORM = "group-CamundaPlatform__Form"
FIELDS = "group-CamundaPlatform__FormData"
ASSIGNMENT = "group-CamundaPlatform__UserAssignment"
_OPEN = """async ([xml, templates]) => {
    const errors = [];
    modeler.on("elementTemplates.errors", (event) => errors.push(...event.errors.map((error) => error.message)));
    modeler.get("elementTemplatesLoader").setTemplates(templates);
    const { warnings } = await modeler.importXML(xml);
    modeler.get("canvas").zoom("fit-viewport");
    return [...errors, ...warnings.map((warning) => warning.message)];
}"""
_SELECT = """(id) => {
    const shown = document.querySelector("[data-entry-id='id'] input");
    if (shown && shown.value === id) return true;
    const element = modeler.get("elementRegistry").get(id);
    modeler.get("canvas").zoom(0.8, element);
    modeler.get("canvas").scrollToElement(element);
    modeler.get("selection").select(null);
    modeler.get("selection").select(element);
    return false;
}"""
"""Select until the panel shows it: one that is still being drawn does not hear of a selection."""
_INSERT = """([flow, kind]) => {
    const found = modeler.get("elementRegistry").get(flow);
    const [from, to] = found.waypoints.slice(-2);
    const place = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    return modeler.get("modeling").createShape({ type: kind }, place, found).id;
}"""
"""What happens when a shape is dropped on a flow: the flow is parted, the shape stands between."""


class Modeler:
    """One modeler with a diagram open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, diagram: str, templates: list[object] | None = None) -> list[str]:
        """Open a diagram, with element templates; answers what the modeler complains of."""
        found: list[str] = self.page.evaluate(_OPEN, [diagram, templates or []])
        return found

    def templates(self) -> set[str]:
        """The ids of the element templates it took."""
        return set(self.page.evaluate("modeler.get('elementTemplates').getAll().map((each) => each.id)"))

    def save(self) -> str:
        """The diagram as it is saved."""
        saved: str = self.page.evaluate("modeler.saveXML({ format: true }).then((saved) => saved.xml)")
        return saved

    def select(self, element_id: str) -> None:
        """Select an element: its properties stand in the panel."""
        self.page.wait_for_function(_SELECT, arg=element_id, polling=200)

    def insert(self, kind: str, flow_id: str) -> str:
        """Drop a new shape on a flow, and select it; answers its id."""
        made: str = self.page.evaluate(_INSERT, [flow_id, kind])
        self.select(made)
        return made

    def type(self, group: str, entry: str, text: str) -> None:
        """Type into an entry of a group of the panel, in place of what stands there."""
        self._opened(group)
        field = self._entry(entry).locator("input, textarea").first
        field.fill(text)
        field.press("Tab")

    def choose(self, group: str, entry: str, value: str) -> None:
        """Choose from an entry of a group of the panel, by value or label."""
        self._opened(group)
        self._entry(entry).locator("select").first.select_option(value)

    def add_field(self, element_id: str, field_id: str, label: str, kind: str) -> None:
        """Add a form field to the selected element."""
        group = self._opened(FIELDS)
        count = group.locator("[data-entry-id$='-formFieldID']").count()
        group.get_by_title("Create new list item").first.click()
        entry = f"{element_id}-formField-{count}-formField"
        self.type(FIELDS, f"{entry}ID", field_id)
        self.type(FIELDS, f"{entry}Label", label)
        self.choose(FIELDS, f"{entry}Type", kind)

    def _opened(self, group: str) -> Locator:
        found = self.page.locator(f"[data-group-id='{group}']")
        header = found.locator(".bio-properties-panel-group-header").first
        if "open" not in (header.get_attribute("class") or "").split():
            header.click()
        return found

    def _entry(self, entry: str) -> Locator:
        return self.page.locator(f"[data-entry-id='{entry}']")


@contextmanager
def modeler_in(chromium: Browser) -> Iterator[Modeler]:
    """An empty modeler in a page of its own; a fault of its scripts fails the test."""
    with served(_files()) as address:
        page = chromium.new_page(base_url=address, viewport={"width": 1600, "height": 900})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/")
        yield Modeler(page)
        page.close()
    assert faults == []


def element_templates(folder: Path) -> list[object]:
    """Every element template of a practice, as Camunda Modeler finds them beside its diagrams."""
    found: list[object] = []
    for file in sorted((folder / ".camunda" / "element-templates").glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        found += content if isinstance(content, list) else [content]
    return found


def _files() -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def page() -> ResponseReturnValue:
        return send_from_directory(HERE, "modeler.html")

    @app.get("/dist/<path:name>")
    def dist(name: str) -> ResponseReturnValue:
        return send_from_directory(DIST, name)

    return app
