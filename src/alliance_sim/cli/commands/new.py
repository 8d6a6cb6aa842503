"""`scenario new`, `rubric new`: a commented file to begin with."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from alliance_sim.cli.wiring import narrate
from alliance_sim.errors import UsageProblem

Text = str | None
Folder = Annotated[Path, typer.Option("--out", help="The folder to write to.", file_okay=False)]
SCHEMAS = "docs/schema"


def scenario(
    title: Annotated[Text, typer.Option(help="What the scenario is called.")] = None,
    name: Annotated[Text, typer.Option(help="The client's name.")] = None,
    age: Annotated[int | None, typer.Option(min=6, max=110, help="The client's age.")] = None,
    pronouns: Annotated[Text, typer.Option(help="As in she/her.")] = None,
    type_: Annotated[
        Text, typer.Option("--type", help="A row of the dynamics: wary, mandated, trauma …")
    ] = None,
    referral: Annotated[Text, typer.Option(help="Who sent the client, and why.")] = None,
    concern: Annotated[Text, typer.Option(help="What the trainee can see and has read.")] = None,
    id_: Annotated[Text, typer.Option("--id", help="The file's name; made of the title.")] = None,
    out: Folder = Path("scenarios"),
    draft: Annotated[
        Text, typer.Option("--draft", help="A few sentences: a model proposes the client.")
    ] = None,
) -> None:
    """Begin a scenario: asks what is not given, and writes a file that plays.

    With --draft the configured model proposes a client; the file is marked as a draft, and is
    offered to nobody until you have taken the mark out.
    """
    from alliance_sim.authoring.starting import (
        ScenarioAnswers,
        check_id,
        id_from,
        scenario_text,
        write_new,
    )

    title = _asked(title, "--title", "What is the scenario called?", "A new client")
    answers = ScenarioAnswers(
        id=check_id(id_ or id_from(title)),
        title=title,
        name=_asked(name, "--name", "The client's name?", "Sam Weller"),
        age=age or _age(),
        pronouns=_asked(pronouns, "--pronouns", "Pronouns?", "they/them"),
        type=_type(type_),
        referral=_asked(referral, "--referral", "Who sent them?", "Came by themselves."),
        concern=_asked(
            concern, "--concern", "What is to be seen, in a sentence?", "Sleeps badly; says little."
        ),
        expected={},
    )
    path = out / f"{answers.id}.yaml"
    answers = ScenarioAnswers(**vars(answers) | {"expected": _expected(answers.type)})
    schema = _schema(out, "scenario")
    text = scenario_text(answers, path, schema)
    if draft is not None:
        from alliance_sim.cli.drafting import drafted

        text = drafted(draft, text, schema, answers.id)
    write_new(path, text)
    _with_schema(out, "scenario")
    _written(path, f"alliance-sim scenario check {path}", f"alliance-sim practice {path}")


def rubric(
    title: Annotated[Text, typer.Option(help="What the rubric is called.")] = None,
    about: Annotated[
        Text, typer.Option(help="For the trainee: what it is, why it matters.")
    ] = None,
    weight: Annotated[float, typer.Option(min=0.1, max=100, help="Share of the whole.")] = 5,
    scope: Annotated[str, typer.Option(help="utterance, event or session.")] = "utterance",
    id_: Annotated[Text, typer.Option("--id", help="The file's name; made of the title.")] = None,
    out: Folder = Path("rubrics"),
) -> None:
    """Begin a rubric: asks what is not given, and writes a file that passes `check`."""
    from alliance_sim.authoring.starting import (
        RubricAnswers,
        check_id,
        id_from,
        rubric_text,
        write_new,
    )
    from alliance_sim.domain.rubric import Scope

    if scope not in set(Scope):
        raise UsageProblem(f"--scope cannot be {scope!r}; choose utterance, event or session")
    title = _asked(title, "--title", "What is the rubric called?", "A new rubric")
    answers = RubricAnswers(
        id=check_id(id_ or id_from(title)),
        title=title,
        about=_asked(about, "--about", "What is it about, for the trainee?", "Say why it matters."),
        weight=weight,
        scope=scope,
    )
    path = out / f"{answers.id}.yaml"
    write_new(path, rubric_text(answers, path, _schema(out, "rubric")))
    _with_schema(out, "rubric")
    _written(path, f"alliance-sim rubric check {path}")


def _asked(given: str | None, option: str, question: str, default: str) -> str:
    """The answer: as given, else asked for at a terminal. Elsewhere it must be given."""
    if given is not None:
        if not given.strip():
            raise UsageProblem(f"{option} is empty; give it some words")
        return given.strip()
    if not sys.stdin.isatty():
        raise UsageProblem(f"{option} is missing; give it, or run this in a terminal to be asked")
    answer: str = typer.prompt(question, default=default, err=True)
    return answer.strip() or default


def _age() -> int:
    while True:
        text = _asked(None, "--age", "Age?", "34")
        if text.isascii() and text.isdigit() and 6 <= int(text) <= 110:
            return int(text)
        narrate("An age is a number from 6 to 110.")


def _type(given: str | None) -> str:
    from alliance_sim.authoring.problems import listed, nearest, quoted
    from alliance_sim.client.dynamics import load_dynamics

    known = list(load_dynamics().types)
    name = _asked(given, "--type", f"Which type of client ({listed(known)})?", "wary")
    if name not in known:
        hint = nearest(name, known) or f"; choose {listed(known)}"
        raise UsageProblem(f"there is no client type {quoted(name)}{hint}")
    return name


def _expected(kind: str) -> dict[str, tuple[float, float]]:
    """What a client of the type leads to, a little room on both sides: the file's own tests."""
    from alliance_sim.client.dynamics import load_dynamics, profile
    from alliance_sim.domain.scenario import StartState
    from alliance_sim.runtime.rehearsal.in_codes import hold_hours
    from alliance_sim.runtime.rehearsal.outcome import in_codes
    from alliance_sim.runtime.rehearsal.policies import load_policies

    client = profile(StartState(type=kind), load_dynamics())
    room = 0.1
    found = {}
    for name in ("skilled", "mixed", "poor"):
        policy = load_policies().policies[name]
        seen = in_codes(hold_hours(client, policy, sessions=300, turns=20, seed=1)).dropout.value
        found[name] = (round(max(0.0, seen - room), 2), round(min(1.0, seen + room), 2))
    return found


def _schema(folder: Path, kind: str) -> str:
    """Where an editor is to find the schema: among the program's own, or beside the file."""
    import os

    name = f"{kind}.schema.json"
    shipped = folder.parent / SCHEMAS / name
    return Path(os.path.relpath(shipped, folder)).as_posix() if shipped.is_file() else name


def _with_schema(folder: Path, kind: str) -> None:
    """Write the schema beside a file that looks for it there, once the file itself is written."""
    import json

    from alliance_sim.authoring.files import replace_text
    from alliance_sim.authoring.schema import rubric_schema, scenario_schema

    path = folder / f"{kind}.schema.json"
    if _schema(folder, kind) == path.name and not path.is_file():
        made = scenario_schema() if kind == "scenario" else rubric_schema()
        replace_text(path, json.dumps(made, indent=2, ensure_ascii=False) + "\n")


def _written(path: Path, *next_steps: str) -> None:
    sys.stdout.write(f"{path}\n")
    narrate("Next: " + "  ·  ".join(next_steps))
