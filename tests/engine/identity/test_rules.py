"""The rules of identity that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import Type
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.identity import (
    Failures,
    Substitution,
    attempt,
    check_password,
    check_substitution,
    hash_password,
    is_locked,
    is_outdated,
    is_password,
)
from tests.passwords import FULL

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


def test_a_password_is_kept_as_a_digest_that_only_it_fits() -> None:
    kept = hash_password("four plain words")
    assert kept.startswith("$argon2id$")
    assert is_password("four plain words", kept)
    assert not is_password("four plain word", kept)
    assert not is_password("", "")
    assert not is_password("x", "no digest")
    assert not is_outdated(kept)


def test_a_stolen_digest_is_costly_to_try() -> None:
    assert FULL.type is Type.ID
    assert (FULL.time_cost >= 3, FULL.memory_cost >= 64 * 1024) == (True, True)


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaa", "password123456", "anna4ever-and-ever", "i am ANNA LI myself"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, "anna", "Anna Li")


def test_five_attempts_lock_for_a_quarter_of_an_hour_and_then_begin_anew() -> None:
    counted = Failures()
    for number in range(5):
        assert not is_locked(counted, NOW)
        counted = attempt(counted, NOW + timedelta(seconds=number))
    assert is_locked(counted, NOW + timedelta(minutes=14))
    later = NOW + timedelta(minutes=16)
    assert not is_locked(counted, later)
    assert attempt(counted, later).count == 1


def test_an_old_failure_is_forgotten() -> None:
    assert attempt(Failures(4, NOW), NOW + timedelta(minutes=16)).count == 1
    assert attempt(Failures(3, NOW), NOW + timedelta(minutes=14)).count == 4


@pytest.mark.parametrize(
    "new",
    [
        Substitution("anna", "anna", NOW),
        Substitution("anna", "hugo", days(2), days(1)),
        Substitution("anna", "hugo", days(-2), days(-1)),
        Substitution("anna", "hugo", NOW, None, "week", "x"),
        Substitution("anna", "hugo", NOW, None, "record", ""),
        Substitution("anna", "hugo", NOW, None, "all", "x"),
    ],
)
def test_a_substitution_without_sense_is_refused(new: Substitution) -> None:
    with pytest.raises(Invalid):
        check_substitution(new, [], NOW)


def test_a_circle_is_refused_only_when_it_would_hold_at_one_time() -> None:
    others = [Substitution("hugo", "ivan", NOW, days(3)), Substitution("ivan", "anna", days(2), days(4))]
    with pytest.raises(Invalid, match="ivan → anna"):
        check_substitution(Substitution("anna", "hugo", days(1), days(3)), others, NOW)
    check_substitution(Substitution("anna", "hugo", days(4), days(5)), others, NOW)
    check_substitution(Substitution("anna", "zoe", days(1), days(3)), others, NOW)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.integers(0, 5), st.integers(1, 3))))
def test_whatever_is_accepted_no_moment_has_a_circle(wanted: list[tuple[str, str, int, int]]) -> None:
    accepted: list[Substitution] = []
    for principal, deputy, start, length in wanted:
        new = Substitution(principal, deputy, days(start), days(start + length))
        try:
            check_substitution(new, accepted, NOW - timedelta(days=1))
        except Invalid:
            continue
        accepted.append(new)
    for moment in range(9):
        covers: dict[str, set[str]] = {}
        for each in accepted:
            if each.starts <= days(moment) and (each.ends is None or days(moment) < each.ends):
                covers.setdefault(each.principal, set()).add(each.deputy)
        for person, new_ones in covers.items():
            reached: set[str] = set()
            following = new_ones
            while following - reached:
                reached |= following
                following = set().union(*(covers.get(each, set()) for each in reached))
            assert person not in reached
