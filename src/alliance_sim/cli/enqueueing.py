"""From `score --enqueue` to a batch in the store."""

import random
import sys

import typer

from alliance_sim.cli.models import model_setup
from alliance_sim.cli.score_options import Which
from alliance_sim.cli.wiring import acting_user, narrate, open_library, open_store
from alliance_sim.domain.scorecard import JUDGE
from alliance_sim.errors import EndpointProblem
from alliance_sim.runtime.batches.enqueueing import Order, enqueue
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.store import batches, job_queue


def leave_to_workers(
    which: Which, rubrics: list[str] | None, scorer: str, votes: int, given: str | None
) -> None:
    """Make a batch and print its id; work it off here where --jobs says so."""
    library = open_library()
    here = which.jobs is not None
    with open_store(given) as store:
        order = Order(
            choice=which.choice(store),
            scorer=scorer,
            model=_model(here=here) if scorer == JUDGE else "",
            votes=votes,
            rubrics=tuple(rubrics) if rubrics else None,
            again=which.again,
            first=here,
        )
        who, randomness = acting_user(), random.SystemRandom()
        batch = enqueue(store, library, order, who=who, clock=SystemClock(), randomness=randomness)
        with store.reading() as connection:
            open_ = batches.still_open(connection, order.choice)
            served = job_queue.is_server(connection)
        sys.stdout.write(f"{batch.id}\n")
        sys.stdout.flush()
        left_out = f"; {open_} that go on are left out" if open_ else ""
        narrate(f"{batch.total} session(s) enqueued{left_out}")
        if here:
            from alliance_sim.cli.working import Hands, work_on

            hands = Hands(jobs=which.jobs, once=True, batch=batch.id)
            raise typer.Exit(work_on(store, hands))
    where = "" if served else " on this machine"
    narrate(f"they are scored by: alliance-sim worker{where}")


def _model(*, here: bool) -> str:
    """The judge's name, which every worker asks for; empty: whichever it has.

    Raises EndpointProblem where there is none, or the work is to be done `here` without one.
    """
    settings = model_setup().at_hand()
    if here and not settings.configured:
        raise EndpointProblem(
            "a judge needs a model endpoint, and none is configured here: set OPENAI_BASE_URL or "
            "OPENAI_API_KEY; without --jobs, workers that have one do the work"
        )
    if settings.gguf is not None:
        return settings.gguf.stem
    name = settings.found["model"].value
    if name is None and not settings.configured:
        raise EndpointProblem(
            "a judge needs a model, and none is named: set ALLIANCE_SIM_MODEL, as the workers' "
            "server calls it; --scorer offline needs none"
        )
    return name or ""
