"""A scenario laid out for its author: every line with what unlocks it, as text and as one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from alliance_sim.client.dynamics import Dynamics, Profile, load_dynamics, profile_of
from alliance_sim.domain.clean import printable
from alliance_sim.domain.scenario import Disclosure, Event, Scenario, Topic
from alliance_sim.domain.state import VARIABLES, Gate, Openness
from alliance_sim.reporting.templating import page_environment

WIDTH = 88


@dataclass(frozen=True)
class Part:
    """Lines that one condition unlocks."""

    unlocked: str
    """When they are spoken, in words."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One topic, disclosure, event or pool."""

    kind: str
    """`topic`, `disclosure`, `event`, `moment` or `sheet`."""
    title: str
    about: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Preview:
    """Everything of a scenario that can be said, in the order of its file."""

    scenario: Scenario
    start: tuple[tuple[str, float], ...]
    """The state at the beginning, 0–100."""
    sections: tuple[Section, ...]


def preview(scenario: Scenario) -> Preview:
    """Lay a scenario out. Raises KeyError for an unknown client type."""
    dynamics = load_dynamics()
    profile = profile_of(scenario, dynamics)
    start = tuple((name, getattr(profile.start, name)) for name in VARIABLES)
    return Preview(scenario, start, tuple(_sections(scenario, dynamics, profile)))


def changes(before: Preview, after: Preview) -> Iterator[str]:
    """What differs, a line each: `+` for what is new, `-` for what is gone."""
    old, new = _flat(before), _flat(after)
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place, ()), new.get(place, ())
        gone = [f"- {place}: {line}" for line in was if line not in now]
        come = [f"+ {place}: {line}" for line in now if line not in was]
        yield from (*gone, *come)


def _flat(laid_out: Preview) -> dict[str, tuple[str, ...]]:
    sheet = {f"sheet, {name}": (text,) for name, text in _sheet(laid_out.scenario)}
    start = {f"start, {name}": (f"{value:g}",) for name, value in laid_out.start}
    lines = {
        f"{section.kind} {section.title}, {part.unlocked}": part.lines
        for section in laid_out.sections
        for part in section.parts
    }
    return sheet | start | lines


def _sections(scenario: Scenario, dynamics: Dynamics, profile: Profile) -> Iterator[Section]:
    opening = Part("in answer to the trainee's first words", (scenario.opening.text,))
    yield Section("moment", "arrival", "", (Part("first of all", (scenario.arrival.line,)),))
    yield Section("moment", "opening", f"{scenario.opening_words()} words", (opening,))
    for topic in scenario.topics:
        yield _topic(topic, dynamics)
    for told in scenario.disclosures:
        yield _disclosure(told, dynamics, profile)
    for event in scenario.events:
        yield _event(event)
    for kind, lines in scenario.reactions.items():
        yield Section("moment", str(kind), "", (Part("first words of an answer", lines),))
    for name in ("confrontation", "withdrawal", "standing", "repair_begun", "repaired"):
        lines = getattr(scenario.rupture, name)
        yield Section("moment", f"rupture: {name}", "", (Part("in a rupture", lines),))
    for name in type(scenario.endings).model_fields:
        lines = getattr(scenario.endings, name)
        yield Section("moment", f"ending: {name}", "", (Part("at the end", lines),))


def _topic(topic: Topic, dynamics: Dynamics) -> Section:
    rule = dynamics.openness
    least = {
        Openness.GUARDED: "from the start",
        Openness.OPENING: f"trust and safety from {rule.opening:g}, no rupture, arousal in bounds",
        Openness.OPEN: f"trust and safety from {rule.open:g}, no rupture, arousal in bounds",
    }
    shame = ""
    if topic.shame_above is not None:
        shame = f"; shame at most {topic.shame_above:g}"
    parts = tuple(
        Part(
            f"{level}: {least[level]}{shame if level is not Openness.GUARDED else ''}",
            getattr(topic.lines, level),
        )
        for level in Openness
    )
    cues = ", ".join([*([f"subject {topic.subject}"] if topic.subject else []), *topic.cues])
    return Section("topic", topic.title, cues or "reached by drifting only", parts)


