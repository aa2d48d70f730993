"""Robots of WeCom and DingTalk: both answer status 200 also when they refuse, with an `errcode` that apprise does not
read; taken for success, a push that never arrived would be shown as arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot


class WeComRobot(NotifyWeComBot):  # type: ignore[no-untyped-call]
    """WeCom's robot of a group chat."""

    def send(self, body: str, *_: Any, **__: Any) -> bool:
        """Whether the robot took it."""
        return _took(self, self.api_url, {"msgtype": "text", "text": {"content": body}})


class DingTalkRobot(NotifyDingTalk):
    """DingTalk's robot of a group chat."""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        """Whether the robot took it."""
        text = {"content": f"{title}\n{body}" if title else body}
        parameters: Mapping[str, Any] = {}
        if self.secret:
            timestamp, signature = self.get_signature()  # type: ignore[no-untyped-call]
            parameters = {"timestamp": timestamp, "sign": signature}
        at = {"atMobiles": self.targets, "isAtAll": False}
        return _took(
            self, self.notify_url.format(token=self.token), {"msgtype": "text", "text": text, "at": at}, parameters
        )


def _took(robot: Any, url: str, payload: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> bool:
    try:
        answer = requests.post(
            url,
            json=payload,
            params=parameters,
            headers={"User-Agent": robot.app_id},
            timeout=robot.request_timeout,
            allow_redirects=False,
        )
        refused = answer.json().get("errcode") if answer.status_code == requests.codes.ok else answer.status_code
    except (requests.RequestException, ValueError, AttributeError) as error:
        # The text of the error may hold the address with its secret.
        robot.logger.warning("No answer that can be understood: %s.", type(error).__name__)
        return False
    if refused:
        robot.logger.warning("Refused with error %s.", refused)
    return not refused
