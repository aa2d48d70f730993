"""Downloads never run in a page of ours; pictures are drawn anew; a phone offers its camera and its scanner."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

import webui
from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import LIN

POLYGLOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.fixture
def attached(engine: Engine, repair: Callable[..., str]) -> Callable[[bytes, str], int]:
    """Attach a file to a repair; its id."""
    return lambda content, name: engine.files.attach(BytesIO(content), name, LIN, repair()).id


def test_a_picture_that_is_a_page_too_is_only_ever_saved_or_drawn_anew(
    zhou: Browser, attached: Callable[[bytes, str], int]
) -> None:
    file = attached(POLYGLOT + b"<html><script>alert(1)</script>", "x.gif")
    saved = zhou.get(f"/files/{file}")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    for answer in (saved, zhou.get(f"/files/{file}/picture")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    shown = zhou.get(f"/files/{file}/picture")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"script" not in shown.get_data()
    assert Image.open(BytesIO(shown.get_data())).format == "JPEG"


def test_the_files_of_a_record_show_pictures_only(zhou: Browser, engine: Engine, repair: Callable[..., str]) -> None:
    key = repair()
    picture = engine.files.attach(BytesIO(POLYGLOT), "x.gif", LIN, key)
    other = engine.files.attach(BytesIO(b"a,b\n"), "x.csv", LIN, key)
    html = zhou.get(f"/records/{key}").get_data(as_text=True)
    assert f'src="/files/{picture.id}/picture"' in html
    assert f'src="/files/{other.id}/picture"' not in html
    assert zhou.get(f"/files/{other.id}/picture").status_code == 404


def test_a_file_that_lies_is_refused_on_the_page(lin: Browser, repair: Callable[..., str]) -> None:
    key = repair()
    answer = lin.post(f"/records/{key}/files", {"file": (BytesIO(b"<script>"), "照片.jpg")})
    assert answer.status_code == 422
    assert "照片.jpg" in text(answer)
    assert "按实际类型重新保存" in text(answer)


def test_a_phone_offers_its_camera_and_a_code_can_always_be_typed(app: Flask, lin: Browser) -> None:
    assert 'capture="environment"' in lin.get("/start/repair").get_data(as_text=True)
    macros = app.jinja_env.get_template("fields.html").module
    control = {"kind": "code", "id": "f-code", "name": "code", "text": "", "attributes": {}, "errors": (), "help": ""}
    html = str(macros.bare(control))  # type: ignore[attr-defined]
    assert '<input type="text"' in html
    assert "data-scan=" in html
    assert " hidden>" in html  # until the browser says that it can
    assert "BarcodeDetector" in (Path(webui.__file__).parent / "static" / "scan.js").read_text("utf-8")
