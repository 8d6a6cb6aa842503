"""The line above the composer: what is going on, and what Enter does now."""

from alliance_sim.domain.names import called
from alliance_sim.runtime.session import LiveSession
from alliance_sim.tui.delivery import Delivery
from alliance_sim.tui.wording import ending_words, waiting


def status_line(
    session: LiveSession, delivery: Delivery, *, pending: bool, trouble: bool, closing: bool
) -> str:
    """One line.

    pending: a reply can still be taken back. trouble: everything stands still. closing: the client
    says their last words, or has said them.
    """
    client = called(session.scenario.client.name)
    if session.ended:
        how = ending_words(session.ended.ending)
        return f"{how[0].upper()}{how[1:]}.  Enter: debrief"
    if trouble:
        return "Something went wrong and everything stands still. Enter tries again."
    if pending:
        return "Sending…  Esc takes it back · Enter sends it now"
    if delivery.awaits_reader:
        return "Enter or space: the next words · writing now cuts in"
    if session.client_is_speaking:
        return _speaking(client, delivery, closing=closing)
    return f"{client} has finished · Enter sends, Ctrl+J begins a new line"


def _speaking(client: str, delivery: Delivery, *, closing: bool) -> str:
    if closing:
        return f"{client} is saying their last words · Enter brings them at once"
    if delivery.awaits_words:
        return f"{client} {waiting(delivery.waited)} · you can write meanwhile"
    return f"{client} is speaking · sending now cuts in, “mm-hm” does not"
