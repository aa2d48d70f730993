"""What the engine answers to those who ask: plain values, already limited to what the asking person may see."""

from engine.views.board import BoardRow, BoardView, Cell, Chosen, FigureRows, FigureView, Member, WatchView
from engine.views.editing import DeployedFile, DraftRow, Edited
from engine.views.effects import JobRow, NotificationRow, PushAddressRow, PushRow
from engine.views.externals import ExternalFilter, ExternalTask, Failure, Fetch, Fetched, Topic
from engine.views.fields import Count, FieldValue
from engine.views.heat import HeatAsked, HeatRow, HeatView
from engine.views.history_search import HistoryFilter, PastActivity, PastDecision, PastTask, PastValue
from engine.views.inbox import Inbox, InboxFilter, TaskRow
from engine.views.instances import (
    IncidentRow,
    InstanceFilter,
    InstanceHead,
    InstanceRow,
    Live,
    Repair,
    Spot,
    Startable,
    Started,
    Token,
    Way,
)
from engine.views.migrations import MigrationFailure, MigrationPlace, MigrationPlan, MigrationRow
from engine.views.people import Actor, Person, SubstitutionView
from engine.views.processes import (
    DefinitionRow,
    DeploymentFilter,
    DeploymentRow,
    ElementAbout,
    ProcessAbout,
    ResourceRow,
)
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
from engine.views.replay import Replay, ReplayStep
from engine.views.sheet import SheetFilter, SheetLine, SheetView
from engine.views.surroundings import CalendarException, ReferenceItem
from engine.views.task_search import Span, TaskFilter, TaskHead
from engine.views.tasks import Completed, TaskForm, TaskView
from engine.views.waiting_search import OpenIncident, WaitingFilter, WaitingJob

__all__ = [
    "Actor",
    "BoardRow",
    "BoardView",
    "Button",
    "CalendarException",
    "Cell",
    "Chosen",
    "CommentView",
    "Completed",
    "Count",
    "DefinitionRow",
    "DeployedFile",
    "DeploymentFilter",
    "DeploymentRow",
    "DraftRow",
    "Edited",
    "ElementAbout",
    "ExternalFilter",
    "ExternalTask",
    "Failure",
    "Fetch",
    "Fetched",
    "FieldValue",
    "FigureRows",
    "FigureView",
    "FileView",
    "HeatAsked",
    "HeatRow",
    "HeatView",
    "HistoryFilter",
    "HistoryRow",
    "Inbox",
    "InboxFilter",
    "IncidentRow",
    "InstanceFilter",
    "InstanceHead",
    "InstanceRow",
    "JobRow",
    "Live",
    "Member",
    "MigrationFailure",
    "MigrationPlace",
    "MigrationPlan",
    "MigrationRow",
    "NotificationRow",
    "OpenIncident",
    "PastActivity",
    "PastDecision",
    "PastTask",
    "PastValue",
    "Person",
    "ProcessAbout",
    "PushAddressRow",
    "PushRow",
    "RecordFilter",
    "RecordRow",
    "RecordView",
    "ReferenceItem",
    "Repair",
    "Replay",
    "ReplayStep",
    "ResourceRow",
    "SheetFilter",
    "SheetLine",
    "SheetView",
    "Span",
    "Spot",
    "StageView",
    "Startable",
    "Started",
    "SubstitutionView",
    "TaskFilter",
    "TaskForm",
    "TaskHead",
    "TaskRow",
    "TaskView",
    "Token",
    "Topic",
    "WaitingFilter",
    "WaitingJob",
    "WatchView",
    "Way",
]
