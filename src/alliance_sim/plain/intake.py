"""The intake sheet as plain text: what is known of a client before they come in."""

from collections.abc import Iterator

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scenario import Scenario


def intake_lines(scenario: Scenario) -> Iterator[str]:
    """The sheet line by line, what may be hard to hear first. Always printable."""
    client, setting = scenario.client, scenario.setting
    rows = (
        ("Content", f"{', '.join(scenario.content_notes) or 'none'} ({scenario.intensity})"),
        ("Client", f"{client.name}, {client.age}, {client.pronouns}"),
        ("Identity", client.identity),
        ("Referred by", client.referral_source),
        ("Presentation", client.presentation),
        ("Earlier therapy", client.prior_therapy),
        ("Setting", f"{setting.room}; session {setting.session_number}, {setting.phase}"),
    )
    for name, value in rows:
        yield f"{name}: {printable(value, lines=False)}"
    for goal in scenario.learning_goals:
        yield f"Goal: {printable(goal, lines=False)}"
    if scenario.alternatives:
        yield f"Rather not? Of equal credit: {', '.join(scenario.alternatives)}"
