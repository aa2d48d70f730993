"""Who may do and see what, as SQL predicates: the same for every list, count, search, query and download.

`who` reads once what a person is (groups, rights, whom he stands in for); the predicates below are built from it.
Rights of a substitution are computed when read, are not transitive, and stop at confidential instances.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import simplejson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from engine.store.connect import Connection, asked_before
from engine.store.prepared import STAND_IN, Listed, Prepared
from engine.store.schema.people import group, membership, substitution, user
from engine.store.schema.records import notification
from engine.store.schema.running import instance_access, process_instance, task, task_candidate

SYSTEM = "-"
"""The engine itself (timers, the command line of the machine): no person can have this id."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity somebody acts: as himself (`principal` is his own id) or standing in for a principal.

    `scope_kind` is all, record or group, as the substitution says.
    """

    principal: str
    groups: frozenset[str]
    rights: frozenset[str]
    scope_kind: str = "all"
    scope_key: str = ""

    @property
    def subjects(self) -> list[str]:
        """What rows may name to mean this capacity, sorted."""
        if self.scope_kind == "group":
            return [f"group:{self.scope_key}"] if self.scope_key in self.groups else []
        return [f"user:{self.principal}", *sorted(f"group:{each}" for each in self.groups)]

    @property
    def everything(self) -> list[str]:
        """Every name a rule may exclude the principal by, whatever the scope, sorted."""
        return [f"user:{self.principal}", *sorted(f"group:{each}" for each in self.groups)]

    @property
    def personal(self) -> bool:
        """Whether what belongs to the principal in person belongs to it, not only what belongs to a group."""
        return self.scope_kind != "group"


@dataclass(frozen=True, slots=True)
class Acting:
    """A person who acts, with everything that decides what he may."""

    user_id: str
    name: str
    known: bool
    own: Capacity
    deputy: tuple[Capacity, ...] = ()

    @property
    def system(self) -> bool:
        """Whether the engine itself acts."""
        return self.user_id == SYSTEM

    def capacities(self) -> Iterator[Capacity]:
        """His own first."""
        yield self.own
        yield from self.deputy

    def capacity_with(self, right: str, key: str = "", confidential: bool = False) -> Capacity | None:
        """The capacity in which he has a right on a record; None when he has not."""
        for each in self.capacities():
            if right in each.rights and self.reaches(each, key, confidential):
                return each
        return None

    def capacity_in(self, groups: tuple[str, ...], key: str = "", confidential: bool = False) -> Capacity | None:
        """The capacity in which he belongs to one of these subjects (`group:x`, `user:x` or bare group ids)."""
        wanted = {each if ":" in each else f"group:{each}" for each in groups}
        for each in self.capacities():
            if wanted & set(each.subjects) and self.reaches(each, key, confidential):
                return each
        return None

    def reaches(self, capacity: Capacity, key: str, confidential: bool) -> bool:
        """Whether this capacity extends to a record: his own always, a deputy's within its scope."""
        if capacity is self.own:
            return True
        return not confidential and (capacity.scope_kind != "record" or capacity.scope_key == key)


_ME: BindParameter[str] = bindparam("me", type_=user.c.id.type)
_NOW: BindParameter[datetime] = bindparam("now", type_=substitution.c.starts_at.type)
_WHO = Prepared(union_all(
    select(literal("user").label("what"), user.c.id.label("a"), user.c.name.label("b"), null().label("c"), null())
    .where(user.c.id == _ME, user.c.active),
    select(literal("group"), membership.c.group_id, group.c.rights, null(), null())
    .select_from(membership.outerjoin(group, group.c.id == membership.c.group_id))
    .where(membership.c.user_id == _ME),
    select(literal("for:") + substitution.c.principal, membership.c.group_id, group.c.rights,
           substitution.c.scope_kind, substitution.c.scope_key)
    .select_from(
        substitution.outerjoin(membership, membership.c.user_id == substitution.c.principal)
        .outerjoin(group, group.c.id == membership.c.group_id)
    )
    .where(substitution.c.deputy == _ME, substitution.c.starts_at <= _NOW,
           or_(substitution.c.ends_at.is_(None), substitution.c.ends_at > _NOW)),
))  # fmt: skip


def who(connection: Connection, user_id: str, now: datetime) -> Acting:
    """What this person is at this moment, in one statement."""
    if user_id == SYSTEM:
        return Acting(SYSTEM, "", True, Capacity(SYSTEM, frozenset(), frozenset()))
    before = asked_before(connection)
    if before is None:
        return _who(connection, user_id, now)
    if ("who", user_id) not in before:  # a view is one moment
        before["who", user_id] = _who(connection, user_id, now)
    found: Acting = before["who", user_id]
    return found


