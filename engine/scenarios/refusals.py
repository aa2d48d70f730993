"""Comparing the answer to a refused step with what the story says it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import DeploymentRefused, FormInvalid, GendanError
from engine.scenarios.outcome import Problem
from engine.scenarios.steps import Refusal, Step

if TYPE_CHECKING:
    from engine.scenarios.play import Play


def accepted(refused: Refusal | None) -> Problem | None:
    """The problem of a step that went through, when it ought not to."""
    if refused is None:
        return None
    return Problem(refused.place, "The step must be refused.", "a refusal", "it was accepted")


def differs(play: Play, step: Step, refused: Refusal | None, error: GendanError) -> Problem | None:
    """The problem of a step that was refused, when it ought not to be or says something else."""
    found = answer(error)
    if refused is None:
        return Problem(step.place, "The step was refused.", "it is done", found)
    wanted = play.text(refused.says)
    text = play.text(refused.text)
    missing = [part for part in (text,) if part and part not in found]
    if wanted and wanted != error.code and wanted not in found:
        missing.append(wanted)
    if refused.code and refused.code != error.code:
        missing.append(f"code {refused.code}")
    missing += [f"field {name}" for name in refused.fields if name not in _fields(error)]
    if refused.rule and refused.rule not in _rules(error):
        missing.append(f"rule {refused.rule}")
    if not missing:
        return None
    return Problem(refused.place, "The step was refused for another reason.", ", ".join(missing), found)


def answer(error: GendanError) -> str:
    """Everything a refusal says: its code, its text, a line a field or finding."""
    lines = [f"[{error.code}] {error}"]
    match error:
        case FormInvalid():
            lines += [f"{path}: {each}" for path, found in error.errors.items() for each in found]
        case DeploymentRefused():
            lines += [str(finding) for finding in error.findings]
    return "\n".join(lines)


def _fields(error: GendanError) -> frozenset[str]:
    return frozenset(error.errors) if isinstance(error, FormInvalid) else frozenset()


def _rules(error: GendanError) -> frozenset[str]:
    found = error.findings if isinstance(error, DeploymentRefused) else ()
    return frozenset(str(getattr(finding, "rule", "")) for finding in found)
