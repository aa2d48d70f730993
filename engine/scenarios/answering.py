"""Other systems as a story has them: they answer what it says, and nobody outside is asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from engine.connectors.calling import CallFailed, Request, Response
from engine.connectors.http import as_json
from engine.outside_settings import OutsideSettings, Secret
from engine.values import Value

_JSON = "application/json"


@dataclass
class OtherSystems:
    """Takes the place of what calls. An address answers for all that begin with it; the longest counts."""

    answers: dict[str, Response] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)

    def answer(self, url: str, status: int, body: Value, secret: str) -> None:
        """From here on this address answers so; a call may name this secret."""
        self.answers[url] = Response(status, _JSON, as_json(body))
        if secret:
            self.secrets[secret.lower()] = Secret(urlsplit(url).netloc.lower(), "Authorization", "of the story")

    def call(self, request: Request, _settings: OutsideSettings) -> Response:
        """The answer. Raises CallFailed, as when nobody is there, for an address that has none."""
        known = [url for url in self.answers if request.url.startswith(url)]
        if not known:
            raise CallFailed("The story gives no answer of this address. Say one: {http: address, body: …}.")
        return self.answers[max(known, key=len)]

    def allowed(self, settings: OutsideSettings) -> OutsideSettings:
        """Settings that let diagrams call them."""
        hosts = tuple(dict.fromkeys(urlsplit(url).netloc.lower() for url in self.answers))
        return replace(settings, http_hosts=hosts, secrets=self.secrets)
