"""Sending one message to one address: bounded in time, and what went wrong told without the address's secret."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from apprise import NotifyFormat
from apprise.plugins.base import NotifyBase

from engine.connectors import network
from engine.errors import GendanError
from engine.outside_settings import OutsideSettings
from engine.push.addresses import NAMING_A_HOST, Address, plugin_of, read_address
from engine.push.message import Message
from engine.push.robots import DingTalkRobot, WeComRobot

_LONGEST = 60.0
"""Seconds; a mail server or a robot that takes longer counts as down."""
_OPTIONS = "overflow=truncate&redirect=no&retry=0&cto=5&rto=10&format=text"
_ROBOTS: Mapping[str, Any] = {"wecombot": WeComRobot, "dingtalk": DingTalkRobot}
KEY_HEADER = "Idempotency-Key"
# Details of both hold the secrets of addresses, whatever level the house logs at; what matters is kept as the reason.
logging.getLogger("apprise").setLevel(logging.WARNING)
logging.getLogger("apprise").propagate = False
logging.getLogger("urllib3").setLevel(logging.INFO)


class SendFailed(Exception):
    """It did not arrive; `lasting` when trying again cannot help."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


def send(url: str, message: Message, key: str, settings: OutsideSettings) -> None:
    """Send to the address with this url; `key` tells a receiver that reads headers a repeat. Raises SendFailed."""
    try:
        address = read_address(url, settings)  # the settings may have changed since it was entered
        plugin = _plugin(address, key, settings)
    except (GendanError, network.NotAllowed) as error:
        raise SendFailed(str(error), lasting=True) from error
    except OSError as error:
        raise SendFailed(f"The host of the address is not known: {error}.") from error
    attempt = _Attempt(plugin, message)
    attempt.start()
    attempt.join(_LONGEST)
    if attempt.is_alive():
        raise SendFailed(f"It took longer than {_LONGEST:.0f} seconds.")
    if not attempt.arrived:
        raise SendFailed(attempt.reason or "It was not taken.")


def _plugin(address: Address, key: str, settings: OutsideSettings) -> NotifyBase:
    if address.kind == "mail":
        server = settings.push_mail_url
        to = quote(address.url.removeprefix("mail:"))
        return plugin_of(f"{server}{'&' if '?' in server else '?'}to={to}&format=text")
    url = f"{address.url}?{_OPTIONS}"
    if address.kind in _ROBOTS:
        robot = _ROBOTS[address.kind]
        made: NotifyBase = robot(**robot.parse_url(url))
        return made
    plugin: Any = plugin_of(url)
    if address.kind in NAMING_A_HOST:
        network.addresses(plugin.host, plugin.port or 80, settings.private_networks)
        plugin.headers[KEY_HEADER] = key
    found: NotifyBase = plugin
    return found


class _Attempt(threading.Thread):
    """Apprise knows no limit in all: a thread that is left behind when it takes too long."""

    def __init__(self, plugin: NotifyBase, message: Message) -> None:
        super().__init__(name="push", daemon=True)
        self._plugin, self._message = plugin, message
        self.arrived = False
        self.reason = ""

    def run(self) -> None:
        """Send."""
        kept, log = _Reasons(), logging.getLogger("apprise")
        log.addHandler(kept)
        try:
            self.arrived = bool(
                self._plugin.notify(body=self._message.body, title=self._message.title, body_format=NotifyFormat.TEXT)
            )
        except Exception as error:  # whatever a plugin stumbles over, the push has not arrived
            kept.found.append(type(error).__name__)
        finally:
            log.removeHandler(kept)
        self.reason = " ".join(kept.found)[:500]


class _Reasons(logging.Handler):
    """What apprise says is wrong, of this thread alone. Its warnings name no secrets; its details would."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.thread == self._thread:
            self.found.append(record.getMessage())
