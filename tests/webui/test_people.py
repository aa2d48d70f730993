"""People, groups, who is away and who covers; one's own page."""

from __future__ import annotations

from engine.engine import Engine
from engine.signed_in import Visitor
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import LIN, SHEN, ZHOU

NEW = {"id": "wu", "name": "吴越", "password": "another long secret", "group": "clerk"}


def test_it_lists_people_with_their_groups(lin: Browser, shen: Browser) -> None:
    page = text(lin.get("/people"))
    assert "陈志远 chen 主管" in page
    assert "添加人员" not in page
    assert "添加人员" in text(shen.get("/people"))


def test_an_administrator_adds_changes_and_deactivates(shen: Browser, engine: Engine) -> None:
    assert "已添加吴越" in notice(shen, shen.post("/people", NEW))
    assert "吴越" in text(shen.get("/people/wu"))
    shen.post("/people/wu/groups", {"group": ["clerk", "head"]})
    assert set(engine.people.get("wu").groups) == {"clerk", "head"}
    shen.post("/people/wu/password", {"new": "a third long secret"})
    assert engine.sessions.sign_in("wu", "a third long secret", Visitor()).person.name == "吴越"
    assert shen.post("/people/wu/deactivate").status_code == 400
    shen.post("/people/wu/deactivate", {"sure": "yes"})
    assert not engine.people.get("wu").active


def test_nobody_else_does(lin: Browser, engine: Engine) -> None:
    assert lin.get("/people/chen").status_code == 404
    assert lin.post("/people", NEW).status_code == 403
    assert lin.post("/people/chen/groups", {"group": "it"}).status_code == 403
    assert lin.post("/people/chen/password", {"new": "a third long secret"}).status_code == 403
    assert engine.people.get("chen").groups == ("head",)


def test_who_is_deactivated_is_signed_out(zhou: Browser, engine: Engine) -> None:
    engine.people.deactivate("zhou", SHEN)
    assert zhou.get("/tasks").headers["Location"].startswith("/signin")


def test_one_says_who_covers_and_ends_it(lin: Browser, zhou: Browser, engine: Engine) -> None:
    sent = {"deputy": "zhou", "starts": "2026-11-24T08:00", "ends": "2026-11-28T18:00", "back": "me"}
    assert "周敏" in notice(lin, lin.post("/people/substitutions", sent))
    found = engine.people.substitutions(LIN)[0]
    assert (found.principal, found.deputy, f"{found.starts:%H:%M}") == ("lin", "zhou", "00:00")
    assert "2026-11-24 08:00 – 2026-11-28 18:00" in text(lin.get("/people/me"))
    lin.post(f"/people/substitutions/{found.id}/end")
    assert engine.people.substitutions(LIN) == ()


def test_a_circle_of_deputies_is_refused(lin: Browser, zhou: Browser, engine: Engine) -> None:
    lin.post("/people/substitutions", {"deputy": "zhou", "starts": "2026-11-24T08:00"})
    assert zhou.post("/people/substitutions", {"deputy": "lin", "starts": "2026-11-24T08:00"}).status_code == 422
    assert len(engine.people.substitutions(ZHOU)) == 1


def test_an_administrator_signs_somebody_out_everywhere(shen: Browser, zhou: Browser, lin: Browser) -> None:
    assert "Firefox, Linux" in text(shen.get("/people/zhou"))
    assert lin.post("/people/zhou/sessions/end").status_code == 403
    assert zhou.get("/tasks").status_code == 200
    assert "周敏已在各处退出" in notice(shen, shen.post("/people/zhou/sessions/end"))
    assert zhou.get("/tasks").headers["Location"].startswith("/signin")


def test_it_reads_in_english(lin: Browser, engine: Engine) -> None:
    engine.people.set_language(LIN, "en")
    assert "Head" in text(lin.get("/people"))
    assert "Sign out" in text(lin.get("/people/me"))
    assert "Where I am signed in" in text(lin.get("/account"))
