"""What the administrator decides outside the practice: read once from `GENDAN_*`, typed and checked."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from environs import Env, EnvError, validate

from engine.attachments.settings import AttachmentSettings, read_attachments
from engine.errors import Invalid
from engine.outside_settings import OutsideSettings, read_outside
from engine.sign_in_settings import SignInSettings, read_sign_in

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the engine.

    `history_key` is the secret of the history's HMAC chain; it must live outside the database.
    `message_days` is how long a message that nobody waits for yet is kept, `keep_years` how long the contents of a
    record that is over, where its kind says nothing else (0: forever), `draft_days` how long a draft of a diagram or
    table that nobody saves again (0: forever). `metrics_token` lets a monitor ask for /metrics.
    """

    database_url: str = field(repr=False)
    attachments_dir: Path
    history_key: bytes = field(repr=False)
    message_days: int = 400
    max_attachment_bytes: int = 50 * 1024 * 1024
    keep_years: int = 0
    draft_days: int = 400
    metrics_token: str = field(default="", repr=False)
    sign_in: SignInSettings = field(default_factory=SignInSettings)
    outside: OutsideSettings = field(default_factory=OutsideSettings)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)

    @staticmethod
    def from_environment(directory: Path | None = None) -> Settings:
        """The settings of `GENDAN_DATABASE_URL`, `GENDAN_DATA_DIR`, `GENDAN_HISTORY_KEY` and so on.

        Raises Invalid naming the variable. Without `GENDAN_HISTORY_KEY` a key file in the data directory is used,
        made when it is missing.
        """
        env = Env(prefix="GENDAN_")
        try:
            data = data_directory(directory)
            return Settings(
                database_url=env.str("DATABASE_URL", "") or f"sqlite:///{data / 'gendan.sqlite3'}",
                attachments_dir=env.path("ATTACHMENTS_DIR", data / "attachments"),
                history_key=_key(env.str("HISTORY_KEY", ""), data / "history.key"),
                message_days=env.int("MESSAGE_DAYS", 400),
                max_attachment_bytes=env.int("MAX_ATTACHMENT_BYTES", 50 * 1024 * 1024),
                metrics_token=env.str("METRICS_TOKEN", ""),
                keep_years=env.int("KEEP_YEARS", 0, validate=validate.Range(min=0)),
                draft_days=env.int("DRAFT_DAYS", 400, validate=validate.Range(min=0)),
                sign_in=read_sign_in(env, data, _key),
                outside=read_outside(env),
                attachments=read_attachments(env),
            )
        except EnvError as error:
            raise Invalid("A setting cannot be used: %(error)s. Mend the environment variable.", error=error) from error


def data_directory(directory: Path | None = None) -> Path:
    """Where files are kept: `GENDAN_DATA_DIR`."""
    return Env(prefix="GENDAN_").path("DATA_DIR", directory or Path("var")).resolve()


def _key(given: str, path: Path) -> bytes:
    if given:
        return given.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_key(path)
    key = path.read_text().strip().encode()
    if not key:
        raise Invalid("The key file %(path)s is empty. Put it back from your backup.", path=path)
    return key


def _make_key(path: Path) -> None:
    """A new key, there whole or not at all: many processes may begin at once, and must all read the same one."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first
        os.link(made, path)
    made.unlink()
