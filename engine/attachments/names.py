"""Names of uploaded files, cleaned: a name is shown and proposed for saving, never used as a path."""

from __future__ import annotations

import unicodedata

_MOST_BYTES = 200
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters: among them the ones that turn the direction of reading."""


def clean(name: str) -> str:
    """The last part of a path without what cannot be seen, short enough for every file system; `file` when nothing is
    left. The ending is kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(" " if each in '<>:"|?*' else each for each in last if unicodedata.category(each) not in _UNSEEN)
    plain = " ".join(plain.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = plain, "", ""
    room = _MOST_BYTES - len((dot + ending).encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip()
    return f"{stem}{dot}{ending}" if stem else "file" + dot + ending


def ending(name: str) -> str:
    """The ending in small letters, without its dot; empty without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""
