"""What a connector is: its topic, its typed arguments with help, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from engine import scalars
from engine.connectors.effects import Effect
from engine.connectors.reader import Reader
from engine.definitions.practice import Label, nearest
from engine.errors import Invalid
from engine.values import Value

NOTHING = Label()
ARGUMENT_TYPES = ("text", "lines", "boolean", "moment", "people", "choice", "value")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. `type` is of `ARGUMENT_TYPES`: `lines` a longer text, `people` user ids and `group:x`, comma
    separated or a list, `value` anything; `choices` are the values of a choice, the first is the default."""

    name: str
    type: str
    label: Label
    help: Label
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What running gave: the value of `result`, effects for the unit of work, and variables to write."""

    value: Value = None
    effects: tuple[Effect, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The arguments of one run, as given; each is read in its type. A wrong one raises Invalid."""

    topic: str
    inputs: Mapping[str, Value]
    known: Mapping[str, Argument]

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers and dates are written as texts."""
        value = self.inputs.get(name)
        if isinstance(value, (list, dict)):
            raise self._wrong(name, "a text")
        if value is None or value == "":
            if self.known[name].required:
                raise Invalid(
                    "The connector %(topic)s needs %(name)s, which is empty. Fill it, or pass over this step.",
                    topic=self.topic,
                    name=name,
                )
            return default
        return value.isoformat() if isinstance(value, (date, time)) else str(value)

    def choice(self, name: str) -> str:
        """One of the choices of the argument."""
        choices = self.known[name].choices
        found = self.text(name, choices[0])
        if found not in choices:
            raise Invalid(
                "The connector %(topic)s has %(name)s = %(found)s. Use one of: %(known)s.%(guess)s",
                topic=self.topic,
                name=name,
                found=found,
                known=", ".join(choices),
                guess=nearest(found, choices),
            )
        return found

    def boolean(self, name: str) -> bool:
        """True or false; false when missing."""
        value = self.inputs.get(name)
        if value is None or value == "" or isinstance(value, bool):
            return bool(value)
        try:
            return scalars.boolean(str(value))
        except ValueError as error:
            raise self._wrong(name, "true or false") from error

    def moment(self, name: str) -> datetime | None:
        """A moment (an ISO text with offset is one); None when missing."""
        value = self.inputs.get(name)
        if isinstance(value, datetime):
            return value
        if value is None or value == "":
            return None
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise self._wrong(name, "a date and time") from error
        if found.tzinfo is None:
            raise self._wrong(name, "a date and time with its offset")
        return found

    def people(self, name: str) -> tuple[str, ...]:
        """User ids and groups, each once, in order; empty entries are passed over."""
        value = self.inputs.get(name)
        given = value if isinstance(value, list) else [value]
        found: dict[str, None] = {}
        for each in given:
            if isinstance(each, (dict, list)):
                raise self._wrong(name, "a list of people")
            for part in str(each or "").split(","):
                if part.strip():
                    found[part.strip().removeprefix("user:")] = None
        return tuple(found)

    def value(self, name: str) -> Value:
        """Whatever was given."""
        return self.inputs.get(name)

    def rest(self) -> dict[str, Value]:
        """The inputs the connector does not know: variables, payload, filters."""
        return {name: value for name, value in self.inputs.items() if name not in self.known}

    def _wrong(self, name: str, expected: str) -> Invalid:
        return Invalid(
            "The connector %(topic)s has %(name)s = %(found)s, which is not %(expected)s.",
            topic=self.topic,
            name=name,
            found=str(self.inputs.get(name))[:80],
            expected=expected,
        )


@dataclass(frozen=True, slots=True)
class Call(Inputs):
    """The arguments of one run, with what may be asked meanwhile."""

    reader: Reader


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector. `rest` says what inputs it does not know mean (empty: there are none); `result` what `result` is.

    Without `call` it has its effect outside the database: its step waits for a job.
    """

    topic: str
    label: Label
    help: Label
    arguments: tuple[Argument, ...]
    call: Callable[[Call], Answer] | None
    result: Label = NOTHING
    rest: Label = NOTHING

    @property
    def required(self) -> frozenset[str]:
        """Arguments without which it cannot run."""
        return frozenset(argument.name for argument in self.arguments if argument.required)

    @property
    def inputs(self) -> frozenset[str]:
        """All arguments it knows."""
        return frozenset(argument.name for argument in self.arguments)

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The values of the arguments that are a choice."""
        return {argument.name: argument.choices for argument in self.arguments if argument.choices}

    @property
    def passes_on(self) -> bool:
        """Whether inputs it does not know are passed on instead of being wrong."""
        return bool(self.rest.en)

    @property
    def outside(self) -> bool:
        """Whether its effect is outside the database."""
        return self.call is None

    def run(self, inputs: Mapping[str, Value], reader: Reader) -> Answer:
        """Run with these inputs. Raises Invalid when one is missing, unknown or of a wrong type."""
        assert self.call is not None
        given = self.inputs_of(inputs)
        return self.call(Call(given.topic, given.inputs, given.known, reader))

    def inputs_of(self, inputs: Mapping[str, Value]) -> Inputs:
        """These inputs, to be read in their types. Raises Invalid when one is unknown."""
        known = {argument.name: argument for argument in self.arguments}
        given = Inputs(self.topic, inputs, known)
        for name in () if self.passes_on else given.rest():
            raise Invalid(
                "The connector %(topic)s has no input %(name)s.%(guess)s",
                topic=self.topic,
                name=name,
                guess=nearest(name, tuple(known)),
            )
        return given
