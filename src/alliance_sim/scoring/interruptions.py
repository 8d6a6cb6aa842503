"""Interruptions: the level of each reply, and of a session by the rubric's table."""

from collections.abc import Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.transcript import Floor
from alliance_sim.scoring.exchange import ClientTurn, Exchange
from alliance_sim.scoring.finding import Finding, Points
from alliance_sim.scoring.floor import Taking, pleads, takings

_CRITERION = {
    Floor.TAKING: "floor",
    Floor.RAPPORT: "floor",
    Floor.TRANSITION: "timing",
    Floor.BACKCHANNEL: "timing",
    Floor.JUSTIFIED: "timing",
}


def levels(exchanges: Sequence[Exchange], rubric: Rubric) -> list[Finding | None]:
    """The level of every reply; None for one that no client turn came before."""
    points = Points(rubric)
    taken = takings(exchanges)
    early = opening_cut(exchanges, taken, points["opening_words"])
    asked = False
    found: list[Finding | None] = []
    for position, (exchange, how) in enumerate(zip(exchanges, taken, strict=True)):
        if exchange.client is None:
            found.append(None)
            continue
        asked = asked or pleads(exchange.heard)
        found.append(_level(exchange, how, points, asked, early == position))
    return found


def _level(
    exchange: Exchange, how: Taking, points: Points, asked: bool, cuts_opening: bool
) -> Finding:
    quote = exchange.text.strip() or exchange.text
    if how.floor is Floor.TAKING:
        if asked:
            return Finding(points["after_plea"], quote, "plea", situation="taking")
        name = "opening_cut" if cuts_opening else "taking"
        criterion = "opening" if cuts_opening else "floor"
        return Finding(points[name], quote, criterion, situation="taking")
    level = 4.0 if how.floor is None else points[how.floor.value]
    if exchange.reply.pause_broken:
        return Finding(min(level, points["pause_broken"]), quote, "pauses", situation="pause")
    criterion = "timing" if how.floor is None else _CRITERION[how.floor]
    return Finding(level, quote, criterion, situation="taking")


def counts(exchanges: Sequence[Exchange], rubric: Rubric, turns: int) -> dict[str, float]:
    """The session's figures, by which the rubric's table gives the level.

    `floor_taking` weighted, a client turn; `floor_taking_per_10` the same for ten turns;
    `words_lost` share of the client's words; `opening_complete`, `opening_early` and `after_plea`
    are 1 or 0; `pauses_broken` a count; `first_taking` the turn number, −1 for none.
    """
    points = Points(rubric)
    taken = takings(exchanges)
    weight = sum(_weight(how, points) for how in taken)
    lost = sum(how.words_left for how in taken)
    early = opening_cut(exchanges, taken, points["opening_words"])
    first = next((i for i, how in enumerate(taken) if how.floor is Floor.TAKING), -1)
    spoken = sum(spoken_words(client.text) + client.words_lost for client in _clients(exchanges))
    return {
        "floor_taking": weight / turns if turns else 0.0,
        "floor_taking_per_10": 10 * weight / turns if turns else 0.0,
        "words_lost": min(1.0, lost / spoken) if spoken else 0.0,
        "opening_complete": 0.0 if _opening_taken(exchanges, taken) else 1.0,
        "opening_early": 1.0 if early is not None else 0.0,
        "after_plea": float(_after_plea(exchanges, taken)),
        "pauses_broken": float(sum(exchange.reply.pause_broken for exchange in exchanges)),
        "first_taking": float(exchanges[first].reply.turn) if first >= 0 else -1.0,
    }


def opening_cut(exchanges: Sequence[Exchange], taken: Sequence[Taking], least: float) -> int | None:
    """Position of the reply that cut the opening before `least` words were heard, or None."""
    position = _opening_taken(exchanges, taken)
    if not position:
        return None
    client = exchanges[position - 1].client
    heard = spoken_words(client.text) if client else 0
    if client is not None and not client.words_lost:
        heard -= round(taken[position - 1].words_left)
    return position - 1 if heard < least else None


def _opening_taken(exchanges: Sequence[Exchange], taken: Sequence[Taking]) -> int:
    """One more than the position of the reply that took the floor in the opening; 0 for none."""
    first = _opening(_clients(exchanges))
    for position, (exchange, how) in enumerate(zip(exchanges, taken, strict=True)):
        if exchange.client is first and first is not None and how.floor is Floor.TAKING:
            return position + 1
    return 0


def _opening(clients: Sequence[ClientTurn]) -> ClientTurn | None:
    """The turn marked as the opening, else the first of any length."""
    marked = next((client for client in clients if client.opening), None)
    long = (c for c in clients if spoken_words(c.text) + c.words_lost >= 20)
    return marked or next(long, None)


def _clients(exchanges: Sequence[Exchange]) -> list[ClientTurn]:
    turns: dict[int, ClientTurn] = {}
    for exchange in exchanges:
        if exchange.client is not None:
            turns[exchange.index] = exchange.client
    return list(turns.values())


def _after_plea(exchanges: Sequence[Exchange], taken: Sequence[Taking]) -> bool:
    asked = False
    for exchange, how in zip(exchanges, taken, strict=True):
        asked = asked or pleads(exchange.heard)
        if asked and how.floor is Floor.TAKING:
            return True
    return False


def _weight(how: Taking, points: Points) -> float:
    if how.floor is Floor.TAKING:
        return points["weight_taking"]
    return points["weight_rapport"] if how.floor is Floor.RAPPORT else 0.0
