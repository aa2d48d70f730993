"""What the administrator decides about uploaded files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from environs import Env, EnvError, validate

_CLAMD = re.compile(r"/.+|[^:\s]+:\d{1,5}")


@dataclass(frozen=True, slots=True)
class AttachmentSettings:
    """`form_files` are the uploads one person may have waiting for one form, `pending_files` for all of them.

    A scanner is a command that is given the path (it ends with 0: clean, 1: infected) or clamd, `host:port` or the path
    of its socket. While it cannot be asked, files are refused, or with `scan_hold` kept where nobody can open them.
    """

    form_files: int = 20
    pending_files: int = 200
    scan_command: str = ""
    clamd: str = ""
    scan_hold: bool = False
    scan_seconds: int = 60


def read_attachments(env: Env) -> AttachmentSettings:
    """The settings of `GENDAN_FORM_FILES`, `GENDAN_SCAN_COMMAND` and so on. Raises EnvError."""
    clamd = env.str("CLAMD", "")
    if clamd and not _CLAMD.fullmatch(clamd):
        raise EnvError("GENDAN_CLAMD is neither host:port nor the path of a socket")
    return AttachmentSettings(
        form_files=env.int("FORM_FILES", 20, validate=validate.Range(min=1)),
        pending_files=env.int("PENDING_FILES", 200, validate=validate.Range(min=1)),
        scan_command=env.str("SCAN_COMMAND", ""),
        clamd=clamd,
        scan_hold=env.bool("SCAN_HOLD", False),
        scan_seconds=env.int("SCAN_SECONDS", 60, validate=validate.Range(min=1)),
    )
