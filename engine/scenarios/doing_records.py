"""Steps on records and instances: starting, messages, hold, cancel, repair, people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.scenarios.comparing import same
from engine.scenarios.doing_tasks import uploader
from engine.scenarios.filling import filled
from engine.scenarios.names import Named
from engine.scenarios.source import unknown
from engine.scenarios.steps import Comment, PersonVerb, RecordVerb, Retry, Send, Start
from engine.scenarios.templates import Stopped
from engine.scenarios.world import SYSTEM
from engine.views import Actor, Button

if TYPE_CHECKING:
    from engine.scenarios.play import Play


def start(play: Play, step: Start) -> None:
    """Start a process by its form and give what came of it a name."""
    actor = play.actor(step)
    process, element = play.text(step.process), play.text(step.event)
    joined = play.find(step.subject).key if step.subject is not None else ""
    form, values = play.engine.instances.start_form(process, actor, element, joined)
    scope = play.scope(uploader(play, actor), form=dict(values))
    sent = filled(form, step.values.make(scope), "")
    started = play.hands.start(process, element, joined, sent, actor)
    named = Named(started.business_key, started.instance_id, started.number, whole=not joined)
    play.call(play.text(step.alias) or _own_name(play, named, process), named)


def send(play: Play, step: Send) -> None:
    """Send a message: by hand through its button, or from outside by name and key."""
    message = play.text(step.message)
    if step.by is None:
        key = play.text(step.key) or play.find(step.subject).key
        values = step.values.make(play.scope())
        play.engine.messages.correlate(message, key, play.text(step.correlation), values, SYSTEM)
        return
    actor = play.actor(step)
    named = play.find(step.subject)
    button = _button(play, step, named, message, actor)
    form, values = play.engine.messages.form(button.subscription_id, actor)
    scope = play.scope(uploader(play, actor), form=dict(values))
    sent = filled(form, step.values.make(scope), "")
    play.hands.send(named.key, button, sent, actor)


def comment(play: Play, step: Comment) -> None:
    """Comment on the record."""
    play.engine.records.comment(play.find(step.subject).key, play.text(step.text), play.actor(step))


def record_verb(play: Play, step: RecordVerb) -> None:
    """hold, resume, cancel, correct, modify."""
    actor, named, reason = play.actor(step), play.find(step.subject), play.text(step.reason)
    instances = play.engine.instances
    match step.verb:
        case "hold":
            until = step.until.at(play.scope()) if step.until else None
            play.hands.hold(named.key, named.instance_id, reason, until, actor)
        case "resume":
            play.hands.resume(named.key, named.instance_id, actor)
        case "cancel":
            play.hands.cancel(named.key, named.instance_id, reason, actor)
        case "correct":
            instances.correct(named.instance_id, step.values.make(play.scope()), reason, actor)
        case "modify":
            instances.modify(named.instance_id, step.cancel, step.start_before, reason, actor)


def retry(play: Play, step: Retry) -> None:
    """Try the incident at an element again, maybe with corrected variables."""
    actor, named, element = play.actor(step), play.find(step.subject), play.text(step.element)
    found = [each for each in play.engine.incidents.list(actor) if each.business_key == named.key]
    at_element = [each for each in found if each.element_id == element]
    if not at_element:
        raise Stopped(unknown(element, [each.element_id for each in found], f"the incidents of {named.key}"))
    corrections = step.values.make(play.scope())
    play.engine.incidents.retry(at_element[0].id, actor, corrections or None)


def person_verb(play: Play, step: PersonVerb) -> None:
    """substitute, end substitution, read, deactivate."""
    person = play.text(step.person)
    match step.verb:
        case "substitute" if step.substitute is not None:
            scope = step.substitute
            key = play.text(scope.scope_key)
            if scope.scope_kind == "record":
                key = play.named[key].key if key in play.named else key
            play.world.give_substitute(scope, play.scope(), key, play.actor(step))
        case "end substitution":
            now = play.world.clock.now()
            for each in play.engine.people.substitutions(SYSTEM):
                if each.principal == person and (each.ends is None or each.ends > now):
                    play.engine.people.end_substitution(each.id, play.actor(step))
        case "read":
            named = play.find(step.subject)
            for notice in play.engine.notifications.list(Actor(person)):
                if notice.business_key == named.key and notice.read_at is None:
                    play.engine.notifications.mark_read(notice.id, Actor(person))
        case "deactivate":
            play.engine.people.deactivate(person, play.actor(step))


def _own_name(play: Play, named: Named, process: str) -> str:
    """The name of what has none: the type of its record, or the process of a linked instance."""
    record = play.record(named) if named.whole else None
    return record.record_type if record is not None else process


def _button(play: Play, step: Send, named: Named, message: str, actor: Actor) -> Button:
    """The button that sends this message, by message name, element id or label."""
    buttons = [each for each in play.engine.records.get(named.key, actor).buttons if each.kind == "message"]
    found = [each for each in buttons if message in (each.message, each.element_id, each.label)]
    if not named.whole:
        found = [each for each in found if each.instance_id == named.instance_id]
    found = [each for each in found if _fits(play, each, step)]
    if not found:
        known = [each.message or each.element_id for each in buttons]
        hint = unknown(message, known, f"the buttons of {named.key}")
        raise Stopped(f"{actor.user_id} finds no button for this message: {hint}")
    if len(found) > 1:
        raise Stopped(f"Several instances wait for {message}; say which with “for” or “where: {{number: …}}”.")
    return found[0]


def _fits(play: Play, button: Button, step: Send) -> bool:
    if not step.where.entries:
        return True
    instance = play.engine.instances.get(button.instance_id, SYSTEM)
    properties = {each.name: each.value for each in instance.summary} | {
        "number": instance.number,
        "process": instance.process_id,
    }
    return all(same(properties.get(name), wanted.make(play.scope())) for name, wanted in step.where.entries)
