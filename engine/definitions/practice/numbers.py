"""Number patterns such as `GD{yy}-{seq:4}`: the numbers that records and their side matters are known by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.errors import Invalid

_PART = re.compile(r"\{(yyyy|yy|mm|dd|seq)(?::(\d))?\}")
RESTARTS = ("yearly", "monthly", "never")


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """Texts with `{yyyy}`, `{yy}`, `{mm}`, `{dd}` and one `{seq:4}`, the running number with at least 4 digits.

    `restart` tells when the running number begins at 1 again: yearly, monthly or never.
    """

    text: str
    restart: str

    @classmethod
    def parse(cls, text: str, restart: str = "") -> NumberPattern:
        """Read a pattern; without `restart` it is as often as the date parts of the text allow.

        Raises Invalid when a part is unknown, when `{seq}` is not there once, or when numbers would come twice.
        """
        parts = [name for name, _ in _PART.findall(text)]
        if "{" in _PART.sub("", text) or parts.count("seq") != 1:
            raise Invalid(
                "%(pattern)s is not a number pattern. Use texts, {yyyy}, {yy}, {mm}, {dd} and one {seq:4}.",
                pattern=text,
            )
        year = "yy" in parts or "yyyy" in parts
        possible = ("monthly" if "mm" in parts else "yearly") if year else "never"
        chosen = restart or possible
        if (chosen != "never" and not year) or (chosen == "monthly" and "mm" not in parts):
            raise Invalid(
                "%(pattern)s would give the same number twice when it restarts %(restart)s. Add {yy} or {yy}{mm}.",
                pattern=text,
                restart=chosen,
            )
        return cls(text, chosen)

    def period(self, day: date) -> str:
        """The span of time within which running numbers are counted, as text."""
        return {"yearly": f"{day:%Y}", "monthly": f"{day:%Y-%m}"}.get(self.restart, "")

    def gives(self, text: str) -> bool:
        """Whether a text looks like a number of this pattern, of any day."""
        digits = {"yyyy": r"\d{4}", "yy": r"\d\d", "mm": r"\d\d", "dd": r"\d\d", "seq": r"\d+"}
        at, wanted = 0, ""
        for found in _PART.finditer(self.text):
            wanted += re.escape(self.text[at : found.start()]) + digits[found[1]]
            at = found.end()
        return re.fullmatch(wanted + re.escape(self.text[at:]), text, re.IGNORECASE) is not None

    def format(self, day: date, sequence: int) -> str:
        """The number for this day and this running number."""

        def part(found: re.Match[str]) -> str:
            name, width = found[1], int(found[2] or 1)
            formats = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "mm": f"{day:%m}", "dd": f"{day:%d}"}
            return formats.get(name) or f"{sequence:0{width}d}"

        return _PART.sub(part, self.text)
