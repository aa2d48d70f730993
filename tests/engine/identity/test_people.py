"""People, their groups and who stands in for whom, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.identity import SignInRefused
from engine.views import Actor
from tests.engine.identity.company import ANNA, HUGO, IT, PASSWORD, START, SYSTEM, Company, opened


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with opened(database_url, tmp_path) as made:
        yield made


def test_people_are_listed_by_name_with_their_groups(company: Company) -> None:
    people = company.engine.people
    assert [(each.id, each.groups) for each in people.list()] == [
        ("anna", ("clerk",)), ("hugo", ("head",)), ("ivan", ("it",)),
    ]  # fmt: skip
    assert [each.id for each in people.list(group="head")] == ["hugo"]
    assert [group.label.en for group in people.groups()] == ["Clerk", "Head", "IT"]
    assert people.rights(IT) == {"administer", "deploy"}
    assert people.rights(ANNA) == frozenset()
    with pytest.raises(NotFound):
        people.get("zoe")


def test_only_who_may_administer_changes_people(company: Company) -> None:
    people = company.engine.people
    for attempt in (
        lambda: people.create("zoe", "Zoe", "", ["clerk"], ANNA),
        lambda: people.set_groups("anna", ["it"], ANNA),
        lambda: people.set_password("hugo", PASSWORD, ANNA),
        lambda: people.deactivate("hugo", ANNA),
        lambda: people.set_name("anna", "Queen", ANNA),
        lambda: people.create("zoe", "Zoe", "", [], Actor("nobody")),
    ):
        with pytest.raises(Forbidden) as caught:
            attempt()
        assert caught.value.fields["right"] == "administer"
    people.create("zoe", "Zoe", "", ["clerk"], IT, "en")
    people.set_groups("zoe", ["clerk", "head"], IT)
    assert people.get("zoe").groups == ("clerk", "head")
    assert people.get("zoe").language == "en"


@pytest.mark.parametrize("wrong", ["", "-", "a b", "x" * 65])
def test_a_person_needs_a_user_name_a_known_group_and_an_id_of_his_own(company: Company, wrong: str) -> None:
    people = company.engine.people
    with pytest.raises(Invalid):
        people.create(wrong, "X", "", [], IT)
    with pytest.raises(Invalid, match=r"Did you mean clerk\?"):
        people.create("zoe", "Zoe", "", ["clerc"], IT)
    with pytest.raises(Conflict):
        people.create("anna", "Another", "", [], IT)
    for name in ("a\x00b", "two\nlines", "x" * 101):
        with pytest.raises(Invalid, match="name"):
            people.create("zoe", name, "", [], IT)
        with pytest.raises(Invalid, match="name"):
            people.set_name("anna", name, IT)
        with pytest.raises(Invalid, match="name"):
            company.engine.identity.create_token(name, ANNA)


def test_the_last_administrator_cannot_shut_the_door(company: Company) -> None:
    people = company.engine.people
    for attempt in (lambda: people.deactivate("ivan", IT), lambda: people.set_groups("ivan", [], IT)):
        with pytest.raises(Conflict, match="Nobody would be left"):
            attempt()
    assert people.get("ivan").active
    people.set_groups("ivan", [], SYSTEM)


def test_signing_in_counts_failures_in_the_database_and_locks(company: Company) -> None:
    people, identity = company.engine.people, company.engine.identity
    people.set_password("anna", PASSWORD, IT, must_change=False)
    assert identity.authenticate("anna", PASSWORD).groups == ("clerk",)
    for _ in range(5):
        with pytest.raises(SignInRefused, match="wrong"):
            identity.authenticate("anna", "not the password")
    with pytest.raises(SignInRefused, match="Too many") as caught:
        identity.authenticate("anna", PASSWORD)
    assert caught.value.fields["until"] == START + timedelta(minutes=15)
    company.pass_time(minutes=16)
    assert identity.authenticate("anna", PASSWORD).id == "anna"


def test_a_new_password_ends_a_lock_out_and_unknown_names_lock_alike(company: Company) -> None:
    people, identity = company.engine.people, company.engine.identity
    for user_id in ("anna", "nobody"):
        for _ in range(5):
            with pytest.raises(SignInRefused, match="wrong"):
                identity.authenticate(user_id, "x")
        with pytest.raises(SignInRefused, match="Too many"):
            identity.authenticate(user_id, "x")
    people.set_password("anna", PASSWORD, IT, must_change=False)
    assert identity.authenticate("anna", PASSWORD).id == "anna"


def test_who_has_left_or_has_no_password_cannot_sign_in(company: Company) -> None:
    people, identity = company.engine.people, company.engine.identity
    with pytest.raises(SignInRefused):
        identity.authenticate("hugo", "")
    people.set_password("hugo", PASSWORD, IT, must_change=False)
    people.deactivate("hugo", IT)
    with pytest.raises(SignInRefused):
        identity.authenticate("hugo", PASSWORD)
    people.activate("hugo", IT)
    assert identity.authenticate("hugo", PASSWORD).active


def test_a_token_acts_as_its_person_until_it_expires_or_is_taken_away(company: Company) -> None:
    identity = company.engine.identity
    token = identity.create_token("modeler", ANNA, expires=START + timedelta(days=1))
    assert identity.authenticate_token(token).id == "anna"
    assert [(each.name, each.used_at) for each in identity.tokens(ANNA)] == [("modeler", START)]
    for wrong in ("", token + "x"):
        with pytest.raises(SignInRefused):
            identity.authenticate_token(wrong)
    with pytest.raises(Forbidden):
        identity.create_token("stolen", ANNA, user_id="hugo")
    with pytest.raises(NotFound):
        identity.remove_token(identity.tokens(ANNA)[0].id, HUGO)
    company.pass_time(days=2)
    with pytest.raises(SignInRefused):
        identity.authenticate_token(token)
    again = identity.create_token("modeler", ANNA)
    identity.remove_token(identity.tokens(ANNA)[0].id, ANNA)
    with pytest.raises(SignInRefused):
        identity.authenticate_token(again)


def test_a_deputy_has_the_rights_of_the_one_he_stands_in_for_while_he_does(company: Company) -> None:
    people = company.engine.people
    made = people.add_substitution("ivan", "anna", None, START + timedelta(days=1), IT)
    assert (made.principal_name, made.deputy_name, made.starts) == ("Ivan", "Anna", START)
    people.create("zoe", "Zoe", "", ["clerk"], ANNA)
    assert people.rights(ANNA) == {"administer", "deploy"}
    company.pass_time(days=1)
    with pytest.raises(Forbidden):
        people.create("yan", "Yan", "", ["clerk"], ANNA)
    assert people.substitutions(SYSTEM) == ()


def test_substitutions_are_ones_own_not_transitive_and_never_a_circle(company: Company) -> None:
    people = company.engine.people
    with pytest.raises(Forbidden):
        people.add_substitution("hugo", "ivan", None, None, ANNA)
    people.add_substitution("ivan", "hugo", None, None, IT)
    people.add_substitution("hugo", "anna", None, None, HUGO)
    assert "administer" in people.rights(HUGO)
    assert people.rights(ANNA) == {"cancel"}
    with pytest.raises(Invalid, match="nobody would be left"):
        people.add_substitution("anna", "ivan", None, None, ANNA)
    with pytest.raises(NotFound):
        people.add_substitution("anna", "zoe", None, None, ANNA)


def test_a_substitution_for_one_record_is_known_to_those_who_take_part(company: Company) -> None:
    people = company.engine.people
    made = people.add_substitution("hugo", "ivan", None, None, HUGO, "record", "LN26-0001")
    assert [each.scope_key for each in people.substitutions(HUGO)] == ["LN26-0001"]
    assert people.substitutions(ANNA) == ()
    with pytest.raises(Forbidden):
        people.end_substitution(made.id, ANNA)
    people.end_substitution(made.id, HUGO)
    assert people.substitutions(SYSTEM) == ()
    with pytest.raises(NotFound):
        people.end_substitution(999, HUGO)


def test_who_leaves_stands_in_for_nobody(company: Company) -> None:
    people = company.engine.people
    people.add_substitution("ivan", "hugo", None, None, IT)
    people.add_substitution("hugo", "anna", START + timedelta(days=3), None, HUGO)
    people.deactivate("hugo", IT)
    assert people.substitutions(SYSTEM) == ()
    with pytest.raises(Invalid, match="not active"):
        people.add_substitution("ivan", "hugo", None, None, IT)


def test_each_change_is_in_the_chain_of_administration(company: Company) -> None:
    people = company.engine.people
    people.create("zoe", "Zoe", "", ["clerk"], IT)
    people.add_substitution("ivan", "anna", None, None, IT)
    people.set_groups("zoe", ["head"], ANNA)
    rows = company.engine.machinery.read(lambda connection: [*_audit(connection)])
    told = [(row.kind, row.actor, row.subject) for row in rows]
    assert told[-3:] == [
        ("person-created", "ivan", "zoe"), ("substitution-added", "ivan", "ivan"), ("groups-set", "anna", "zoe"),
    ]  # fmt: skip
    assert '"on_behalf_of":"ivan"' in rows[-1].data


def _audit(connection):  # type: ignore[no-untyped-def]
    from engine.store import history

    return history.audit_rows(connection)
