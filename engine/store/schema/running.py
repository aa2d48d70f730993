"""Tables of what is deployed, what runs and what happened; records and people stand beside.

Names are the field's (design: "What is kept"). Structured values are canonical JSON text (`engine.values.dumps`),
never JSONB, so that a digest of the text can be verified. A subject is `user:<id>` or `group:<id>`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.schema.types import Id, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default="0")


def _of_instance() -> Column[int]:
    return Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), nullable=False)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that are looked up by it: each that a completion touches is a page more to a commit."""
    wanted = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=wanted, postgresql_where=wanted)


# Ids are seen in URLs and kept in history: SQLite must never give one again.


# --- what is deployed -------------------------------------------------------------------------------------------

resource = Table(
    "resource",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the content, hexadecimal
    Column("content", LargeBinary, nullable=False),
)

deployment = Table(
    "deployment",
    metadata,
    _id(),
    Column("created_at", Moment, nullable=False),
    _text("created_by"),
    _text("note"),
    sqlite_autoincrement=True,
)

deployment_resource = Table(
    "deployment_resource",
    metadata,
    Column("deployment_id", ForeignKey("deployment.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),  # path within the practice
    Column("digest", ForeignKey("resource.digest"), nullable=False, index=True),
)

process_definition = Table(
    "process_definition",
    metadata,
    _id(),
    Column("process_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", ForeignKey("resource.digest"), nullable=False, index=True),
    _text("file"),
    _text("name"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("process_id", "version"),
    UniqueConstraint("process_id", "digest"),
    sqlite_autoincrement=True,
)

decision_definition = Table(
    "decision_definition",
    metadata,
    _id(),
    Column("decision_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", ForeignKey("resource.digest"), nullable=False, index=True),
    _text("file"),
    _text("name"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("decision_id", "version"),
    UniqueConstraint("decision_id", "digest"),
    sqlite_autoincrement=True,
)

# --- what runs --------------------------------------------------------------------------------------------------

process_instance = Table(
    "process_instance",
    metadata,
    _id(),
    Column("deployment_id", ForeignKey("deployment.id"), nullable=False),
    Column("definition_id", ForeignKey("process_definition.id"), nullable=False),
    Column("process_id", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    _text("number"),  # own number of a linked instance; empty for the one that owns the record
    _text("title"),
    _text("owner"),
    _text("started_by"),
    _text("state"),  # active, suspended, completed, cancelled
    _flag("confidential"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("snapshot", LargeBinary, nullable=False),
    Column("history_count", Integer, nullable=False, server_default="0"),
    Column("history_head", LargeBinary, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    _text("end_id"),
    _text("end_name"),
    Column("suspended_at", Moment),
    Column("suspended_until", Moment),
    _text("suspend_reason"),
    Index("ix_process_instance_record", "business_key", "process_id", "state"),
    Index("ix_process_instance_process", "process_id", "state"),
    Index("ix_process_instance_definition", "definition_id", "state"),
    _partial("ix_process_instance_suspended", "suspended_at", where="suspended_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

instance_access = Table(
    "instance_access",
    metadata,
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # owner, participant, reader, excluded
    Index("ix_instance_access_subject", "subject", "kind"),
    sqlite_with_rowid=False,
)

task = Table(
    "task",
    metadata,
    _id(),
    _of_instance(),
    Column("token", Integer, nullable=False),
    Column("scope", Integer, nullable=False, server_default="0"),
    Column("process_id", Text, nullable=False),  # of the definition the element stands in; a called one has its own
    Column("element_id", Text, nullable=False),
    _text("name"),
    _text("assignee"),
    _text("delegated_by"),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("follow_up_at", Moment),
    Column("held_work", Integer),  # minutes of working time left until due, while its instance is on hold
    Column("priority", Integer, nullable=False, server_default="50"),
    _text("batch_group"),
    _text("stage"),
    _flag("batch"),
    Index("ix_task_instance", "instance_id", "token"),
    _partial("ix_task_assignee", "assignee", "due_at", where="assignee <> ''"),
    Index("ix_task_due", "due_at"),
    Index("ix_task_element", "element_id"),
    sqlite_autoincrement=True,
)

task_candidate = Table(
    "task_candidate",
    metadata,
    Column("task_id", ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("kind", Text, primary_key=True, server_default="candidate"),  # candidate, excluded (four eyes)
    Index("ix_task_candidate_subject", "subject", "task_id"),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer",
    metadata,
    _id(),
    # A start timer belongs to no instance, but to a definition of the latest deployment.
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE")),
    Column("definition_id", ForeignKey("process_definition.id")),
    Column("kind", Text, nullable=False),  # timer, start, reminder (of a task), resume (of a hold), expiry
    Column("token", Integer, nullable=False, server_default="0"),
    _text("process_id"),
    _text("element_id"),
    Column("due_at", Moment, nullable=False),
    _text("text"),
    Column("anchor", Moment, nullable=False),
    _flag("working"),
    _flag("held"),
    Column("left_seconds", Integer),  # while held: what was left, in wall-clock seconds …
    Column("left_work", Integer),  # … or in working minutes
    Column("rounds", Integer, nullable=False, server_default="0"),  # how often a start event was due
    Index("ix_timer_due", "held", "due_at"),
    Index("ix_timer_instance", "instance_id", "token"),
    sqlite_autoincrement=True,
)

external_task = Table(
    "external_task",
    metadata,
    _id(),
    _of_instance(),
    Column("token", Integer, nullable=False),
    _text("process_id"),
    _text("element_id"),
    Column("topic", Text, nullable=False),
    _text("inputs"),
    _text("senders"),  # canonical JSON list of subjects
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    _text("worker"),  # who had it last; it is held until `locked_until`, which a failed try moves as well
    Column("locked_until", Moment),
    Column("retries", Integer),  # tries that are left; NULL while none has failed, 0: an incident is open
    _text("error"),
    _text("error_details"),
    Index("ix_external_task_topic", "topic", "locked_until"),
    Index("ix_external_task_instance", "instance_id", "token"),
    sqlite_autoincrement=True,
)

message = Table(
    "message",
    metadata,
    _id(),
    _text("kind", "message"),  # message, signal
    Column("name", Text, nullable=False),
    _text("business_key"),
    _text("correlation"),
    _text("payload"),
    _text("state", "new"),  # new, kept, delivered, undelivered, expired
    Column("sender_id", ForeignKey("process_instance.id", ondelete="SET NULL")),
    _text("sender_element"),
    _text("actor"),
    _text("on_behalf_of"),
    Column("receiver_id", ForeignKey("process_instance.id", ondelete="SET NULL")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("settled_at", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    _text("reason"),
    Index("ix_message_state", "state", "id"),
    Index("ix_message_address", "business_key", "name", "state"),
    Index("ix_message_receiver", "receiver_id"),
    sqlite_autoincrement=True,
)

event_subscription = Table(
    "event_subscription",
    metadata,
    _id(),
    _of_instance(),
    Column("token", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # message, signal
    Column("name", Text, nullable=False),
    _text("business_key"),
    _text("correlation"),
    _text("process_id"),
    _text("element_id"),
    _text("senders"),  # canonical JSON list of subjects
    Column("created_at", Moment, nullable=False),
    Index("ix_event_subscription_address", "name", "business_key"),
    Index("ix_event_subscription_instance", "instance_id", "token"),
    sqlite_autoincrement=True,
)

incident = Table(
    "incident",
    metadata,
    _id(),
    _of_instance(),
    Column("token", Integer, nullable=False),
    Column("process_id", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    _text("code"),
    _text("text"),
    Column("created_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="1"),
    Index("ix_incident_instance", "instance_id", "token"),
    sqlite_autoincrement=True,
)

access_review = Table(
    "access_review",
    metadata,
    _id(),
    Column("subject", Text, nullable=False),  # who became able to do tasks, or unable: they are looked at after commit
    sqlite_autoincrement=True,
)

# --- what happened ----------------------------------------------------------------------------------------------

history_event = Table(
    "history_event",
    metadata,
    Column("instance_id", ForeignKey("process_instance.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # 1, 2, … without gaps
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("definition_id", Id, nullable=False),
    _text("element_id"),
    Column("token", Integer),
    Column("task_id", Id),
    _text("actor"),
    _text("on_behalf_of"),
    Column("submission", Text),  # the id of the form post or request that caused it
    Column("data", Text),  # canonical text; NULL once retention removed it
    Column("digest", LargeBinary),  # SHA-256 of the removed data; NULL while it can be computed
    Column("hash", LargeBinary, nullable=False),
    _partial("uq_history_event_submission", "submission", where="submission IS NOT NULL", unique=True),
    _partial("ix_history_event_task_id", "task_id", where="task_id IS NOT NULL"),
    sqlite_with_rowid=False,
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    _text("actor"),
    _text("subject"),  # what it is about: a user id, a list, a deployment
    Column("data", Text),
    Column("digest", LargeBinary),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_audit_event_subject", "kind", "subject"),
)

chain = Table(
    "chain",
    metadata,
    Column("name", Text, primary_key=True),  # `audit`: the one chain beside those of the instances
    Column("count", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
)


heartbeat = Table(
    "heartbeat",
    metadata,
    _id(),
    Column("started_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)
