"""Mistakes of many kinds, each made in a real diagram or table of the practice."""
# ruff: noqa: E501 - a fault reads best on one line

from tests.engine.validation.seeded.fault import Fault

ORDER, SAMPLE, PURCHASE = "order_followup.bpmn", "sample_followup.bpmn", "purchase_followup.bpmn"
INTAKE, RELEASE, DISPATCH = "shared/intake_review.bpmn", "shared/order_release.bpmn", "shared/dispatch.bpmn"
LEAD, COLLECT, COMPLAINT = "shared/lead_time_check.bpmn", "shared/collection.bpmn", "shared/customer_complaint.bpmn"
ISSUE, CHANGE, HANDOVER = "shared/issue_escalation.bpmn", "shared/order_change.bpmn", "shared/leave_handover.bpmn"
SLA = "decisions/complaint_sla.dmn"

FAULTS = [
    # ---- what an expression says
    Fault("misspelt name", "unknown-name", LEAD, "count_days", "t in lead_times return t.rush_wd", "t in leadtimes return t.rush_wd"),
    Fault("misspelt name", "unknown-name", COLLECT, "assist_collection", "${coordinator}", "${cordinator}"),
    Fault("misspelt name", "unknown-name", COMPLAINT, "Flow_x_third_final_decision", "complaint_round", "complaint_rounds"),
    Fault("misspelt name", "unknown-name", DISPATCH, "Flow_x_approved_x_planned", "partial_decision", "partial_decison"),
    Fault("misspelt function", "unknown-function", RELEASE, "enter_order", "end_of_day()", "end_of_days()"),
    Fault("misspelt function", "unknown-function", COLLECT, "confirm_receipt", "work_days(1)", "workdays(1)"),
    Fault("half an expression", "expression-syntax", LEAD, "keep_verdict", "${judgement.verdict}", "${judgement.verdict +}"),
    Fault("half an expression", "expression-syntax", INTAKE, "Flow_x_matches_resolve_duplicate", "${count(matches)", "${(count(matches)"),
    Fault("condition without mark", "expression-syntax", RELEASE, "Flow_x_planned_status_scheduled", '${plan_status = "scheduled"}', 'plan_status = "scheduled"'),
    Fault("full-width punctuation", "full-width", RELEASE, "Flow_x_consolidated_status_placed", '"include"', "“include”", also=(("expression-syntax", "Flow_x_consolidated_status_placed"),)),
    # ---- names before they are set
    Fault("read too early", "unset-name", LEAD, "group_families", "${[]}", "${[judgement]}"),
    Fault("read too early", "unset-name", COLLECT, "prepare_collection", "<camunda:inputParameter", '<camunda:inputParameter name="early">${chase_result}</camunda:inputParameter><camunda:inputParameter'),
    Fault("read too early", "unset-name", COMPLAINT, "prepare_complaint", "<camunda:inputParameter", '<camunda:inputParameter name="early">${ruling}</camunda:inputParameter><camunda:inputParameter'),
    Fault("wrong arguments", "type-mismatch", RELEASE, "arrange_plan", "work_hours(4)", "work_hours(4, now(), 'office', 1)"),
    Fault("step left out", "unset-name", LEAD, "Flow_start_group_families", 'targetRef="group_families"', 'targetRef="find_lead_time"', found="find_lead_time", also=(("no-way-in", "group_families"),)),
    Fault("set on one way only", "maybe-unset", ORDER, "prepare_order", "<camunda:inputParameter", '<camunda:inputParameter name="late">${want_qty}</camunda:inputParameter><camunda:inputParameter'),
    Fault("wrong arguments", "type-mismatch", COLLECT, "confirm_receipt", "work_hours(4)", "work_hours()"),
    # ---- values and types
    Fault("impossible value", "impossible-value", RELEASE, "Flow_x_planned_x_enter", '"returned"', '"return"'),
    Fault("impossible value", "impossible-value", CHANGE, "Flow_x_change_order_cancelled", '"cancel_order"', '"cancel"'),
    Fault("impossible value", "impossible-value", COLLECT, "Flow_x_what_nothing_due", '"none"', '"nothing"'),
    Fault("wrong type", "type-mismatch", COMPLAINT, "Flow_x_third_final_decision", "3", '"three"'),
    Fault("wrong type", "type-mismatch", LEAD, "count_days", "today(), judged_date", "today() + 1, judged_date"),
    Fault("wrong type", "type-mismatch", RELEASE, "Flow_x_consolidated_x_enter", 'row_action = "return"', "row_action &gt; 3"),
    Fault("condition that is no condition", "type-mismatch", COMPLAINT, "Flow_x_third_final_decision", "${complaint_round &gt;= 3}", "${complaint_round}"),
    Fault("condition that is no condition", "type-mismatch", CHANGE, "Flow_x_quantity_quantity_reagreed", '${change_type = "quantity"}', "${change_type}"),
    Fault("time that is no time", "type-mismatch", COLLECT, "assist_collection", 'camunda:dueDate="${work_days(1)}"', 'camunda:dueDate="${rule.stop_new_orders}"'),
    Fault("collection that is no list", "type-mismatch", LEAD, "find_lead_time", 'camunda:collection="families"', 'camunda:collection="${count(families)}"'),
    # ---- gateways
    Fault("contradiction", "dead-condition", COMPLAINT, "Flow_x_ruling_next_complaint_round", 'ruling = "continue"', 'ruling = "continue" and ruling = "compensate"'),
    Fault("narrow behind wide", "dead-condition", RELEASE, "Flow_x_consolidated_x_enter", '"return"', '"include"'),
    Fault("narrow behind wide", "dead-condition", ISSUE, "Flow_x_level_coordinate_l2", "level = 2", "level = 1"),
    Fault("default forgotten", "missing-condition", RELEASE, "x_consolidated", ' default="Flow_x_consolidated_x_consolidate"', "", found="Flow_x_consolidated_x_consolidate"),
    Fault("default of another gateway", "default-flow", RELEASE, "x_planned", 'default="Flow_x_planned_tell_conflict"', 'default="Flow_x_plan_arrange_plan"', also=(("missing-condition", "Flow_x_planned_tell_conflict"),)),
    Fault("condition on the default", "ignored-condition", COMPLAINT, "x_third", 'default="Flow_x_third_next_complaint_round"', 'default="Flow_x_third_final_decision"', found="Flow_x_third_final_decision", also=(("missing-condition", "Flow_x_third_next_complaint_round"),)),
    # ---- tokens
    Fault("choice joined as a fork", "stuck-join", COMPLAINT, "x_received", "exclusiveGateway", "parallelGateway", every=True),
    Fault("choice joined as a fork", "stuck-join", RELEASE, "x_entered", "exclusiveGateway", "parallelGateway", every=True),
    Fault("choice joined as a fork", "stuck-join", ORDER, "original_join", "inclusiveGateway", "parallelGateway", every=True),
    Fault("way around the join", "stuck-token", ISSUE, "Flow_x_solution_x_solved", 'targetRef="x_solved"', 'targetRef="cause_end"', found="cause_join"),
    Fault("way cut off", "no-way-in", LEAD, "Flow_count_days_judge", 'targetRef="judge"', 'targetRef="end"', found="judge"),
    Fault("flow to nowhere", "dangling-reference", LEAD, "Flow_count_days_judge", 'targetRef="judge"', 'targetRef="judges"', also=(("no-way-in", "judge"), ("loose-flow", "Flow_count_days_judge"))),
    # ---- references
    Fault("unknown group", "unknown-group", COLLECT, "confirm_receipt", '"finance"', '"finanse"'),
    Fault("unknown group", "unknown-group", RELEASE, "arrange_plan", '"planner"', '"planners"'),
    Fault("unknown process", "called-process", ORDER, "report_progress", 'calledElement="report_issue"', 'calledElement="report_issues"'),
    Fault("unknown process", "called-process", SAMPLE, "order_release", 'calledElement="order_release"', 'calledElement="order_realease"'),
    Fault("unknown decision", "decision-reference", LEAD, "judge", '"lead_time_verdict"', '"lead_time_verdicts"'),
    Fault("unknown setting", "unknown-setting", DISPATCH, "await_out", "dispatch_check_from", "dispatch_checks_from", found="day_end"),
    Fault("unknown setting", "unknown-setting", COLLECT, "Flow_x_finance_take_word", "finance_confirms_receipt", "finance_confirm_receipt"),
    Fault("unknown list", "field-reference", RELEASE, "arrange_plan", 'value="line"', 'value="lines"'),
    Fault("unknown clause", "unknown-clause", LEAD, "count_days", "P2.2.5", "P2.25"),
    Fault("unknown clause", "unknown-clause", COLLECT, "pursue", "G16", "G61"),
    Fault("misspelt message", "uncaught-message", COLLECT, "Message_collection_closed", '"collection_closed"', '"collection_close"', found="tell_order", also=(("unsent-message", "collection_closed"),)),
    Fault("nobody may send", "unsent-message", COLLECT, "payment_received", 'name="senders"', 'name="sendrs"', also=(("unknown-property", "payment_received"),)),
    Fault("misspelt topic", "connector-inputs", RELEASE, "number_order", '"next-number"', '"next-numbers"'),
    Fault("misspelt input", "connector-inputs", RELEASE, "number_order", 'name="pattern"', 'name="patern"'),
    Fault("four eyes of nobody", "four-eyes", ORDER, "decide_waiver", 'value="chase_original"', 'value="chase_originals"'),
    # ---- timers
    Fault("timer that waits for nothing", "idle-timer", COLLECT, "wait_round", "${next_at}", "2020-01-01T08:00:00+08:00"),
    Fault("timer that waits for nothing", "idle-timer", DISPATCH, "await_out", '${at_time(setting("dispatch_check_from"), planned_ship)}', "${duration(&quot;PT0S&quot;)}", found="day_end"),
    Fault("timer that cannot be read", "timer-text", COLLECT, "wait_round", "${next_at}", "tomorrow"),
    # ---- what is written where
    Fault("misspelt attribute", "unknown-attribute", RELEASE, "enter_order", "camunda:dueDate", "camunda:duedate", also=(("task-due", "enter_order"),)),
    Fault("misspelt property", "unknown-property", ORDER, "decide_waiver", 'name="fourEyes"', 'name="foureyes"'),
    Fault("misspelt field property", "field-property", RELEASE, "enter_order", 'id="visibleWhen"', 'id="visibleIf"'),
    Fault("choice without values", "field-values", RELEASE, "enter_order", 'id="missing_info"', 'id="wrong_qty"'),
    Fault("nobody's task", "task-assignee", RELEASE, "arrange_plan", ' camunda:candidateGroups="planner"', ""),
    Fault("no deadline", "task-due", COLLECT, "confirm_receipt", ' camunda:dueDate="${work_days(1)}"', ""),
    Fault("result that goes nowhere", "decision-reference", LEAD, "judge", ' camunda:resultVariable="judgement"', "", also=(("unknown-name", "keep_verdict"),)),
    # ---- tables
    Fault("gap in a table", "dmn-gap", SLA, "complaint_sla_3", '"S3"', '"S2"', found="complaint_sla", also=(("dmn-overlap", "complaint_sla"),)),
    Fault("overlap in a table", "dmn-overlap", SLA, "complaint_sla_3", '"S3"', '"S3","S1"', found="complaint_sla"),
    Fault("wrong type in a table", "dmn-type", SLA, "complaint_sla_3", "<text>3</text>", '<text>"3"</text>', found="complaint_sla"),
    Fault("half a cell", "dmn-syntax", SLA, "complaint_sla_2", '"S2"', '"S2', found="complaint_sla", also=(("dmn-overlap", "complaint_sla"),)),
    Fault("forgotten quotes", "dmn-name", SLA, "complaint_sla_2", '"S2"', "S2", found="complaint_sla", also=(("decision-name", "complaint_sla"),)),
]  # fmt: skip
