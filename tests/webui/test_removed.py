"""The page of a record whose contents retention removed says so, and tells what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from engine.clock import MovedClock
from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN


def test_a_record_without_its_contents_says_so(
    login: Callable[[str], Browser], engine: Engine, repair: Callable[..., str], clock: MovedClock
) -> None:
    key = repair("秘密的空调")
    instance = engine.records.get(key, CHEN).instances[0].id
    login("lin").post(f"/records/{key}/comment", {"text": "秘密的意见"})
    engine.instances.cancel(instance, "秘密的理由", CHEN)
    engine.machinery.settings = replace(engine.machinery.settings, keep_years=1)
    clock.move_to(clock.now() + timedelta(days=400))
    engine.tick()
    lin = login("lin")
    for address in (f"/records/{key}", f"/records/{key}?order=time", "/records", f"/records?text={key}"):
        page = text(lin.get(address))
        assert key in page
        assert "秘密" not in page
    assert "内容已于" in text(lin.get(f"/records/{key}"))
    assert lin.get(f"/records/{key}/elements/{instance}/review").status_code == 200
