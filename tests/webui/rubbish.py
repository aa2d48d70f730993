"""Rubbish of every kind, as strategies of Hypothesis: for paths, queries, forms, files, headers and cookies."""

# ruff: noqa: E501 - a list of rubbish reads best in full lines

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from hypothesis import strategies as st

import webui

_NAME = re.compile(r'(?:args|form|asked|files)\.get(?:list)?\("([^"]+)"')
_SOURCE = Path(webui.__file__).parent
NAMES_OF = {path.stem: sorted(set(_NAME.findall(path.read_text("utf-8")))) for path in _SOURCE.glob("*.py")}
"""Module of pages → the names that it reads from a query or a form."""
NAMES = sorted({name for found in NAMES_OF.values() for name in found})

_ODD = (
    "", " ", "0", "-1", "1", "x", "null", "None", "true", "NaN", "Infinity", "1e400", "1e-400", "9" * 30, "9" * 5000, "٣", "½", "²",
    "\x00", "a\x00b", "\u202egnp.exe", "\ud7ff\uffff", "'", '"', "<script>alert(1)</script>", "{{7*7}}", "${1/0}", "${x}",
    "%s%n", "%(id)s", "../../../../etc/passwd", "..\\..\\x", "//evil.example", "https://evil.example", "javascript:x",
    "2026-13-45", "0000-00-00", "99999-01-01", "9999-12-31T23:59", "0001-01-01T00:00", "2026-02-29", "24:61", "P1D",
    "2026-11-29T10:00+99:99", "~", "~~", "2026~x", "2026-11-23T10:00:00~1", "2026-11-23T10:00:00+08:00~RP26-0001",
    "repair/review", "repair", "review", "a/b/c", "x" * 5000, "好" * 2000, "{" * 300, "[" * 300, "(" * 300, "1" + "+1" * 400,
    '{"file": 1}', "[]", "item[99999].x", "parts[1].quantity", "parts[99999]", "parts[0]", "-" * 200, "\r\nX-Evil: 1",
    "1 = 1", "x = ", "a = 1\nb = \n=", "\ufeff", "e\u0301" * 50, "😀", "system", "-", "group:head", "user:lin",
)  # fmt: skip
values = st.one_of(st.sampled_from(_ODD), st.text(max_size=40), st.integers().map(str), st.floats().map(str))
numbers = st.sampled_from((0, 1, 2, 3, 5, 8, 999, 2**31, 2**63 - 1, 2**63, 10**25))
segments = st.one_of(st.sampled_from([each for each in _ODD if each]), st.text(min_size=1, max_size=30))
names = st.one_of(st.sampled_from(NAMES), st.sampled_from(_ODD), st.text(max_size=12))
file_names = st.one_of(
    st.sampled_from(("x.bpmn", "x.dmn", "x.yaml", "x.xlsx", "x.jpg", "x.html", *_ODD)), st.text(max_size=30)
)
contents = st.one_of(
    st.binary(max_size=200),
    st.sampled_from((
        b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\xff\xd8\xff\xe0", b"GIF89a<script>", b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?><x/>", b"<bpmn:definitions/>", b"groups: [", b"\xff\xfe<\0x\0/\0>\0",
        b"{}", b"- &a [*a]", b"MZ\x90\0", b"\x1f\x8b\x08\0\0\0\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    )),
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Referer", "User-Agent", "X-Forwarded-For", "HX-Request",
    "X-Forwarded-Proto", "Range", "If-None-Match", "If-Modified-Since", "Authorization", "X-CSRFToken", "Origin",
    "HX-Target", "HX-Current-URL", "Forwarded", "X-Real-IP",
)  # fmt: skip
_said = st.one_of(
    st.sampled_from(("", "x", "*/*;q=x", "zh;q=9", "bytes=0-", "bytes=9-1", "Bearer x", "Basic !!", "Basic eDp5", "session=x",
                     "session=.eJx.x.y; session=z", "a=b;;=;c", "999.999.999.999", "'\"", "x" * 4000, "W/\"x", "Tue, 99")),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40).map(lambda text: text.replace("\x7f", "")),
)  # fmt: skip
headers = st.dictionaries(st.sampled_from(HEADERS), _said, max_size=4)


def query(known: Sequence[str] = ()) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Names and values of a query string."""
    return st.lists(st.tuples(st.one_of(st.sampled_from([*known, "x"]), names), values), max_size=5)


def form(known: Sequence[str]) -> st.SearchStrategy[Mapping[str, Sequence[object]]]:
    """Names of a form, each with one or several values or files. `known` are those the form has."""
    files = st.tuples(contents, file_names).map(lambda pair: (BytesIO(pair[0]), pair[1]))
    each = st.lists(st.one_of(values, values, values, files), min_size=1, max_size=3)
    return st.dictionaries(st.one_of(st.sampled_from([*known, "x"]), names), each, max_size=7)