def _who(connection: Connection, user_id: str, now: datetime) -> Acting:
    name, known = "", False
    groups: dict[tuple[str, str, str], set[str]] = {(user_id, "all", ""): set()}
    rights: dict[tuple[str, str, str], set[str]] = {(user_id, "all", ""): set()}
    for what, a, b, kind, scope in _WHO.rows(connection, {"me": user_id, "now": now}):
        if what == "user":
            known, name = True, b
            continue
        key = (user_id, "all", "") if what == "group" else (what[4:], kind, scope)
        groups.setdefault(key, set())
        rights.setdefault(key, set())
        if a is not None:
            groups[key].add(a)
            if b and (kind != "group" or a == scope):
                rights[key].update(simplejson.loads(b))
    made = [Capacity(key[0], frozenset(groups[key]), frozenset(rights[key]), key[1], key[2]) for key in sorted(groups)]
    own = next(each for each in made if each.principal == user_id)
    return Acting(user_id, name, known, own, tuple(each for each in made if each is not own))


P = ParamSpec("P")
Who = TypeVar("Who", Acting, Acting | None)
Statement = TypeVar("Statement", bound=Prepared | Listed)


def per_position(make: Callable[Concatenate[Who, P], Statement]) -> Callable[Concatenate[Who, P], Statement]:
    """Build the statement once for all who are in the same position: who have as many groups and the same rights, and
    stand in likewise. Who one of them is, and which groups they are, is filled in when it is sent.

    Building a statement costs more than running it, and a company has many people and few positions.
    """
    known: Any = lru_cache(maxsize=512)(make)

    def statement(acting: Who, /, *args: P.args, **kwargs: P.kwargs) -> Statement:
        position, fillings = (None, {}) if acting is None else _position(acting)
        found: Statement = known(position, *args, **kwargs).filled(fillings)
        return found

    return statement


@lru_cache(maxsize=4096)
def _position(acting: Acting) -> tuple[Acting, Mapping[str, str]]:
    """The position somebody is in, with every id replaced by one that stands in for it; and what they stand for."""
    if acting.system:
        return acting, {}
    stand_ins: dict[str, str] = {"": ""}

    def stand_in(text: str) -> str:
        return stand_ins.setdefault(text, f"{STAND_IN}{len(stand_ins):04}")

    def placed(each: Capacity) -> Capacity:
        principal, groups = stand_in(each.principal), frozenset(stand_in(group) for group in sorted(each.groups))
        return Capacity(principal, groups, each.rights, each.scope_kind, stand_in(each.scope_key))

    own, deputy = placed(acting.own), tuple(placed(each) for each in acting.deputy)
    fillings = {prefix + new: prefix + text for text, new in stand_ins.items() for prefix in ("", "user:", "group:")}
    return Acting(stand_in(acting.user_id), "", acting.known, own, deputy), fillings


def may_do(acting: Acting) -> ColumnElement[bool]:
    """Whether the person may complete `task` (joined with its `process_instance`): his or unclaimed and offered,
    and not kept from him by four eyes."""
    return or_(*(_does(acting, each) for each in acting.capacities())) if acting.known else false()


def done_for(acting: Acting) -> ColumnElement[str | None]:
    """The principal in whose capacity the person may complete `task`; NULL when he may not."""
    return case(*((_does(acting, each), literal(each.principal)) for each in acting.capacities()), else_=null())


def is_mine(acting: Acting) -> ColumnElement[bool]:
    """Whether `task` is assigned to the person or to somebody he stands in for."""
    return or_(
        *(
            and_(task.c.assignee == each.principal, _within(acting, each), _open_to(acting, each))
            for each in acting.capacities()
            if each.personal
        )
    )


def is_offered(acting: Acting) -> ColumnElement[bool]:
    """Whether `task` is unclaimed and offered to the person (four eyes respected)."""
    return or_(
        *(
            and_(
                task.c.assignee == "",
                _offered(each),
                _within(acting, each),
                _not_kept(acting, each),
                _open_to(acting, each),
            )
            for each in acting.capacities()
        )
    )


def took_part(acting: Acting) -> ColumnElement[bool]:
    """Whether the person himself did something in `process_instance` before."""
    return _access(["participant"], [f"user:{acting.user_id}"])


def may_see(acting: Acting) -> ColumnElement[bool]:
    """Whether the person may know `process_instance`.

    The one responsible, who had a task, readers, who has or is offered a task now, and who may see all; never who
    is excluded by name.
    """
    if acting.system:
        return true()
    if not acting.known:
        return false()
    ways = [_known_to(acting, each) for each in acting.capacities()]
    return and_(or_(*ways), ~is_shut_out(acting))


