"""Ids as Camunda 7 writes them, all texts: of rows the number; of a definition `key:version:number`, of what goes on in
an instance `instance:token`."""

from __future__ import annotations

from typing import NoReturn

from webui import readable
from webui.rest.refusing import Refused


def whole(text: str, what: str) -> int:
    """The number of a row. Raises Refused with 404 for what can be none."""
    found = readable.whole(text)
    return found if found is not None else missing(text, what)


def definition(key: str, version: int, number: int) -> str:
    """The id of a definition."""
    return f"{key}:{version}:{number}"


def definition_number(id: str) -> int | None:
    """The number of a definition's row; None for what is no id of one."""
    return readable.whole(id.rpartition(":")[2]) if id.count(":") >= 2 else None


def execution(instance_id: int, token: int = 0) -> str:
    """The id of an execution: of the instance itself, or of what goes on in it."""
    return f"{instance_id}:{token}" if token else str(instance_id)


def execution_parts(id: str) -> tuple[int, int]:
    """Instance and token (0: the instance itself). Raises Refused with 404."""
    instance, _, token = id.partition(":")
    return whole(instance, "execution"), whole(token, "execution") if token else 0


def missing(id: str, what: str) -> NoReturn:
    """Nothing has this id."""
    raise Refused(404, "InvalidRequestException", f"There is no {what} with the id {id}.")
