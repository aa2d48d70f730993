"""People and groups, as the practice and the page People have them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.practice import Group as PracticeGroup
from engine.errors import NotFound
from engine.views import Person
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.operation import Resource
from webui.rest.paging import Page
from webui.rest.shapes import Answer, Count, Query

resource = Resource("User and group")


class User(Answer, frozen=True, kw_only=True):
    """A person."""

    id: str
    first_name: str
    last_name: str = ""
    email: str = ""


class Group(Answer, frozen=True, kw_only=True):
    """A group."""

    id: str
    name: str
    type: str = "WORKFLOW"


class Groups(Answer, frozen=True, kw_only=True):
    """The groups of a person, and who else is in them."""

    groups: tuple[Group, ...]
    group_users: tuple[User, ...]


class UserQuery(Query, frozen=True, kw_only=True):
    """Which people."""

    id: str | None = None
    id_in: tuple[str, ...] | None = None
    first_name: str | None = None
    first_name_like: str = ""
    member_of_group: str | None = None


class GroupQuery(Query, frozen=True, kw_only=True):
    """Which groups."""

    id: str | None = None
    id_in: tuple[str, ...] | None = None
    name: str | None = None
    name_like: str = ""
    type: str | None = None
    member: str | None = None


class GroupsOf(Query, frozen=True, kw_only=True):
    """Whose groups."""

    user_id: str


@resource.get("/user")
def users(query: UserQuery, page: Page) -> tuple[User, ...]:
    """Everybody who has not left."""
    found = _users(query)
    for _, down in page.order({"userId": "id", "firstName": "name"}):
        found = sorted(found, key=lambda each: each.id if page.sort_by == "userId" else each.name, reverse=down)
    return tuple(_user(each) for each in page.part(found))


@resource.get("/user/count")
def user_count(query: UserQuery) -> Count:
    """How many there are."""
    return Count(count=len(_users(query)))


@resource.get("/user/<id>/profile")
def profile(id: str) -> User:
    """One person."""
    return _user(engine().people.get(id))


@resource.get("/group")
def groups(query: GroupQuery, page: Page) -> tuple[Group, ...]:
    """The groups of the practice."""
    found = _groups(query)
    for _, down in page.order({"id": "id", "name": "name", "type": "type"}):
        found = sorted(found, key=lambda each: each.id if page.sort_by == "id" else each.label.zh, reverse=down)
    return tuple(_group(each) for each in page.part(found))


@resource.get("/group/count")
def group_count(query: GroupQuery) -> Count:
    """How many there are."""
    return Count(count=len(_groups(query)))


@resource.get("/group/<id>")
def group(id: str) -> Group:
    """One group."""
    found = next((each for each in engine().people.groups() if each.id == id), None)
    return _group(found) if found is not None else ids.missing(id, "group")


@resource.get("/identity/groups")
def groups_of(query: GroupsOf) -> Groups:
    """The groups of a person, and who is in them."""
    mine = engine().people.get(query.user_id).groups
    others = [each for each in engine().people.list() if each.active and set(each.groups) & set(mine)]
    named = tuple(_group(each) for each in engine().people.groups() if each.id in mine)
    return Groups(groups=named, group_users=tuple(_user(each) for each in others))


def _users(query: UserQuery) -> Sequence[Person]:
    return [
        each
        for each in engine().people.list(group=query.member_of_group or "")
        if each.active
        and query.id in (None, each.id)
        and (query.id_in is None or each.id in query.id_in)
        and query.first_name in (None, each.name)
        and narrowing.like(query.first_name_like, each.name)
    ]


def _groups(query: GroupQuery) -> Sequence[PracticeGroup]:
    return [
        each
        for each in engine().people.groups()
        if query.id in (None, each.id)
        and (query.id_in is None or each.id in query.id_in)
        and query.name in (None, each.label.zh)
        and narrowing.like(query.name_like, each.label.zh)
        and query.type in (None, "WORKFLOW")
        and (query.member is None or each.id in _groups_of(query.member))
    ]


def _groups_of(user_id: str) -> tuple[str, ...]:
    try:
        return engine().people.get(user_id).groups
    except NotFound:
        return ()


def _user(person: Person) -> User:
    return User(id=person.id, first_name=person.name)


def _group(found: PracticeGroup) -> Group:
    return Group(id=found.id, name=found.label.zh)
