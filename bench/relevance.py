"""How often a trainee's question is taken to be about the right topic.

Reads `<id>.yaml` in the folders of questions under `tests/scenarios/` (or the one given) for each
scenario and prints the share that is right, and the misses. Each question is asked twice: with no
topic being spoken of, and in the middle of another one; it is right only if both are. A statement
is made once, on the topic that the file says. The first-run figures of `questions_fresh` and
`questions_unseen`, taken before anything was tuned to them, stand at the top of their files: they
are the honest ones.

    python bench/relevance.py [--questions FOLDER] [SCENARIO...]
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from alliance_sim.client.topics import TopicIndex, TopicMatch
from alliance_sim.domain.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
SETS = ("questions", "questions_more", "questions_fresh", "questions_unseen")


@dataclass(frozen=True)
class Question:
    """What a trainee asks, and the topics that would be right."""

    ask: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """What a trainee says on a topic, and the topics that the talk may then be on."""

    say: str
    current: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Miss:
    """A question or statement taken for another topic."""

    question: Question | Statement
    match: TopicMatch
    current: str | None


@dataclass(frozen=True)
class Relevance:
    """Figures of one scenario."""

    scenario: str
    asked: int
    misses: tuple[Miss, ...]

    @property
    def share(self) -> float:
        """0–1; 1 where nothing was asked."""
        return 1 - len(self.misses) / self.asked if self.asked else 1.0


def questions_of(raw: dict[str, Any]) -> list[Question]:
    """Questions from a file's `questions: [{ask, topic}]`; `topic` is an id or a list of them."""
    return [
        Question(item["ask"], tuple([topic] if isinstance(topic, str) else topic))
        for item in raw["questions"]
        for topic in [item["topic"]]
    ]


def statements_of(raw: dict[str, Any]) -> list[Statement]:
    """Statements from a file's `statements: [{say, current, topic}]`, if it has any."""
    return [
        Statement(item["say"], item["current"], tuple([topic] if isinstance(topic, str) else topic))
        for item in raw.get("statements", ())
        for topic in [item["topic"]]
    ]


def measure_statements(scenario: Scenario, statements: list[Statement]) -> Relevance:
    """Make every statement of a set, once."""
    index = TopicIndex(scenario)
    misses = []
    for statement in statements:
        match = index.match(statement.say, statement.current)
        if match.topic not in statement.wanted:
            misses.append(Miss(statement, match, statement.current))
    return Relevance(f"{scenario.id}, statements", len(statements), tuple(misses))


def measure(scenario: Scenario, questions: list[Question]) -> Relevance:
    """Ask every question of a set, twice."""
    index = TopicIndex(scenario)
    order = [topic.id for topic in scenario.topics]
    misses = []
    for place, question in enumerate(questions):
        others = [topic for topic in order if topic not in question.wanted]
        for current in (None, others[place % len(others)]):
            match = index.match(question.ask, current)
            if match.topic not in question.wanted:
                misses.append(Miss(question, match, current))
                break
    return Relevance(scenario.id, len(questions), tuple(misses))


def load(scenario_id: str, folder: Path) -> tuple[Scenario, dict[str, Any]]:
    """A shipped scenario and its file of questions."""
    text = (ROOT / "scenarios" / f"{scenario_id}.yaml").read_text("utf-8")
    asked = yaml.safe_load((folder / f"{scenario_id}.yaml").read_text("utf-8"))
    return Scenario.model_validate(yaml.safe_load(text)), asked


def report(result: Relevance) -> str:
    """The figures and misses as lines of text."""
    right = result.asked - len(result.misses)
    lines = [f"{result.scenario}: {right} of {result.asked} right ({result.share:.1%})"]
    for miss in result.misses:
        said = miss.question
        lines.append(f"  {said.ask if isinstance(said, Question) else said.say}")
        lines.append(
            f"    wanted {' or '.join(miss.question.wanted)}, got {miss.match.topic} by "
            f"{' '.join(miss.match.words) or 'nothing'} (runner-up {miss.match.runner_up}, "
            f"spoken of: {miss.current})"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    parser.add_argument("--questions", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    folders = [ROOT / "tests" / "scenarios" / name for name in SETS]
    for folder in [options.questions] if options.questions else folders:
        print(f"{folder.name}:")
        asked = sorted(path.stem for path in folder.glob("*.yaml"))
        for name in asked:
            if options.scenarios and name not in options.scenarios:
                continue
            scenario, raw = load(name, folder)
            print(report(measure(scenario, questions_of(raw))))
            if statements := statements_of(raw):
                print(report(measure_statements(scenario, statements)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
