"""The database of an earlier release, put where a test wants it: on SQLite as it is, on PostgreSQL row by row."""

from __future__ import annotations

import tarfile
from pathlib import Path

from engine.settings import Settings
from engine.store import copying, migrate
from engine.store.connect import Database

HERE = Path(__file__).parent
KEY = b"the key of the golden"


def releases() -> list[str]:
    """The revisions of the releases that are kept."""
    return sorted(path.name.removesuffix(".tar.gz") for path in HERE.glob("*.tar.gz"))


def put(revision: str, url: str, directory: Path) -> Settings:
    """Unpack a golden into the empty database at `url`, still at its own revision."""
    with tarfile.open(HERE / f"{revision}.tar.gz") as archive:
        archive.extractall(directory / "golden", filter="data")
    settings = Settings(url, directory / "golden" / "attachments", KEY)
    source = directory / "golden" / "gendan.sqlite3"
    database = Database(url)
    if database.sqlite:
        source.rename(str(database.url.database))
    else:
        migrate.upgrade(database, revision)
        kept = Database(f"sqlite:///{source}")
        with kept.reading() as rows, database.writing() as into:
            copying.copy(rows, into)
        kept.close()
    database.close()
    return settings
