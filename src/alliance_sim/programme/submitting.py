"""What a trainee hands in: ended sessions of hers, and the texts they were held with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alliance_sim import __version__
from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Ended, StoredEvent, TraineeSent
from alliance_sim.domain.scenario import Scenario
from alliance_sim.errors import InputProblem, UsageProblem
from alliance_sim.programme.bundle import MOST_SESSIONS, Contents, Text, opening_of, write_bundle
from alliance_sim.programme.signing import SigningKey
from alliance_sim.runtime.clock import Clock
from alliance_sim.store.repository import Store


@dataclass(frozen=True)
class Submission:
    """A bundle, and what there is to say about it."""

    data: bytes
    trainee: str
    sessions: tuple[str, ...]
    replies: int
    """The trainee's own, whose words are in it."""
    texts: int
    missing: tuple[str, ...]
    """Scenarios whose text is not in it, because the library has another by now, or none."""


def submission(
    store: Store,
    session_ids: Sequence[str],
    library: Library,
    clock: Clock,
    key: SigningKey,
    *,
    trainee: str | None = None,
    assignment: str | None = None,
) -> Submission:
    """Make a bundle of sessions. Nothing is written.

    `trainee`: whose they are, where they do not say so themselves. Raises UsageProblem for a
    session that has not ended or is somebody else's, and where nothing says whose they are.
    """
    chosen = list(dict.fromkeys(session_ids))
    if len(chosen) > MOST_SESSIONS:
        raise UsageProblem(f"a bundle holds {MOST_SESSIONS} sessions at most; hand in several")
    sessions = {session_id: store.events(session_id) for session_id in chosen}
    for session_id, events in sessions.items():
        _check_ended(session_id, events)
    owner = _owner(sessions, trainee)
    texts, missing = _texts(library, sessions)
    contents = Contents(__version__, clock.now(), owner, assignment, texts, sessions)
    try:
        data = write_bundle(contents, key)
    except ValueError as problem:
        raise UsageProblem(_why_not(owner, assignment)) from problem
    replies = sum(
        isinstance(stored.event, TraineeSent) for each in sessions.values() for stored in each
    )
    return Submission(data, owner, tuple(chosen), replies, len(texts), missing)


def _check_ended(session_id: str, events: Sequence[StoredEvent]) -> None:
    if not any(isinstance(stored.event, Ended) for stored in events):
        raise UsageProblem(
            f"session {session_id} has not ended; end it first: "
            f"alliance-sim sessions resume {session_id}"
        )


def _owner(sessions: dict[str, tuple[StoredEvent, ...]], given: str | None) -> str:
    owners = dict[str, str]()
    for session_id, events in sessions.items():
        opened = opening_of(events)
        if opened and opened.trainee:
            owners.setdefault(opened.trainee, session_id)
    if given is None and not owners:
        raise UsageProblem("nothing says whose sessions these are; add --trainee with your id")
    owner = given or next(iter(owners))
    for other, session_id in owners.items():
        if other != owner:
            raise UsageProblem(f"session {session_id} was held by {other}, not by {owner}")
    return owner


def _why_not(owner: str, assignment: str | None) -> str:
    return (
        f"--trainee {owner}"
        + (f" or --assignment {assignment}" if assignment else "")
        + ": not an id as the coordinator gives them, like t-k3f9ab; or a session is too long"
    )


def _texts(
    library: Library, sessions: dict[str, tuple[StoredEvent, ...]]
) -> tuple[tuple[Text, ...], tuple[str, ...]]:
    texts: dict[tuple[str, str], Text] = {}
    missing: dict[str, None] = {}
    for events in sessions.values():
        opened = opening_of(events)
        if opened is None:
            continue
        scenario = _scenario(library, opened.scenario, opened.scenario_version)
        if scenario is None:
            missing[f"{opened.scenario} {opened.scenario_version}"] = None
            continue
        for text in _of_scenario(library, scenario):
            texts[text.kind, text.id] = text
    return tuple(texts.values()), tuple(missing)


def _scenario(library: Library, name: str, version: str) -> Scenario | None:
    if name not in library.scenario_ids():
        return None
    try:
        found = library.scenario(name)
    except InputProblem:
        return None
    return found if found.version == version else None


def _of_scenario(library: Library, scenario: Scenario) -> Iterator[Text]:
    source = library.scenario_path(scenario.id).read_text("utf-8")
    yield Text(kind="scenario", id=scenario.id, version=scenario.version, text=source)
    known = set(library.rubric_ids())
    for name in scenario.rubrics:
        if name in known:
            rubric, source = library.rubric(name), library.rubric_path(name).read_text("utf-8")
            yield Text(kind="rubric", id=name, version=rubric.version, text=source)
