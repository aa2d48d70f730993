"""The entry point `gendan`: finds its commands, and turns every error into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import IO

import click

from engine.errors import DeploymentRefused, GendanError
from engine.logs import set_up as set_up_logs

FINDINGS = 1
"""Exit code: it ran, and the answer is no (findings, a failed scenario, a refusal). 2 is wrong usage."""

_COMMANDS = {
    "init": "engine.command.init:init",
    "deploy": "engine.command.deploy:deploy",
    "validate": "engine.command.validate:validate",
    "test": "engine.command.test:test",
    "migrate": "engine.command.migrate:migrate",
    "simulate": "engine.command.simulate:simulate",
    "policy": "engine.command.policy:policy",
    "worker": "engine.command.worker:worker",
    "user": "engine.command.user:user",
    "incidents": "engine.command.incidents:incidents",
    "jobs": "engine.command.jobs:jobs",
    "verify-history": "engine.command.verify_history:verify_history",
    "history": "engine.command.history:history",
    "retention": "engine.command.retention:retention",
    "backup": "engine.command.backup:backup",
    "restore": "engine.command.restore:restore",
    "import": "engine.command.import_:import_",
    "export": "engine.command.export:export",
}
_ENTRY_POINTS = "gendan.commands"


class _Commands(click.Group):
    """Commands are imported when they are called, those of other packages found by their entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [*_COMMANDS, *sorted(_offered())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name in _COMMANDS:
            module, name = _COMMANDS[cmd_name].split(":")
            found: click.Command = getattr(import_module(module), name)
            return found
        offered = _offered().get(cmd_name)
        if offered is None:
            return None
        loaded: click.Command = offered.load()
        return loaded

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DeploymentRefused as refused:
            for finding in refused.findings:
                click.echo(str(finding), err=True)
            raise _Failed(str(refused)) from refused
        except GendanError as error:
            raise _Failed(str(error)) from error
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except Exception as fault:
            if os.environ.get("GENDAN_DEBUG"):
                raise
            raise _Failed(_fault(fault)) from fault


class _Failed(click.ClickException):
    exit_code = FINDINGS

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence alone, where click asks for it."""
        click.secho(self.message, file=file or sys.stderr, fg="red")


def _offered() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=_ENTRY_POINTS)}


def _fault(fault: Exception) -> str:
    """One sentence for what nobody foresaw; a database that cannot be reached is the most frequent."""
    text = str(fault).strip().split("\n")[0]
    return (
        f"{type(fault).__name__}: {text}\nThis was not foreseen. Check GENDAN_DATABASE_URL and the disk; "
        "with GENDAN_DEBUG=1 the whole trace is shown, which helps those who mend it."
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gendan", prog_name="gendan")
def cli() -> None:
    """Run processes from their diagrams.

    Where the data is: GENDAN_DATABASE_URL (without it an SQLite file in var/, or in GENDAN_DATA_DIR).

    Exit codes: 0 done, 1 findings, failures or a refusal, 2 wrong usage.
    """
    # Chinese texts must come out whatever the terminal's locale says.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    set_up_logs()