def is_shut_out(acting: Acting) -> ColumnElement[bool]:
    """Whether the person is excluded from `process_instance`, by name or by a group."""
    return _access(["excluded"], acting.own.everything)


def open_to_all() -> ColumnElement[bool]:
    """Whether everybody who may see all sees `process_instance`: it is not confidential and nobody is kept from it."""
    kept_from = select(instance_access.c.instance_id).where(
        instance_access.c.instance_id == process_instance.c.id, instance_access.c.kind == "excluded"
    )
    return and_(process_instance.c.confidential.is_(False), ~kept_from.correlate(process_instance).exists())


def may_hear(acting: Acting) -> ColumnElement[bool]:
    """Whether what is linked to `process_instance` may tell the person about it: what its own process names for who
    works on it, but nothing of a confidential one, and nothing to who is excluded."""
    if acting.system:
        return true()
    discreet = and_(process_instance.c.confidential.is_(False), ~is_shut_out(acting))
    return or_(discreet, may_see(acting))


def receiver_shut_out(user_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the person of a column is excluded from the instance a `notification` is about."""
    groups = select("group:" + membership.c.group_id).where(membership.c.user_id == user_id)
    groups = groups.correlate_except(membership)  # by itself it would correlate with the SELECT right around alone
    return exists().where(
        instance_access.c.instance_id == notification.c.instance_id,
        instance_access.c.kind == "excluded",
        or_(instance_access.c.subject == "user:" + user_id, instance_access.c.subject.in_(groups)),
    )


def known_to_process(process_id: str, telling: Collection[str] = ()) -> ColumnElement[bool]:
    """Whether the instances of a process may ask about `process_instance`: a confidential one is told to its like only,
    and to the processes that its own names (`telling`: those that name the one that asks).

    What an instance asks for becomes its own data, which other people read: their rights cannot decide here.
    """
    open_to = sorted({process_id, *telling})
    return or_(process_instance.c.confidential.is_(False), among(process_instance.c.process_id, open_to))


def _known_to(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    if "see_all" in capacity.rights:
        return and_(_within(acting, capacity), _open_to(acting, capacity))
    open_task = (
        select(task.c.id)
        .where(
            task.c.instance_id == process_instance.c.id,
            or_(task.c.assignee == capacity.principal if capacity.personal else false(), _offered(capacity)),
        )
        .correlate(process_instance)
        .exists()
    )
    known = or_(_access(["owner", "participant", "reader"], capacity.subjects), open_task)
    if capacity is not acting.own:  # that the person himself is not excluded is asked once, for all capacities
        known = and_(known, _open_to(acting, capacity))
    return and_(known, _within(acting, capacity))


def _access(kinds: list[str], subjects: list[str]) -> ColumnElement[bool]:
    return (
        select(instance_access.c.instance_id)
        .where(
            instance_access.c.instance_id == process_instance.c.id,
            among(instance_access.c.subject, subjects),
            among(instance_access.c.kind, kinds),
        )
        .correlate(process_instance)
        .exists()
    )


def _does(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    free = and_(task.c.assignee == "", _offered(capacity))
    mine = or_(task.c.assignee == capacity.principal, free) if capacity.personal else free
    return and_(mine, _within(acting, capacity), _not_kept(acting, capacity), _open_to(acting, capacity))


def _open_to(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    """Whether neither the person nor whom he acts for is excluded from `process_instance`."""
    return ~_access(["excluded"], sorted({*acting.own.everything, *capacity.everything}))


def _offered(capacity: Capacity) -> ColumnElement[bool]:
    return _candidate("candidate", capacity.subjects)


def _not_kept(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    people = sorted({f"user:{acting.user_id}", f"user:{capacity.principal}"})
    return ~_candidate("excluded", people)


def among(column: ColumnElement[str], values: list[str]) -> ColumnElement[bool]:
    """`column IN (…)` for a few values, in a statement that is compiled once: a list alone would be written anew."""
    return column.in_([literal(value) for value in values]) if values else false()


def _candidate(kind: str, subjects: list[str]) -> ColumnElement[bool]:
    return (
        select(task_candidate.c.task_id)
        .where(
            task_candidate.c.task_id == task.c.id,
            task_candidate.c.kind == kind,
            among(task_candidate.c.subject, subjects),
        )
        .correlate(task)
        .exists()
    )


def _within(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    if capacity is acting.own:
        return true()
    open_to_deputies = process_instance.c.confidential.is_(False)
    if capacity.scope_kind == "record":
        return and_(open_to_deputies, process_instance.c.business_key == capacity.scope_key)
    return open_to_deputies
