"""The files of the pages: few bytes over the wire, and asked for once."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui import assets


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def script(app: Flask) -> str:
    with app.test_request_context():
        return assets.asset("app.js")


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_built_file_is_compressed_for_who_can_read_it(stranger: FlaskClient, script: str, coding: str) -> None:
    plain = stranger.get(script, headers={"Accept-Encoding": "identity"})
    packed = stranger.get(script, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert len(packed.data) < len(plain.data) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert coding != "gzip" or gzip.decompress(packed.data) == plain.data


def test_a_file_with_a_hash_in_its_name_is_never_asked_for_again(stranger: FlaskClient, script: str) -> None:
    assert "immutable" in stranger.get(script).headers["Cache-Control"]
    assert "immutable" not in stranger.get("/static/icon.svg").headers["Cache-Control"]


def test_a_file_that_is_not_there_is_told_like_any_page(stranger: FlaskClient) -> None:
    assert stranger.get("/static/dist/app-00000000.js").status_code == 404
    assert stranger.get("/static/../app.py").status_code == 404
