"""Who stands in for whom, as rows and as what is told of it; and what a step of a diagram does about it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.connectors import EndSubstitute, Substitute
from engine.errors import Invalid
from engine.identity import Substitution, check_substitution
from engine.runtime.unit import nobody
from engine.runtime.unit.administration import tell
from engine.store import people
from engine.values import Value

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step


def read(row: Any) -> Substitution:
    """A stored substitution."""
    return Substitution(row.principal, row.deputy, row.starts_at, row.ends_at, row.scope_kind, row.scope_key)


def row(new: Substitution, by: str, now: datetime) -> dict[str, Any]:
    """A substitution as it is stored."""
    return {
        "principal": new.principal,
        "deputy": new.deputy,
        "starts_at": new.starts,
        "ends_at": new.ends,
        "scope_kind": new.scope_kind,
        "scope_key": new.scope_key,
        "created_by": by,
        "created_at": now,
    }


def told(found: Substitution) -> dict[str, Value]:
    """What the chain of administration tells of a substitution."""
    return {
        "deputy": found.deputy,
        "starts": found.starts,
        "ends": found.ends,
        "scope_kind": found.scope_kind,
        "scope_key": found.scope_key,
    }


def begin(step: Step, wanted: Substitute) -> None:
    """Let a deputy stand in, in the transaction of the step; one that stands already is not made twice.

    Raises Invalid for somebody who is not active, and when it would close a circle.
    """
    new = Substitution(
        wanted.principal, wanted.deputy, wanted.starts or step.now, wanted.ends, wanted.scope, wanted.key
    )
    for user_id in (new.principal, new.deputy):
        account = people.account(step.connection, user_id)
        if account is None or not account.active:
            raise Invalid("%(id)s is not active any more. Choose another person.", id=user_id)
    standing = [read(each) for each in people.substitutions(step.connection, step.now)]
    if new in standing:
        return
    check_substitution(new, standing, step.now)
    people.add_substitution(step.connection, row(new, step.actor, step.now))
    nobody.note(step.connection, [new.principal])
    tell(step.machinery, step.connection, "substitution-added", step.acting, new.principal, told(new), own=True)


def end(step: Step, wanted: EndSubstitute) -> None:
    """End what a deputy (or, without one, anybody) stands in for a principal in this scope; none is no error."""
    for found in people.substitutions(step.connection, step.now):
        one = read(found)
        fits = (one.principal, one.scope_kind, one.scope_key) == (wanted.principal, wanted.scope, wanted.key)
        if fits and wanted.deputy in ("", one.deputy):
            people.end_substitutions(step.connection, step.now, substitution_id=found.id)
            nobody.note(step.connection, [one.principal])
            tell(step.machinery, step.connection, "substitution-ended", step.acting, one.principal, told(one), own=True)
