"""Tasks (BPMN 2.0 §10.3.3, §13.3.3): what people, connectors, tables and messages do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.activity import Activity
from engine.dialect.events import CatchEvent, Message
from engine.dialect.occurrences import DecisionMade, EffectDone, ExternalClosed, ExternalOpened, TaskClosed, TaskOpened
from engine.dialect.senders import Senders
from engine.dialect.token import STARTED, Phase, Token
from engine.dialect.variables import declare, evaluate, visible, write
from engine.errors import ModelError
from engine.expressions import Compiled
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.scope import Plan

RESULT = "result"
USUAL_PRIORITY = 50


class PassingTask(Activity):
    """A task or manual task: the engine has nothing to do in it and goes on at once."""


class UserTask(Activity):
    """Somebody does it. Who and until when is evaluated when it opens; the form is read from its definition."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        who = node.assignment
        self.assignee = texts.text(node, "assignee", who.assignee)
        self.users = texts.text(node, "candidate users", who.candidate_users)
        self.groups = texts.text(node, "candidate groups", who.candidate_groups)
        self.due = texts.text(node, "due date", who.due)
        self.follow_up = texts.text(node, "follow-up date", who.follow_up)
        self.priority = texts.text(node, "priority", who.priority)
        self.batch_group = texts.text(node, "batchGroup", node.properties.get("batchGroup", ""))
        self.four_eyes = tuple(part.strip() for part in node.properties.get("fourEyes", "").split(",") if part.strip())

    def perform(self, token: Token) -> bool:
        """Open the task."""
        token.tree.tell(self.offer(token))
        return False

    def offer(self, token: Token) -> TaskOpened:
        """Who may do it and until when, as seen from here now."""
        context = token.tree.environment.context()

        def value(compiled: Compiled | None) -> Value:
            return None if compiled is None else evaluate(token, compiled)

        def moment(compiled: Compiled | None, what: str) -> Value:
            return texts.as_moment(value(compiled), context.now(), context.zone(), f"The {what} of {self.element_id}")

        return TaskOpened(
            at=token.place(),
            assignee=texts.as_text(value(self.assignee)),
            candidate_users=texts.as_list(value(self.users)),
            candidate_groups=texts.as_list(value(self.groups)),
            due=moment(self.due, "due date"),  # type: ignore[arg-type]
            follow_up=moment(self.follow_up, "follow-up date"),  # type: ignore[arg-type]
            priority=self._priority(value(self.priority)),
            excluded_users=self._excluded(token),
            batch_group=texts.as_text(value(self.batch_group)),
        )

    def due_anew(
        self, token: Token, opened_at: datetime, due: datetime | None, follow_up: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """Its two moments as they would be had it been opened now: those computed on the working calendar, computed
        again as of when it was opened; the others as they are."""
        context = token.tree.environment.context(opened_at)

        def anew(compiled: Compiled | None, known: datetime | None, what: str) -> datetime | None:
            if compiled is None or not compiled.working:
                return known
            value = compiled.evaluate(visible(token), context)
            return texts.as_moment(value, opened_at, context.zone(), f"The {what} of {self.element_id}")

        return anew(self.due, due, "due date"), anew(self.follow_up, follow_up, "follow-up date")

    def _priority(self, value: Value) -> int:
        if value is None or value == "":
            return USUAL_PRIORITY
        return texts.as_count(value, f"The priority of {self.element_id}")

    def _excluded(self, token: Token) -> tuple[str, ...]:
        """Who did the elements of `fourEyes`, and for whom; of a start event, who started."""
        names = visible(token)
        found: list[Value] = []
        for element in self.four_eyes:
            done = names.get(element)
            if isinstance(done, dict) and "completed_by" in done:
                found += [done.get("completed_by"), done.get("on_behalf_of")]
            elif element in token.tree.program.starts:
                found.append(names.get("starter"))
        return texts.as_list([each for each in found if isinstance(each, str)])

    def complete(self, token: Token, values: Mapping[str, Value], submission: Mapping[str, Value]) -> None:
        """It was done: the fields are written under their names, the whole under the element's id."""
        token.tree.tell(TaskClosed(token.place(), cancelled=False))
        for name, value in values.items():
            write(token, name, value)
        write(token, self.element_id, dict(submission))
        token.tree.again(token, Phase.LEAVE)

    def removed(self, token: Token) -> None:
        """Nobody has to do it any more."""
        if opened(token):
            self.withdraw(token)

    def withdraw(self, token: Token) -> None:
        """Close the task though it was not done."""
        token.tree.tell(TaskClosed(token.place(), cancelled=True))


class ScriptTask(Activity):
    """Computes a value (`scriptFormat="feel"` with `camunda:resultVariable`)."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        if node.script_format.lower() != "feel" or not node.script.strip():
            raise texts.refuse(node, f"its script is {node.script_format or 'empty'}", 'Use scriptFormat="feel".')
        self.script = texts.expression(node, "script", node.script)
        self.result_variable = node.result_variable

    def perform(self, token: Token) -> bool:
        """Compute and write."""
        keep_result(self, token, evaluate(token, self.script))
        return True


class BusinessRuleTask(Activity):
    """Asks a decision table, and maps its rows as camunda:mapDecisionResult says."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        if node.decision is None or not node.decision.ref.strip():
            raise texts.refuse(node, "it names no decision", "Choose one (decisionRef) in the properties panel.")
        self.decision = node.decision
        ref = texts.text(node, "decisionRef", node.decision.ref)
        assert ref is not None
        self.ref = ref
        self.result_variable = node.decision.result_variable or node.result_variable

    def perform(self, token: Token) -> bool:
        """Decide, tell which rules hit, write the result."""
        ref = texts.as_text(evaluate(token, self.ref))
        outcome = token.tree.environment.decide(ref, self.decision.latest, visible(token))
        result = self._mapped(ref, outcome.rows)
        token.tree.tell(DecisionMade(token.place(), ref, outcome.digest, outcome.rules, outcome.inputs, result))
        keep_result(self, token, result)
        return True

    def _mapped(self, ref: str, rows: tuple[Mapping[str, Value], ...]) -> Value:
        match self.decision.map_result:
            case "singleEntry":
                return self._entry(ref, self._single(ref, rows))
            case "singleResult":
                single = self._single(ref, rows)
                return None if single is None else dict(single)
            case "collectEntries":
                return [self._entry(ref, row) for row in rows]
        return [dict(row) for row in rows]

    def _single(self, ref: str, rows: tuple[Mapping[str, Value], ...]) -> Mapping[str, Value] | None:
        if len(rows) > 1:
            raise self._misfit(ref, f"{len(rows)} rows where one is expected")
        return rows[0] if rows else None

    def _entry(self, ref: str, row: Mapping[str, Value] | None) -> Value:
        if row is not None and len(row) > 1:
            raise self._misfit(ref, f"{len(row)} outputs where one is expected")
        return next(iter(row.values()), None) if row is not None else None

    def _misfit(self, ref: str, found: str) -> ModelError:
        return ModelError(
            "Element %(element)s %(name)s: decision %(decision)s gave %(found)s. "
            "Change mapDecisionResult or the table.",
            element=self.element_id,
            name=self.node.name,
            decision=ref,
            found=found,
        )


class ServiceTask(Activity):
    """A system step with a topic: a connector runs inside the step, everything else waits for somebody outside."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        topic = texts.text(node, "topic", node.topic)
        if topic is None:
            raise texts.refuse(node, "it has no topic", 'Give type "external" and a topic in the properties panel.')
        self.topic = topic
        self.senders = Senders(node)
        self.priority = texts.text(node, "taskPriority", node.task_priority)
        self.result_variable = node.result_variable

    def perform(self, token: Token) -> bool:
        """Run the connector, or open an external task."""
        topic = texts.as_text(evaluate(token, self.topic))
        answer = token.tree.environment.connect(topic, token.place(), self.inputs_of(token))
        if answer is None:
            urgent = texts.as_count(evaluate(token, self.priority), "The taskPriority") if self.priority else 0
            inputs, senders = self.inputs_of(token), self.senders.of(token)
            token.tree.tell(ExternalOpened(token.place(), topic, inputs, senders, urgent))
            return False
        for effect in answer.effects:
            token.tree.tell(EffectDone(token.place(), topic, effect))
        for name, value in answer.variables.items():
            write(token, name, value, outward=True)
        self.answered(token, answer.value)
        return True

    def answered(self, token: Token, value: Value) -> None:
        """The result is the local name `result`, and the value of the result variable."""
        declare(token, RESULT, value)
        keep_result(self, token, value)

    def complete(self, token: Token, values: Mapping[str, Value], submission: Mapping[str, Value]) -> None:  # noqa: ARG002
        """It was done outside; what nothing maps is written under its name."""
        token.tree.tell(ExternalClosed(token.place()))
        self.answered(token, dict(values))
        self.brought(token, values)
        token.tree.again(token, Phase.LEAVE)

    def brought(self, token: Token, values: Mapping[str, Value]) -> None:
        """Write what came from outside under its names, unless the diagram maps it."""
        if not self.result_variable and not self.output_mappings:
            for name, value in values.items():
                write(token, name, value)

    def answer(self, token: Token, value: Value) -> None:
        """A job has done it, as a connector would have at once."""
        token.tree.tell(ExternalClosed(token.place()))
        self.answered(token, value)
        token.tree.again(token, Phase.LEAVE)

    def removed(self, token: Token) -> None:
        """It need not be done any more."""
        if opened(token):
            self.withdraw(token)

    def withdraw(self, token: Token) -> None:
        """Close the external task."""
        token.tree.tell(ExternalClosed(token.place()))


class SendTask(Activity):
    """Throws a message; the input parameters are the payload."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        self.message = Message(node, node.message_name)

    def perform(self, token: Token) -> bool:
        """Throw."""
        self.message.throw(token, self.inputs_of(token))
        return True


class ReceiveTask(Activity, CatchEvent):
    """Waits for a message, as a catching event does, and can be repeated and interrupted as a task."""


def opened(token: Token) -> bool:
    """Whether the task of this token is open for somebody to do: not a container of items, and not done already."""
    return token._state == STARTED and token.rounds is None


def keep_result(element: Activity, token: Token, value: Value) -> None:
    """Write the result variable, if there is one."""
    if element.result_variable:
        write(token, element.result_variable, value)
