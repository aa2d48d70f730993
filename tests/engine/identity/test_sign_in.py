"""Sessions, second factors and guesses at the door, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from engine.errors import Conflict, Forbidden, GendanError, Invalid, NotFound
from engine.identity import SignInRefused
from engine.signed_in import Must, Opened, Visitor
from engine.views import Actor
from tests.engine.identity.company import ANNA, HUGO, IT, PASSWORD, START, SYSTEM, Company, opened

DESK = Visitor("Mozilla/5.0 (X11; Linux) Firefox/140.0", "192.0.2.77")
OTHER = "another fine sentence"


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with opened(database_url, tmp_path) as made:
        made.engine.people.set_password("anna", PASSWORD, SYSTEM, must_change=False)
        yield made


def come_in(company: Company) -> Opened:
    return company.engine.sessions.sign_in("anna", PASSWORD, DESK)


def code(company: Company, secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(company.clock.now() + timedelta(seconds=30 * later))


def set_up(company: Company, actor: Actor = ANNA) -> tuple[str, tuple[str, ...]]:
    """A second factor of that person: the secret in his phone, and his recovery codes."""
    factors = company.engine.second_factor
    factors.begin(actor)
    enrolment = factors.enrolment(actor, "跟单")
    assert enrolment is not None
    codes = factors.confirm(actor, code(company, enrolment.secret))
    company.pass_time(seconds=90)  # whoever comes next has another code
    return enrolment.secret, codes


def stored(company: Company) -> str:
    """All that the database holds of signing in and of administration, as text."""
    from sqlalchemy import text

    tables = ("session", "second_factor", "recovery_code", "audit_event", '"user"', "api_token", "sign_in_failure")
    return company.engine.machinery.read(
        lambda connection: "\n".join(
            str(tuple(row)) for table in tables for row in connection.execute(text(f"select * from {table}"))
        )
    )


def at_once(number: int, work: Callable[[], object]) -> list[object]:
    """What each of so many answers who begin together."""
    start, answers = threading.Barrier(number), []

    def one() -> None:
        start.wait()
        try:
            answers.append(work())
        except GendanError as error:
            answers.append(error)

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# --- sessions ---------------------------------------------------------------------------------------------------


def test_a_session_is_known_by_its_secret_alone_and_kept_as_a_digest(company: Company) -> None:
    secret = come_in(company).secret
    session = company.engine.sessions.find(secret)
    assert session is not None
    assert (session.person.id, session.person.groups, session.must) == ("anna", ("clerk",), Must.NOTHING)
    assert company.engine.sessions.find(secret + "x") is None
    assert company.engine.sessions.find("") is None
    assert secret not in stored(company)
    [view] = company.engine.sessions.list(ANNA)
    assert (view.address, view.agent) == ("192.0.2.0/24", DESK.agent)


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_a_week(company: Company) -> None:
    sessions, secret = company.engine.sessions, come_in(company).secret
    company.pass_time(hours=11)
    assert sessions.find(secret) is not None
    company.pass_time(hours=13)
    assert sessions.find(secret) is None
    secret = come_in(company).secret
    for _ in range(16):
        company.pass_time(hours=10)
        assert sessions.find(secret) is not None
    company.pass_time(hours=10)
    assert sessions.find(secret) is None


def test_it_is_noted_as_used_once_a_minute_at_most(company: Company) -> None:
    secret = come_in(company).secret
    company.pass_time(seconds=59)
    company.engine.sessions.find(secret)
    assert company.engine.sessions.list(ANNA)[0].seen_at == START
    company.pass_time(seconds=1)
    company.engine.sessions.find(secret)
    assert company.engine.sessions.list(ANNA)[0].seen_at == START + timedelta(minutes=1)


def test_one_ends_ones_own_sessions_and_nobody_elses(company: Company) -> None:
    sessions = company.engine.sessions
    first, second, third = (come_in(company).secret for _ in range(3))
    here = sessions.find(first)
    there = sessions.find(second)
    assert here is not None
    assert there is not None
    with pytest.raises(NotFound):
        sessions.end(there.id, HUGO)
    sessions.end(there.id, ANNA)
    assert sessions.find(second) is None
    assert sessions.end_others(here.id, ANNA) == 1
    assert sessions.find(third) is None
    assert sessions.find(first) is not None
    sessions.leave(first)
    assert sessions.find(first) is None


def test_an_administrator_sees_and_ends_the_sessions_of_others(company: Company) -> None:
    sessions, secret = company.engine.sessions, come_in(company).secret
    with pytest.raises(Forbidden):
        sessions.list(HUGO, "anna")
    with pytest.raises(Forbidden):
        sessions.end_all("anna", HUGO)
    assert len(sessions.list(IT, "anna")) == 1
    assert sessions.end_all("anna", IT) == 1
    assert sessions.find(secret) is None


@pytest.mark.parametrize("what", ["deactivated", "given a password", "changed her password", "lost her phone"])
def test_sessions_end_at_once_when(company: Company, what: str) -> None:
    engine = company.engine
    if what == "lost her phone":
        set_up(company)
    here, there = (
        company.engine.machinery.write(
            lambda connection: engine.sessions.open(connection, engine.people.get("anna"), DESK, "password")
        ).secret
        for _ in range(2)
    )
    session = engine.sessions.find(here)
    assert session is not None
    if what == "deactivated":
        engine.people.deactivate("anna", IT)
    elif what == "given a password":
        engine.people.set_password("anna", OTHER, IT)
    elif what == "lost her phone":
        engine.second_factor.reset("anna", IT)
    else:
        engine.identity.change_password(ANNA, PASSWORD, OTHER, session.id)
    assert engine.sessions.find(there) is None
    assert (engine.sessions.find(here) is not None) == (what == "changed her password")
    if what == "deactivated":
        engine.people.activate("anna", IT)
        assert engine.sessions.find(there) is None


def test_a_session_costs_one_statement_to_find(company: Company) -> None:
    from engine.store import prepared

    secret, said = come_in(company).secret, []
    company.engine.sessions.find(secret)
    prepared.observers.append(said.append)
    try:
        company.engine.sessions.find(secret)
    finally:
        prepared.observers.remove(said.append)
    assert len(said) == 1


# --- passwords --------------------------------------------------------------------------------------------------


def test_a_password_that_others_know_is_changed_before_anything_else(company: Company) -> None:
    engine = company.engine
    engine.people.set_password("anna", OTHER, IT)
    secret = engine.sessions.sign_in("anna", OTHER, DESK).secret
    session = engine.sessions.find(secret)
    assert session is not None
    assert session.must is Must.CHANGE
    with pytest.raises(SignInRefused, match="make a token"):
        engine.identity.authenticate("anna", OTHER)
    engine.identity.change_password(ANNA, OTHER, "a sentence of her own", session.id)
    session = engine.sessions.find(secret)
    assert session is not None
    assert session.must is Must.NOTHING
    assert engine.identity.authenticate("anna", "a sentence of her own").id == "anna"


def test_a_change_asks_for_the_old_password_and_counts_wrong_ones(company: Company) -> None:
    engine = company.engine
    with pytest.raises(Invalid, match="old one"):
        engine.identity.change_password(ANNA, PASSWORD, PASSWORD)
    with pytest.raises(Invalid, match="guessed"):
        engine.identity.change_password(ANNA, PASSWORD, "Password123456")
    for _ in range(5):
        with pytest.raises(SignInRefused, match="wrong"):
            engine.identity.change_password(ANNA, "not it", OTHER)
    with pytest.raises(SignInRefused, match="Too many"):
        engine.identity.change_password(ANNA, PASSWORD, OTHER)
    company.pass_time(minutes=16)
    assert engine.identity.authenticate("anna", PASSWORD).id == "anna"


# --- guesses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_guesses_made_at_the_same_moment_are_not_more_than_those_made_one_by_one(company: Company, name: str) -> None:
    answers = at_once(16, lambda: company.engine.sessions.sign_in(name, "not the password", DESK))
    said = [str(each) for each in answers]
    assert len(said) == 16
    assert sum("wrong" in each and "Too many" not in each for each in said) == 5
    assert sum("Too many" in each for each in said) == 11
    with pytest.raises(SignInRefused, match="Too many"):
        company.engine.sessions.sign_in(name, PASSWORD, DESK)


def test_a_code_is_not_guessed_by_giving_the_password_again_in_between(company: Company) -> None:
    set_up(company)
    for _ in range(5):
        secret = come_in(company).secret
        with pytest.raises(SignInRefused, match="used already"):
            company.engine.sessions.pass_code(secret, "000000", DESK)
    with pytest.raises(SignInRefused, match="Too many"):
        come_in(company)
    company.pass_time(minutes=16)
    assert come_in(company).awaits_code


def test_codes_guessed_at_the_same_moment_are_counted_too(company: Company) -> None:
    set_up(company)
    secret = come_in(company).secret
    answers = at_once(12, lambda: company.engine.sessions.pass_code(secret, "000000", DESK))
    assert sum("Too many" not in str(each) for each in answers) == 5


def test_who_is_unknown_locked_out_or_gone_gets_the_answers_that_everybody_gets(company: Company) -> None:
    company.engine.people.create("zoe", "Zoe", PASSWORD, [], IT)
    company.engine.people.deactivate("zoe", IT)
    said: dict[str, list[str]] = {}
    for name in ("anna", "zoe", "nobody", "hugo"):  # known, gone, unknown, without a password
        for _ in range(6):
            with pytest.raises(SignInRefused) as caught:
                company.engine.sessions.sign_in(name, "not the password", DESK)
            said.setdefault(name, []).append(str(caught.value))
    assert said["zoe"] == said["nobody"] == said["hugo"] == said["anna"]


def test_an_unknown_name_costs_one_comparison_like_a_known_one(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    compared: list[list[str]] = []
    real = PasswordHasher.verify

    def counting(self: PasswordHasher, kept: str, password: str) -> bool:
        compared.append(kept.split("$")[:4])
        return real(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    costs = []
    for name in ("anna", "hugo", "nobody"):
        with pytest.raises(SignInRefused):
            company.engine.sessions.sign_in(name, "not the password", DESK)
        costs.append([*compared])
        compared.clear()
    assert [len(each) for each in costs] == [1, 1, 1]
    assert costs[0] == costs[2]  # of the same parameters, hence as long


@pytest.mark.parametrize("name", ["", "-", "a\x00b", "x" * 65, "anna;drop", "安 娜"])
def test_what_is_no_user_name_is_refused_without_being_counted(company: Company, name: str) -> None:
    with pytest.raises(SignInRefused, match="wrong"):
        company.engine.sessions.sign_in(name, PASSWORD, DESK)


# --- second factor ----------------------------------------------------------------------------------------------


def test_with_a_second_factor_the_password_opens_nothing(company: Company) -> None:
    phone, _codes = set_up(company)
    half = come_in(company)
    assert half.awaits_code
    session = company.engine.sessions.find(half.secret)
    assert session is not None
    assert session.awaits_code
    assert company.engine.sessions.list(ANNA) == ()
    with pytest.raises(SignInRefused, match="make a token"):
        company.engine.identity.authenticate("anna", PASSWORD)
    full = company.engine.sessions.pass_code(half.secret, code(company, phone), DESK)
    assert full.secret != half.secret
    assert company.engine.sessions.find(half.secret) is None
    session = company.engine.sessions.find(full.secret)
    assert session is not None
    assert not session.awaits_code


def test_a_code_opens_once_and_so_do_those_before_it(company: Company) -> None:
    phone, _codes = set_up(company)
    sessions, now = company.engine.sessions, code(company, phone)
    sessions.pass_code(come_in(company).secret, now, DESK)
    for used in (now, code(company, phone, -1)):
        with pytest.raises(SignInRefused, match="used already"):
            sessions.pass_code(come_in(company).secret, used, DESK)
    sessions.pass_code(come_in(company).secret, code(company, phone, 1), DESK)  # the phone is ahead by half a minute
    with pytest.raises(SignInRefused):
        sessions.pass_code(come_in(company).secret, code(company, phone, 3), DESK)


def test_one_code_used_by_many_at_once_opens_for_one(company: Company) -> None:
    phone, _codes = set_up(company)
    halves, now = [come_in(company).secret for _ in range(4)], code(company, phone)
    answers = at_once(4, lambda: company.engine.sessions.pass_code(halves.pop(), now, DESK))
    assert sum(isinstance(each, Opened) for each in answers) == 1


def test_a_recovery_code_opens_once(company: Company) -> None:
    _phone, codes = set_up(company)
    assert len(set(codes)) == 10
    sessions = company.engine.sessions
    sessions.pass_code(come_in(company).secret, codes[0].upper().replace("-", " "), DESK)
    with pytest.raises(SignInRefused):
        sessions.pass_code(come_in(company).secret, codes[0], DESK)
    assert company.engine.second_factor.of(ANNA).codes_left == 9
    phone_code = code(company, _phone)
    renewed = company.engine.second_factor.renew_codes(ANNA, phone_code)
    with pytest.raises(SignInRefused):
        sessions.pass_code(come_in(company).secret, codes[1], DESK)
    sessions.pass_code(come_in(company).secret, renewed[1], DESK)


def test_the_door_waits_ten_minutes_for_the_code(company: Company) -> None:
    phone, _codes = set_up(company)
    half = come_in(company).secret
    company.pass_time(minutes=11)
    with pytest.raises(NotFound, match="Sign in again"):
        company.engine.sessions.pass_code(half, code(company, phone), DESK)
    for nothing in ("", "x", come_in(company).secret + "x"):
        with pytest.raises(NotFound):
            company.engine.sessions.pass_code(nothing, code(company, phone), DESK)


def test_neither_secret_nor_codes_are_readable_in_the_database(company: Company) -> None:
    phone, codes = set_up(company)
    company.engine.sessions.pass_code(come_in(company).secret, codes[0], DESK)
    token = company.engine.identity.create_token("robot", ANNA)
    held = stored(company).lower()
    assert "second-factor-set" in held
    for secret in (phone, *codes, *(each.replace("-", "") for each in codes), token, PASSWORD):
        assert secret.lower() not in held


def test_a_wrong_code_confirms_nothing_and_a_set_up_one_is_not_replaced(company: Company) -> None:
    factors = company.engine.second_factor
    with pytest.raises(Conflict):
        factors.confirm(ANNA, "123456")
    factors.begin(ANNA)
    for wrong in ("", "000000", "abcdef", "١٢٣٤٥٦"):
        with pytest.raises(Invalid):
            factors.confirm(ANNA, wrong)
    assert not come_in(company).awaits_code
    set_up(company)
    with pytest.raises(Conflict, match="already"):
        factors.begin(ANNA)
    assert factors.enrolment(ANNA, "x") is None


def test_removing_it_takes_a_code_and_resetting_it_an_administrator(company: Company) -> None:
    phone, _codes = set_up(company)
    factors = company.engine.second_factor
    with pytest.raises(SignInRefused):
        factors.remove(ANNA, "000000")
    with pytest.raises(Forbidden):
        factors.reset("anna", HUGO)
    factors.remove(ANNA, code(company, phone))
    assert not come_in(company).awaits_code
    set_up(company)
    factors.reset("anna", IT)
    assert not come_in(company).awaits_code
    with pytest.raises(Conflict, match="no second factor"):
        factors.reset("anna", IT)


def test_a_group_that_wants_it_lets_its_members_do_nothing_else_first(company: Company) -> None:
    from tests.engine.identity.company import PRACTICE

    groups = PRACTICE["groups.yaml"].replace(b"en: Clerk}", b"en: Clerk, second_factor: true}")
    company.engine.deployments.deploy({**PRACTICE, "groups.yaml": groups}, SYSTEM)
    secret = come_in(company).secret
    session = company.engine.sessions.find(secret)
    assert session is not None
    assert session.must is Must.SECOND_FACTOR
    phone, _codes = set_up(company)
    session = company.engine.sessions.find(secret)
    assert session is not None
    assert session.must is Must.NOTHING
    with pytest.raises(Forbidden, match="stays"):
        company.engine.second_factor.remove(ANNA, code(company, phone))
    company.engine.people.set_password("hugo", PASSWORD, SYSTEM, must_change=False)
    other = company.engine.sessions.find(company.engine.sessions.sign_in("hugo", PASSWORD, DESK).secret)
    assert other is not None
    assert other.must is Must.NOTHING


def test_another_key_file_is_told_and_not_taken_for_a_wrong_code(company: Company) -> None:
    from dataclasses import replace

    set_up(company)
    machinery = company.engine.machinery
    machinery.settings = replace(machinery.settings, history_key=b"another key")
    with pytest.raises(Conflict, match="key file"):
        company.engine.sessions.pass_code(come_in(company).secret, "123456", DESK)


# --- the chain of administration --------------------------------------------------------------------------------


def test_every_change_of_who_may_come_in_is_in_the_chain(company: Company) -> None:
    engine = company.engine
    engine.people.create("zoe", "Zoe", PASSWORD, ["clerk"], IT)
    engine.people.set_groups("zoe", ["head"], IT)
    engine.people.set_name("zoe", "Zoë", IT)
    engine.people.set_password("zoe", OTHER, IT)
    engine.people.add_substitution("ivan", "hugo", None, None, IT)
    engine.people.deactivate("zoe", HUGO)  # for Ivan
    engine.people.activate("zoe", HUGO)
    engine.sessions.end_all("zoe", HUGO)
    engine.identity.change_password(ANNA, PASSWORD, OTHER)
    token = engine.identity.create_token("robot", HUGO)  # his own: nobody's right is needed
    engine.identity.remove_token(engine.identity.tokens(HUGO)[0].id, HUGO)
    phone, _codes = set_up(company)
    engine.second_factor.renew_codes(ANNA, code(company, phone))
    engine.second_factor.reset("anna", HUGO)
    engine.people.end_substitution(engine.people.substitutions(IT)[0].id, IT)
    rows = list(reversed(engine.audit.list(IT, limit=50)))
    told = [(row.kind, row.actor, row.on_behalf_of, row.subject) for row in rows if row.actor not in ("-", "")]
    assert told == [
        ("person-created", "ivan", "", "zoe"),
        ("groups-set", "ivan", "", "zoe"),
        ("name-set", "ivan", "", "zoe"),
        ("password-set", "ivan", "", "zoe"),
        ("substitution-added", "ivan", "", "ivan"),
        ("person-deactivated", "hugo", "ivan", "zoe"),
        ("person-activated", "hugo", "ivan", "zoe"),
        ("sessions-ended", "hugo", "ivan", "zoe"),
        ("password-set", "anna", "", "anna"),
        ("token-created", "hugo", "", "hugo"),
        ("token-removed", "hugo", "", "hugo"),
        ("second-factor-set", "anna", "", "anna"),
        ("recovery-codes-renewed", "anna", "", "anna"),
        ("second-factor-reset", "hugo", "ivan", "anna"),
        ("substitution-ended", "ivan", "", "ivan"),
    ]
    assert token not in stored(company)
    assert engine.history.verify().findings == ()


def test_the_chain_is_read_by_pages_and_by_administrators_alone(company: Company) -> None:
    audit = company.engine.audit
    with pytest.raises(Forbidden):
        audit.list(ANNA)
    seen: list[int] = []
    while page := audit.list(IT, before=seen[-1] if seen else 0, limit=2):
        seen += [row.seq for row in page]
    assert seen == list(range(len(seen), 0, -1))
    assert len(seen) >= 5
