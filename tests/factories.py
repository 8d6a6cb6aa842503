"""The smallest valid scenario and rubric, as plain data that a test may change and write."""

from pathlib import Path
from typing import Any

import yaml

from alliance_sim.domain.scenario import Reaction

OPENING = " ".join(f"word{number}" for number in range(120))


def minimal_scenario_dict(**changes: Any) -> dict[str, Any]:
    """A scenario that loads, of one topic, one disclosure and one event. Its id is `small`."""
    instead = ["What was that like?"]
    lines = ["Nothing more to say."]
    scenario: dict[str, Any] = {
        "id": "small",
        "version": "1.0.0",
        "title": "A small client",
        "summary": "Just enough of a client.",
        "difficulty": 2,
        "intensity": "mild",
        "content_notes": ["none"],
        "learning_goals": ["Listen."],
        "rubrics": ["empathy"],
        "client": {
            "name": "Ann",
            "age": 30,
            "pronouns": "she/her",
            "identity": "From a small town.",
            "referral_source": "herself",
            "presentation": "Looks tired.",
            "prior_therapy": "none",
            "voice": {"register": "plain", "typical_words": 12},
        },
        "setting": {"room": "a small room", "session_number": 1, "phase": "engagement"},
        "state": {"type": "wary"},
        "arrival": {"line": "[She sits down.] Hello."},
        "opening": {"text": OPENING, "topic": "work", "instead": instead},
        "topics": [_topic("work", instead)],
        "disclosures": [_disclosure(instead)],
        "events": [_event(instead)],
        "reactions": {kind.value: [f"Well, {kind.value}."] for kind in Reaction},
        "rupture": {
            "confrontation": ["You are not hearing me."],
            "withdrawal": ["Fine."],
            "standing": ["Hm."],
            "repair_begun": ["Maybe."],
            "repaired": ["Thanks for saying so."],
        },
        "endings": {
            "time": ["Is that the hour?"],
            "planned_close": ["See you then."],
            "warning": ["This is no use."],
            "walk_out": ["I am going."],
            "compliant": ["Sure."],
            "safety_handover": ["All right, call them."],
        },
        "client_view": dict.fromkeys(("guarded", "opening", "open", "left"), lines),
        "expectations": {
            "skilled": {"dropout": [0.0, 0.2], "opens": "painful"},
            "mixed": {"dropout": [0.2, 0.5]},
            "poor": {"dropout": [0.9, 1.0]},
        },
    }
    return {**scenario, **changes}


def minimal_rubric_dict(**changes: Any) -> dict[str, Any]:
    """A rubric that loads. Its id is `empathy`."""
    rubric: dict[str, Any] = {
        "id": "empathy",
        "version": "1.0.0",
        "title": "Empathy",
        "weight": 18,
        "scope": "utterance",
        "source": "Carkhuff",
        "about": "Naming what the client feels.",
        "criteria": [{"id": "names_feeling", "indicator": "names the feeling", "codes": []}],
        "anchors": {str(level): f"Level {level}." for level in range(5)},
        "examples": {
            "positive": [{"reply": "No say in any of it.", "level": 3, "why": "names meaning"}],
            "negative": [{"reply": "At least you have a job.", "level": 0, "why": "dismisses"}],
        },
        "does_not_count": ["a bare I understand"],
        "judge": "Judge the reply.",
    }
    return {**rubric, **changes}


class _Writer(yaml.SafeDumper):
    """Writes what is one object twice as it stands, for anchors are refused."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def yaml_text(data: object) -> str:
    """Data as YAML without anchors."""
    return yaml.dump(data, Dumper=_Writer, sort_keys=False, allow_unicode=True)


def write_yaml(path: Path, data: object) -> Path:
    """Write data as YAML and give the path back; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml_text(data), encoding="utf-8")
    return path


def _topic(name: str, instead: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "title": "Work",
        "cues": ["job", "work"],
        "lines": {
            "guarded": ["Work is work."],
            "opening": ["They moved my desk."],
            "open": ["I sit in the car until nine."],
        },
        "instead": instead,
    }


def _disclosure(instead: list[str]) -> dict[str, Any]:
    return {
        "id": "letter",
        "gate": "painful",
        "topics": ["work"],
        "fact": "She never opened the letter.",
        "tripwires": ["letter", "never opened"],
        "lines": ["There is a letter. I never opened it."],
        "follow_up": ["The letter is in the glove box."],
        "instead": instead,
    }


def _event(instead: list[str]) -> dict[str, Any]:
    return {
        "id": "phone_number",
        "kind": "boundary_bait",
        "when": {"turns": [5, 12]},
        "line": "Could I have your number?",
        "opportunities": ["boundaries"],
        "met_by": ["boundary_hold"],
        "responses": {"met": ["Okay."], "missed": ["Never mind."], "hurt": ["Right."]},
        "instead": instead,
    }
