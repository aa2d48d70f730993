"""A process owner's day: six changes of the practice, each by editing its files alone, each with the scenario that
proves it. `changes/` holds the edits, `scenarios/` the proofs; docs/owner-day.md tells the day."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from engine.command.main import cli

HERE = Path(__file__).parent
PROCESSES = Path(__file__).parents[2] / "processes"
DAY = sorted(each.stem for each in (HERE / "changes").glob("*.yaml"))


@dataclass(frozen=True)
class Edit:
    """An edit of a file: `replace` (once) or `all` of them `with` a text, or `add` it `after` or `before` a place."""

    file: str
    old: str
    new: str
    everywhere: bool = False

    def apply(self, practice: Path) -> None:
        path = practice / self.file
        text = path.read_text("utf-8")
        found = text.count(self.old)
        assert found == 1 or (self.everywhere and found > 1), f"{self.file}: {found} × {self.old}"
        path.write_text(text.replace(self.old, self.new), "utf-8")


def edits_of(change: str) -> list[Edit]:
    return [_edit(**each) for each in yaml.safe_load((HERE / "changes" / f"{change}.yaml").read_text("utf-8"))]


def _edit(file: str, add: str = "", after: str = "", before: str = "", **texts: str) -> Edit:
    if add:
        return Edit(file, after or before, after + add + before)
    return Edit(file, texts.get("all") or texts["replace"], texts["with"], "all" in texts)


def gendan(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in words])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an engine with the practice as it stands."""
    data = tmp_path_factory.mktemp("running") / "data"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GENDAN_DATA_DIR", str(data))
        environment.delenv("GENDAN_DATABASE_URL", raising=False)
        assert gendan("init", PROCESSES, "--admin-password", "long enough words").exit_code == 0
    return data


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A copy of the practice, to be edited."""
    return Path(shutil.copytree(PROCESSES, tmp_path / "processes"))


@pytest.mark.parametrize("change", DAY)
def test_a_change_is_made_in_files_found_right_deployed_and_proved(
    change: str, practice: Path, running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENDAN_DATA_DIR", str(shutil.copytree(running, tmp_path / "data")))
    monkeypatch.delenv("GENDAN_DATABASE_URL", raising=False)
    for edit in edits_of(change):
        edit.apply(practice)
    proof = shutil.copy(HERE / "scenarios" / f"{change}.yaml", practice / "scenarios")

    found = gendan("validate", practice, "--strict")
    deployed = gendan("deploy", practice)
    proved = gendan("test", practice / "scenarios", "--only", _name(Path(proof)), "--jobs", 1)

    assert (found.exit_code, found.output) == (0, "No findings.\n")
    assert (deployed.exit_code, "Deployed as number 2." in deployed.output) == (0, True), deployed.output
    assert (proved.exit_code, "1 of 1 scenarios hold." in proved.output) == (0, True), proved.output


def test_no_proof_holds_before_its_change(practice: Path) -> None:
    shutil.copytree(HERE / "scenarios", practice / "scenarios", dirs_exist_ok=True)
    wanted = [word for change in DAY for word in ("--only", _name(HERE / "scenarios" / f"{change}.yaml"))]

    result = gendan("test", practice / "scenarios", *wanted, "--jobs", 1)

    assert result.exit_code == 1
    assert f"0 of {len(DAY)} scenarios hold." in result.output


def _name(scenario: Path) -> str:
    return str(yaml.safe_load(scenario.read_text("utf-8"))["scenario"])
