"""What the engine answers to those who ask: plain values, already limited to what the asking person may see."""

from engine.views.effects import JobRow, NotificationRow, PushAddressRow, PushRow
from engine.views.fields import Count, FieldValue
from engine.views.inbox import Inbox, InboxFilter, TaskRow
from engine.views.instances import IncidentRow, InstanceRow, Repair, Spot, Startable, Started, Token, Way
from engine.views.people import Actor, Person, SubstitutionView
from engine.views.processes import DefinitionRow, ElementAbout, ProcessAbout
from engine.views.records import (
    Button,
    CommentView,
    FileView,
    HistoryRow,
    RecordFilter,
    RecordRow,
    RecordView,
    StageView,
)
from engine.views.surroundings import CalendarException, ReferenceItem
from engine.views.tasks import Completed, TaskForm, TaskView

__all__ = [
    "Actor",
    "Button",
    "CalendarException",
    "CommentView",
    "Completed",
    "Count",
    "DefinitionRow",
    "ElementAbout",
    "FieldValue",
    "FileView",
    "HistoryRow",
    "Inbox",
    "InboxFilter",
    "IncidentRow",
    "InstanceRow",
    "JobRow",
    "NotificationRow",
    "Person",
    "ProcessAbout",
    "PushAddressRow",
    "PushRow",
    "RecordFilter",
    "RecordRow",
    "RecordView",
    "ReferenceItem",
    "Repair",
    "Spot",
    "StageView",
    "Startable",
    "Started",
    "SubstitutionView",
    "TaskForm",
    "TaskRow",
    "TaskView",
    "Token",
    "Way",
]
