"""The command line answers with sentences and exit codes, never with a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from engine.command.main import cli
from engine.command.opening import SYSTEM, opened
from engine.engine import Engine
from engine.runtime.deployments.checking import _check
from engine.settings import Settings
from engine.views import Actor

LOAN = Path(__file__).parents[1] / "scenarios" / "loan"
Command = Callable[..., Result]


@pytest.fixture
def gendan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`gendan …` on data of its own."""
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path / "data"))
    for name in ("GENDAN_DATABASE_URL", "GENDAN_DEBUG", "GENDAN_HISTORY_KEY"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def begun(gendan: Command) -> Command:
    """The same, with the loan practice deployed and two people."""
    assert gendan("init", LOAN, "--admin-password", "long enough words").exit_code == 0
    for user, group in (("anna", "clerk"), ("hugo", "head")):
        assert gendan("user", "add", user, "--group", group).exit_code == 0
    return gendan


def _sheet(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_every_command_explains_itself(gendan: Command) -> None:
    listed = gendan("--help")

    for name in (
        "init",
        "serve",
        "deploy",
        "validate",
        "test",
        "user",
        "incidents",
        "verify-history",
        "history",
        "retention",
        "backup",
        "restore",
        "import",
        "export",
    ):
        assert name in listed.output
        answer = gendan(name, "--help")
        assert (answer.exit_code, answer.output[:6]) == (0, "Usage:")


def test_init_prepares_once_and_changes_nothing_again(gendan: Command) -> None:
    first = gendan("init", LOAN)
    second = gendan("init", LOAN)

    assert first.exit_code == 0
    assert "Administrator admin, password " in first.output
    assert (second.exit_code, second.output) == (0, "")


def test_deploy_shows_what_changes_and_refuses_errors(begun: Command, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    for file in LOAN.rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(LOAN)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())

    looked = _check.cache_info()
    assert "Nothing changed." in begun("deploy", folder).output
    assert _check.cache_info() == looked

    diagram = folder / "loan.bpmn"
    diagram.write_text(diagram.read_text().replace('name="审批"', 'name="批准"'))
    changed = begun("deploy", folder)
    assert (changed.exit_code, "~ process loan" in changed.output, "Deployed as number 2." in changed.output) == (
        0,
        True,
        True,
    )

    assert "~ userTask" in changed.output
    assert "~ name: 审批 → 批准" in changed.output

    diagram.write_text(diagram.read_text().replace("\n", "\n\n"))
    assert "it means the same" in begun("deploy", folder).output

    diagram.write_text(diagram.read_text().replace('decisionRef="limit"', 'decisionRef="limt"'))
    refused = begun("deploy", diagram)
    assert refused.exit_code == 1
    assert "limt" in refused.output
    assert "Nothing was deployed." in refused.output


def test_a_set_that_holds_already_is_not_checked_again(begun: Command) -> None:
    # Given a practice that is deployed, in a process that has not checked it yet
    with opened() as engine:
        files = engine.deployments.files()
        _check.cache_clear()
        # When it is deployed again as it is
        done = engine.deployments.deploy(files, SYSTEM)
    # Then nothing changes, and nothing was checked
    assert done.changes == ()
    assert _check.cache_info().misses == 0


def test_validate_needs_no_database_and_names_the_line(gendan: Command, tmp_path: Path) -> None:
    (tmp_path / "groups.yaml").write_text("groups: [{id: a, zh: 甲, en: A}]\n")
    (tmp_path / "wrong.bpmn").write_text("<definitions")

    answer = gendan("validate", tmp_path)

    assert answer.exit_code == 1
    assert "wrong.bpmn:1" in answer.output
    assert gendan("validate", LOAN).exit_code == 0
    assert gendan("validate", LOAN, "--strict").exit_code == 1
    assert gendan("validate", tmp_path / "nowhere").exit_code == 2


def test_test_runs_scenarios_and_refuses_wrong_files(gendan: Command, tmp_path: Path) -> None:
    holds = gendan("test", LOAN / "scenarios" / "loans.yaml", "--only", "L04", "--only", "L07")
    assert (holds.exit_code, "ok   L04" in holds.output, "2 of 2 scenarios hold." in holds.output) == (0, True, True)

    (tmp_path / "fails.yaml").write_text("scenario: F\nsteps: [{start: loan, by: nobody}]\n")
    fails = gendan("test", tmp_path / "fails.yaml", "--practice", LOAN)
    assert (fails.exit_code, "FAIL F" in fails.output, "fails.yaml:2:9: start: loan" in fails.output) == (1, True, True)

    (tmp_path / "wrong.yaml").write_text("scenario: W\nstepps: []\n")
    wrong = gendan("test", tmp_path / "wrong.yaml", "--practice", LOAN)
    assert (wrong.exit_code, "wrong.yaml:2:1:" in wrong.output, "“steps”" in wrong.output) == (2, True, True)


def test_import_tells_each_row_and_adds_nothing_twice(begun: Command, tmp_path: Path) -> None:
    file = _sheet(tmp_path / "loans.xlsx", ["借款人", "amount"], ["A01", 10], ["A01", None], ["A01", 12.5])

    first = begun("import", "loan", file, "--as", "anna")
    again = begun("import", "loan", file, "--as", "anna", "--report", tmp_path / "report.xlsx")
    told = list(load_workbook(tmp_path / "report.xlsx").active.iter_rows(values_only=True))

    assert [row[:2] for row in told] == [("row", "outcome"), (2, "repeated"), (3, "refused"), (4, "repeated")]
    assert "amount" in told[2][3]
    assert first.exit_code == 1
    assert "row 3: refused amount" in first.output
    assert "2 created, 0 repeated, 1 refused." in first.output
    assert "0 created, 2 repeated, 1 refused." in again.output
    assert "nowhere" in begun("import", "nowhere", file, "--as", "anna").output
    assert begun("import", "loan", tmp_path / "none.xlsx", "--as", "anna").exit_code == 2


def test_export_writes_what_a_person_may_see(begun: Command, tmp_path: Path) -> None:
    begun("import", "loan", _sheet(tmp_path / "in.xlsx", ["借款人", "金额"], ["A01", 10]), "--as", "anna")
    begun("user", "add", "otto")

    for person, rows in (("", 2), ("otto", 1)):
        answer = begun("export", "records", "loan", tmp_path / "out.xlsx", *(("--as", person) if person else ()))
        sheet = load_workbook(tmp_path / "out.xlsx").active
        assert answer.exit_code == 0
        assert sheet is not None
        assert sheet.max_row == rows


def test_people_are_added_listed_moved_and_leave(begun: Command) -> None:
    added = begun("user", "add", "berta", "--name", "白塔", "--group", "clerk")
    assert "Added berta. Password: " in added.output
    assert begun("user", "groups", "berta", "head").exit_code == 0
    assert "白塔" in begun("user", "list").output
    assert begun("user", "deactivate", "berta").exit_code == 0
    assert "berta" not in begun("user", "list").output
    assert "inactive" in begun("user", "list", "--all").output
    assert begun("user", "password", "anna", "--password", "short").exit_code == 1
    assert begun("user", "add", "carl", "--group", "clerks").exit_code == 1


def test_history_is_verified_and_incidents_are_listed(begun: Command, tmp_path: Path) -> None:
    begun("import", "loan", _sheet(tmp_path / "in.xlsx", ["借款人", "金额"], ["A01", 10]), "--as", "anna")

    assert begun("verify-history").exit_code == 0
    assert (begun("incidents", "list").exit_code, begun("incidents", "list").output) == (0, "No incidents.\n")
    assert begun("incidents", "retry").exit_code == 2


def test_a_database_that_cannot_be_opened_is_a_sentence(gendan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENDAN_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")

    answer = gendan("user", "list")

    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    assert "GENDAN_DATABASE_URL" in answer.output


def test_a_token_acts_as_its_person(begun: Command, tmp_path: Path) -> None:
    made = begun("user", "token", "anna", "--name", "scale", "--days", "30")
    assert made.exit_code == 0
    assert begun("user", "token", "nobody").exit_code == 1
    engine = Engine.open(Settings.from_environment())
    try:
        assert engine.identity.authenticate_token(made.output.strip()).id == "anna"
        assert [each.name for each in engine.identity.tokens(Actor("anna"))] == ["scale"]
    finally:
        engine.close()
