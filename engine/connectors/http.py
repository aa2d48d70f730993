"""The connector `http`: what a step asks of another system, checked against the settings; what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import quote, urlsplit

import simplejson

from engine.connectors.calling import DEFAULT_PORTS, Caller, CallFailed, Request, Response
from engine.connectors.spec import Argument, Connector, Inputs
from engine.definitions.practice import Label
from engine.errors import Invalid
from engine.outside_settings import OutsideSettings, Secret
from engine.values import Value, YearsMonths, dumps, loads

KEY_HEADER = "Idempotency-Key"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OWN = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect",
     "proxy-connection", KEY_HEADER.lower())
)  # fmt: skip
_SECRETIVE = frozenset(["authorization", "cookie", "proxy-authorization"])
_URL_SAFE = "%/:=&?~#+!$,;'@()*[]"
_AGAIN = frozenset([408, 425, 429])

HTTP = Connector(
    "http",
    Label("调用 HTTP", "Call HTTP"),
    Label(
        "提交之后调用外部系统，步骤等到有结果为止。",
        "Calls another system after commit; the step waits until there is an answer.",
    ),
    (
        Argument(
            "url", "text", Label("网址", "URL"),
            Label("主机须在 GENDAN_HTTP_HOSTS 中", "Its host must be in GENDAN_HTTP_HOSTS"), True,
        ),
        Argument("method", "choice", Label("方法", "Method"), Label("HTTP 方法", "HTTP method"), choices=_METHODS),
        Argument(
            "headers", "value", Label("请求头", "Headers"),
            Label('上下文，如 ${{"Accept": "text/csv"}}', 'A context, such as ${{"Accept": "text/csv"}}'),
        ),
        Argument("body", "value", Label("内容", "Body"), Label("以 JSON 发送", "Sent as JSON")),
        Argument(
            "secret", "text", Label("密钥名", "Secret"),
            Label("GENDAN_HTTP_SECRET_… 的名称", "Name of a GENDAN_HTTP_SECRET_…"),
        ),
        Argument(
            "errorCode", "text", Label("错误代码", "Error code"),
            Label("状态 4xx 时的 BPMN 错误", "The BPMN error of a status 4xx"),
        ),
    ),
    None,
    Label("status（数）与 body（JSON 或文本）", "status (number) and body (JSON or text)"),
)  # fmt: skip


def request(inputs: Mapping[str, Value], key: str, settings: OutsideSettings) -> Request:
    """The request of these inputs. Raises Invalid when one is wrong or the host is not allowed."""
    given = HTTP.inputs_of(inputs)
    url, host = _url(given, settings)
    headers = _headers(given) | {KEY_HEADER: key}
    body = given.value("body")
    content = None
    if body is not None:
        content = as_json(body)
        headers.setdefault("Content-Type", "application/json")
    secret = _secret(given, host, settings)
    if secret is not None:
        headers[secret.header] = secret.value
    return Request(given.choice("method"), url, headers, content, secret is not None)


def label(inputs: Mapping[str, Value]) -> str:
    """What people see of the call: no query, which may hold what is nobody else's business."""
    given = HTTP.inputs_of(inputs)
    parts = urlsplit(given.text("url"))
    return f"{given.choice('method')} {parts.scheme}://{parts.netloc}{parts.path}"


def as_json(value: Value) -> bytes:
    """A value as other systems read it: numbers as they are, dates and durations as texts."""
    return simplejson.dumps(value, default=_plain, use_decimal=True).encode()


def answered(inputs: Mapping[str, Value], key: str, settings: OutsideSettings, call: Caller) -> dict[str, Value]:
    """Call, and what the step gets for its result: `status` and `body`. Raises CallFailed, Refused, Invalid."""
    response = call(request(inputs, key, settings), settings)
    if 200 <= response.status < 300:
        return {"status": Decimal(response.status), "body": _body(response)}
    reason = f"The answer is status {response.status}."
    if 300 <= response.status < 400:
        raise CallFailed(f"{reason} Redirects are not followed: give the address it leads to.", lasting=True)
    if 400 <= response.status < 500 and response.status not in _AGAIN:
        raise Refused(reason, str(inputs.get("errorCode") or ""))
    raise CallFailed(reason)


class Refused(CallFailed):
    """The other system does not want it (4xx); `code` is the BPMN error that this is, if the diagram says so."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason, lasting=True)
        self.code = code


def _url(given: Inputs, settings: OutsideSettings) -> tuple[str, str]:
    text = quote(given.text("url"), safe=_URL_SAFE)
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise _no_url() from error
    if parts.scheme not in DEFAULT_PORTS or not host or parts.username is not None:
        raise _no_url()
    named = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    if named not in settings.http_hosts:
        raise Invalid(
            "The connector http may not call %(host)s. The administrator lists hosts in GENDAN_HTTP_HOSTS.", host=named
        )
    return text, named


def _no_url() -> Invalid:
    """Without the text: it may hold a password."""
    return Invalid("The connector http needs a url with https:// and a host, and without a user and password.")


def _headers(given: Inputs) -> dict[str, str]:
    value = given.value("headers")
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise Invalid('The connector http has headers that are no context. Write ${{"Accept": "text/csv"}}.')
    found = {}
    for name, each in value.items():
        if name.lower() in _SECRETIVE:
            raise Invalid(
                "The connector http has the header %(name)s in the diagram. Let the administrator enter it as a "
                "secret, and name that.",
                name=name,
            )
        text = str(each)
        if name.lower() in _OWN or not name.isascii() or not text.isprintable() or not text.isascii():
            raise Invalid("The connector http cannot send the header %(name)s. Leave it out.", name=name)
        found[name] = text
    return found


def _secret(given: Inputs, host: str, settings: OutsideSettings) -> Secret | None:
    name = given.text("secret")
    if not name:
        return None
    secret = settings.secrets.get(name.lower())
    if secret is None or secret.host != host:
        raise Invalid(
            "The connector http has no secret %(name)s for %(host)s. The administrator enters it as "
            "GENDAN_HTTP_SECRET_….",
            name=name,
            host=host,
        )
    return secret


def _plain(value: object) -> str:
    """What JSON has no type for is sent as text."""
    match value:
        case date() | datetime() | time():
            return value.isoformat()
        case timedelta():
            return f"PT{int(value.total_seconds())}S"
        case YearsMonths():
            return f"P{value.months}M"
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _body(response: Response) -> Value:
    """JSON as a value, all else as text. What would not survive being kept stays text, too."""
    text = response.body.decode("utf-8", "replace").replace("\x00", "")
    if response.content_type != "application/json" and not response.content_type.endswith("+json"):
        return text
    try:
        value: Value = simplejson.loads(text, use_decimal=True, parse_int=Decimal)
        kept = dumps(value)
        kept.encode()
        if "\\u0000" not in kept and loads(kept) == value:
            return value
    except (ValueError, ArithmeticError, RecursionError):
        pass
    return text