def _disclosure(told: Disclosure, dynamics: Dynamics, profile: Profile) -> Section:
    low, high = profile.window
    gate = f"trust and safety from {dynamics.gates[Gate(told.gate)]:g}"
    after = f", after {', '.join(told.requires)}" if told.requires else ""
    when = f"{gate}, arousal {low:g}–{high:g}, no rupture{after}"
    parts = [Part(f"told: {when}", told.lines), Part("once it is out", told.follow_up)]
    if told.brought_up:
        parts.insert(0, Part("comes to it unasked, when it may be told", told.brought_up))
    return Section("disclosure", told.id, f"{told.gate}: {told.fact}", tuple(parts))


def _event(event: Event) -> Section:
    met = ", ".join(event.met_by)
    hurt = ", ".join(event.hurt_by) or "nothing in particular"
    parts = (
        Part(_when(event), (event.line,)),
        Part(f"met by {met}", event.responses.met),
        Part("missed", event.responses.missed),
        Part(f"hurt by {hurt}", event.responses.hurt),
        Part("what would serve", event.instead),
    )
    about = f"{event.kind.replace('_', ' ')}; shows {', '.join(event.opportunities)}"
    return Section("event", event.id, about, parts)


def _when(event: Event) -> str:
    when = event.when
    said = []
    if when.turns:
        said.append(f"turns {when.turns[0]}–{when.turns[1]}")
    if when.topic:
        said.append(f"on the topic {when.topic}")
    if when.after:
        said.append(f"after {when.after}")
    if when.rupture is not None:
        said.append("as a rupture opens" if when.rupture else "out of a rupture")
    if when.trust_below is not None:
        said.append(f"trust below {when.trust_below:g}")
    if when.trust_above is not None:
        said.append(f"trust above {when.trust_above:g}")
    return ", ".join(said)


def _sheet(scenario: Scenario) -> Iterator[tuple[str, str]]:
    client, setting = scenario.client, scenario.setting
    yield "client", f"{client.name}, {client.age}, {client.pronouns}"
    yield "summary", scenario.summary
    yield "identity", client.identity
    yield "sent by", client.referral_source
    yield "presentation", client.presentation
    yield "earlier therapy", client.prior_therapy
    yield "voice", f"{client.voice.register_} About {client.voice.typical_words} words an answer."
    yield "room", f"{setting.room} Session {setting.session_number}, {setting.phase}."
    yield "content", "; ".join(scenario.content_notes)
    yield "goals", " ".join(scenario.learning_goals)
    yield "rubrics", ", ".join(scenario.rubrics)


def text(laid_out: Preview) -> Iterator[str]:
    """The layout as lines for a terminal."""
    scenario = laid_out.scenario
    title = printable(scenario.title, lines=False)
    yield f"{title} ({scenario.id} {scenario.version})"
    yield ""
    for name, said in _sheet(scenario):
        yield from _wrapped(f"{name}: {said}", "  ", "      ")
    yield "  start: " + ", ".join(f"{name} {value:g}" for name, value in laid_out.start)
    for section in laid_out.sections:
        yield ""
        yield from _wrapped(f"{section.kind.upper()} {section.title}", "", "  ")
        if section.about:
            yield from _wrapped(section.about, "  ", "  ")
        for part in section.parts:
            yield from _wrapped(f"[{part.unlocked}]", "  ", "   ")
            for line in part.lines:
                yield from _wrapped(line, "    – ", "      ")


def _wrapped(said: str, first: str, rest: str) -> Sequence[str]:
    clean = printable(said, lines=False)
    return wrap(clean, WIDTH, initial_indent=first, subsequent_indent=rest) or [first]


def render_page(laid_out: Preview) -> str:
    """The layout as one HTML page: no scripts, and nothing is loaded."""
    template = page_environment().get_template("preview.html.j2")
    text: str = template.render(
        scenario=laid_out.scenario,
        start=laid_out.start,
        sections=laid_out.sections,
        sheet=list(_sheet(laid_out.scenario)),
    )
    return text
