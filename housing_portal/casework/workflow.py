"""The workflow as a table: states × actions, read from YAML and linted before it may run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import click
import yaml
from flask.cli import AppGroup
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "workflows"
Role = Literal["applicant", "intake_officer", "reviewer", "approver", "system"]


class Words(BaseModel):
    """One text in both languages; a missing one fails the lint when the file is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.en if lang == "en" else self.zh


class State(BaseModel):
    """Where a case can stand. ``clock`` is in working days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Words
    public: Words
    actor: Role | None = None
    clock: int | None = Field(default=None, ge=1)
    pauses: bool = False
    on_timeout: str | None = None
    shown_as: str | None = None  # the state that the applicant sees instead
    final: bool = False


class Action(BaseModel):
    """What somebody can do. ``most``: how often in one case. ``internal``: the applicant does not hear of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    sources: list[str] = Field(alias="from", min_length=1)
    to: str
    role: Role
    words: Words
    stage: str | None = None
    most: int | None = Field(default=None, ge=1)
    internal: bool = False


class Workflow(BaseModel):
    """A named, versioned table of states and actions."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    version: int
    initial: str
    total_clock: int = Field(ge=1)
    states: dict[str, State]
    actions: dict[str, Action]

    def actions_from(self, state: str) -> dict[str, Action]:
        """What can be done in a state, by whomever."""
        return {name: action for name, action in self.actions.items() if state in action.sources}

    def seen_by_applicant(self, state: str) -> str:
        """The state that the applicant is shown for this one."""
        return self.states[state].shown_as or state


def lint(workflow: Workflow) -> list[str]:
    """Every defect of the table in a sentence; an empty list means it may run."""
    problems: list[str] = []
    known = set(workflow.states)
    if workflow.initial not in known:
        return [f"initial state {workflow.initial} does not exist"]
    for name, action in workflow.actions.items():
        problems += [f"{name}: unknown state {state}" for state in {*action.sources, action.to} - known]
        if action.role not in ("applicant", "system") and action.stage is None:
            problems.append(f"{name}: an officer's action needs a stage, else one person could act twice")
        problems += [
            f"{name}: leaves the final state {source}"
            for source in action.sources
            if source in known and workflow.states[source].final
        ]
    if problems:
        return problems
    problems += _lint_states(workflow)
    problems += [f"{state}: cannot be reached" for state in sorted(known - _reachable(workflow))]
    return problems


def _lint_states(workflow: Workflow) -> list[str]:
    problems: list[str] = []
    for name, state in workflow.states.items():
        leaving = workflow.actions_from(name)
        if state.final:
            continue
        if state.actor is None:
            problems.append(f"{name}: nobody must act")
        elif not any(a.role == state.actor and a.to != name for a in leaving.values()):
            problems.append(f"{name}: dead end, {state.actor} has no way on")
        if name != workflow.initial and state.clock is None:
            problems.append(f"{name}: no clock")
        if state.shown_as is not None and (state.shown_as not in workflow.states or state.shown_as == name):
            problems.append(f"{name}: shown_as must name another state")
        if state.on_timeout is not None:
            timeout = workflow.actions.get(state.on_timeout)
            if timeout is None or timeout.role != "system" or name not in timeout.sources:
                problems.append(f"{name}: on_timeout must name an action of the system from here")
    stages = [{a.stage for a in workflow.actions_from(name).values() if a.stage} for name in workflow.states]
    problems += [f"stages {sorted(found)} share a state" for found in stages if len(found) > 1]
    return problems


def _reachable(workflow: Workflow) -> set[str]:
    reached, edge = {workflow.initial}, [workflow.initial]
    while edge:
        for action in workflow.actions_from(edge.pop()).values():
            if action.to not in reached:
                reached.add(action.to)
                edge.append(action.to)
    return reached


class WorkflowInvalid(Exception):
    """A workflow file that must not run; says why."""


@cache
def load_workflow(name: str) -> Workflow:
    """The workflow of that name. Raises WorkflowInvalid."""
    path = FOLDER / f"{name}.yaml"
    if path.parent != FOLDER or not path.is_file():
        raise WorkflowInvalid(f"there is no workflow {name}")
    workflow = Workflow.model_validate(yaml.safe_load(path.read_text("utf-8")))
    problems = lint(workflow)
    if problems:
        raise WorkflowInvalid(f"{path.name}: " + "; ".join(problems))
    return workflow


workflow_cli = AppGroup("workflow", help="The workflow tables.")


@workflow_cli.command("lint")
def lint_command() -> None:
    """Check every workflow of the portal."""
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            load_workflow(path.stem)
        except (WorkflowInvalid, ValueError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{path.stem}: ok")
