"""What the administrator decides on everything that leaves the house: which hosts, in which time, with which secret."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network

from environs import Env, EnvError, validate

Network = IPv4Network | IPv6Network
PUSH_KINDS = ("mail", "wecombot", "dingtalk", "feishu", "json", "jsons")
_SECRETS = "GENDAN_HTTP_SECRET_"


@dataclass(frozen=True, slots=True)
class Secret:
    """A header that diagrams name and never see; it is sent to this host alone."""

    host: str
    header: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """Settings of jobs.

    `http_hosts` are those the HTTP connector may call (`host` or `host:port`), `http_seconds` the longest a call may
    take in all, `http_bytes` the longest answer. `private_networks` may be connected to though they are private.
    `push_kinds` are the kinds of address a person may have (of `PUSH_KINDS`; none: nothing is pushed), `push_hosts`
    the hosts of those kinds that name one, `push_mail_url` the mail server. Notices to one address within
    `push_window` leave as one message; a robot gets at most `push_rate` messages a minute.
    """

    http_hosts: tuple[str, ...] = ()
    http_seconds: int = 20
    http_bytes: int = 256 * 1024
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    private_networks: tuple[Network, ...] = ()
    push_kinds: tuple[str, ...] = ()
    push_hosts: tuple[str, ...] = ()
    push_mail_url: str = field(default="", repr=False)
    push_window: timedelta = timedelta(seconds=60)
    push_rate: int = 20

    @property
    def pushes(self) -> bool:
        """Whether notices are pushed at all."""
        return bool(self.push_kinds)


def read_outside(env: Env) -> OutsideSettings:
    """The settings of `GENDAN_HTTP_*` and `GENDAN_PUSH_*`. Raises EnvError naming the variable."""
    kinds = _names(env, "PUSH_KINDS")
    for kind in kinds:
        if kind not in PUSH_KINDS:
            raise EnvError(f"GENDAN_PUSH_KINDS has {kind}; known are {', '.join(PUSH_KINDS)}")
    mail = env.str("PUSH_MAIL_URL", "")
    if "mail" in kinds and not mail:
        raise EnvError("GENDAN_PUSH_KINDS has mail, which needs a mail server in GENDAN_PUSH_MAIL_URL")
    return OutsideSettings(
        http_hosts=_names(env, "HTTP_HOSTS"),
        http_seconds=env.int("HTTP_SECONDS", 20, validate=validate.Range(1, 60)),
        http_bytes=env.int("HTTP_BYTES", 256 * 1024, validate=validate.Range(1)),
        secrets=_secrets(),
        private_networks=_networks(env),
        push_kinds=kinds,
        push_hosts=_names(env, "PUSH_HOSTS"),
        push_mail_url=mail,
        push_window=timedelta(seconds=env.int("PUSH_WINDOW_SECONDS", 60, validate=validate.Range(0, 3600))),
        push_rate=env.int("PUSH_RATE", 20, validate=validate.Range(1)),
    )


def _names(env: Env, name: str) -> tuple[str, ...]:
    given: list[str] = env.list(name, [])
    return tuple(each.strip().lower() for each in given if each.strip())


def _networks(env: Env) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each) for each in _names(env, "PRIVATE_NETWORKS"))
    except ValueError as error:
        raise EnvError(f"GENDAN_PRIVATE_NETWORKS: {error}; write networks as 10.1.2.0/24") from error


def _secrets() -> Mapping[str, Secret]:
    """`GENDAN_HTTP_SECRET_ERP="erp.example.com Authorization: Bearer …"` is the secret `erp`."""
    found = {}
    for name, given in os.environ.items():
        if name.startswith(_SECRETS):
            host, _, line = given.strip().partition(" ")
            header, colon, value = line.partition(":")
            if not (host and colon and header.strip() and value.strip()):
                raise EnvError(f"{name} must be a host, a header and its value: host Header: value")
            found[name.removeprefix(_SECRETS).lower()] = Secret(host.lower(), header.strip(), value.strip())
    return found
