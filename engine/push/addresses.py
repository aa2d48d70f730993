"""What people type as their push address: a mail address, or a robot's address as its maker shows it.

Nobody can make the server call what he likes: the kinds are those the administrator allows; robots live at the hosts
of their makers, and a kind whose address names a host is held to the hosts the administrator lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from apprise import Apprise
from apprise.plugins.base import NotifyBase

from engine.errors import Invalid
from engine.outside_settings import OutsideSettings

_LONGEST = 500
_MAIL = re.compile(r"(?:mail:|mailto:)?([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
# What apprise does not read of what the robots' makers show.
_SHOWN_BY_MAKERS = (
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9A-Za-z]+)"), r"dingtalk://\1"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([0-9A-Za-z-]+)"), r"feishu://\1"),
)
_NAMES = {"wecombot": "WeCom", "dingtalk": "DingTalk", "feishu": "Feishu"}
NAMING_A_HOST = frozenset(["json", "jsons"])


@dataclass(frozen=True, slots=True)
class Address:
    """A push address: its kind, the whole of it with its secret, and what people may see."""

    kind: str
    url: str = field(repr=False)
    shown: str


def read_address(text: str, settings: OutsideSettings) -> Address:
    """The address of a text that somebody typed. Raises Invalid, without the text, when it is none that is allowed."""
    text = text.strip()
    found = _read(text) if len(text) <= _LONGEST and text.isascii() and text.isprintable() else None
    if found is None:
        raise Invalid(
            "This is no push address. Give a mail address, or a robot's address as WeCom or DingTalk shows it."
        )
    if found.kind not in settings.push_kinds:
        raise Invalid(
            "Addresses of the kind %(kind)s are not allowed. Use one of: %(known)s.",
            kind=found.kind,
            known=", ".join(settings.push_kinds),
        )
    host = host_of(found)
    if host and host not in settings.push_hosts:
        raise Invalid("Nothing is pushed to %(host)s. The administrator lists hosts in GENDAN_PUSH_HOSTS.", host=host)
    return found


def host_of(address: Address) -> str:
    """The host an address names; empty for robots, which live at their makers', and for mail."""
    if address.kind not in NAMING_A_HOST:
        return ""
    plugin = plugin_of(address.url)
    port = f":{plugin.port}" if plugin.port else ""
    return f"{plugin.host}{port}".lower()


def plugin_of(url: str) -> NotifyBase:
    """Apprise's own reading of an address."""
    found = Apprise.instantiate(url, suppress_exceptions=True)
    if not isinstance(found, NotifyBase):
        raise Invalid("The push address cannot be read any more. Enter it anew.")
    return found


def _read(text: str) -> Address | None:
    mail = _MAIL.fullmatch(text)
    if mail is not None:
        return Address("mail", f"mail:{mail[1]}", mail[1])
    for shown, ours in _SHOWN_BY_MAKERS:
        if shown.fullmatch(text):
            text = shown.sub(ours, text)
    plugin = Apprise.instantiate(text, suppress_exceptions=True) if "://" in text else None
    if not isinstance(plugin, NotifyBase):
        return None
    whole: Any = plugin
    url: str = whole.url(privacy=False).partition("?")[0]  # without options: redirects, time-outs, retries are ours
    kind = url.partition("://")[0]
    if kind in NAMING_A_HOST:
        return Address(kind, url, f"{kind}://{plugin.host}")
    return Address(kind, url, f"{_NAMES.get(kind, kind)} {_masked(url)}")


def _masked(url: str) -> str:
    """Enough to tell two robots apart, too little to use one."""
    return "…" + url.rstrip("/")[-4:]
