"""Judging many transcripts over HTTP: how near it comes to what the server allows.

    python -m bench.judging [--transcripts N] [--limit N] [--latency MS] [--pieces N]
                            [--rubrics N]

A server in a process of its own answers each request after the latency; with `limit` requests
under way the ideal rate is limit / latency. Prints the rate as a share of the ideal (wanted: at
least 90 %), the CPU time a transcript takes here, and how memory grows over the run (wanted: flat).
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.runtime.judge_pool import JudgePool, processes_for
from alliance_sim.runtime.judged import Judges, judged
from alliance_sim.scoring.judge import Judge, Judging

QUOTED = "You were left with all of it, and nobody asked."
CLIENT = "It just goes on, the same every day. My brother used to ring, and now nobody does."


def transcripts(number: int, turns: int = 30) -> Iterator[Transcript]:
    """Made-up hours, one at a time."""
    pick = random.Random(3)
    for at in range(number):
        said = [Utterance(turn=0, speaker=Speaker.CLIENT, text=CLIENT)]
        said.append(Utterance(turn=1, speaker=Speaker.THERAPIST, text=QUOTED))
        for turn in range(2, turns):
            words = " ".join(pick.choices((CLIENT + QUOTED).split(), k=18))
            speaker = Speaker.THERAPIST if turn % 2 else Speaker.CLIENT
            said.append(Utterance(turn=turn, speaker=speaker, text=words))
        yield Transcript(transcript_id=str(at), utterances=tuple(said))


def answer(rubrics: list[Rubric]) -> str:
    """An answer that stands, for every rubric and criterion."""
    quote = {"turn": 1, "quote": QUOTED, "level": 3}
    remark = "It says back what was lost and that it goes unseen; it leaves no room to correct."
    whole = {"rationale": remark, "level": 2.5, "why_null": None}
    verdict = {"evidence": [quote, quote], **whole}
    criteria = {r.id: {c.id: verdict for c in r.criteria} for r in rubrics}
    return json.dumps(
        {"rubrics": {key: {"criteria": value, **whole} for key, value in criteria.items()}}
    )


def megabytes() -> float:
    """Memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


async def run(options: argparse.Namespace, port: int, rubrics: list[Rubric]) -> dict[str, Any]:
    backend = OpenAIBackend(
        Endpoint(f"http://127.0.0.1:{port}/v1", "bench", max_concurrent=options.limit)
    )
    judge: Judges = Judge(rubrics, backend, random.Random(1))
    processes = min(options.processes, processes_for(options.limit, os.cpu_count() or 1))
    if processes == 1:
        return await measured(options, judge, backend)
    async with JudgePool(rubrics, backend.endpoint, Judging(), processes) as pool:
        return await measured(options, pool, backend)


async def measured(
    options: argparse.Namespace, judge: Judges, backend: OpenAIBackend
) -> dict[str, Any]:
    for _ in range(2):  # imports, connections and templates are there once
        async for _outcome in judged(transcripts(options.limit), judge, options.limit):
            pass
    memory: list[float] = []
    scored = 0
    hours = list(transcripts(options.transcripts))
    began, cpu = time.perf_counter(), time.process_time()
    async for outcome in judged(hours, judge, options.limit):
        scored += outcome.card.overall is not None
        if scored % 100 == 0:
            memory.append(megabytes())
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    await backend.close()
    assert scored == options.transcripts, "some transcripts were not scored"
    ideal = options.transcripts * options.latency / 1000 / options.limit
    return {
        "transcripts": scored,
        "seconds": round(seconds, 3),
        "share_of_ideal": round(ideal / seconds, 3),
        "cpu_ms_each": round(1000 * cpu / scored, 2),
        "ideal_ms_each": round(options.latency / options.limit, 2),
        "memory_mb": [round(value, 1) for value in memory],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=int, default=500)
    parser.add_argument("--limit", type=int, default=64)
    parser.add_argument("--latency", type=int, default=200, help="milliseconds")
    parser.add_argument("--pieces", type=int, default=1, help="of the streamed reply")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rubrics", type=int, default=10, help="how many are judged at once")
    options = parser.parse_args()
    timed = {"interruptions"}  # the made-up hours have no times, so it would not be asked
    rubrics = [rubric for rubric in Library([shipped_root()]).rubrics() if rubric.id not in timed]
    rubrics = rubrics[: options.rubrics]
    with tempfile.TemporaryDirectory() as folder:
        reply = Path(folder, "reply.json")
        reply.write_text(answer(rubrics), "utf-8")
        words = [sys.executable, "-m", "bench.judging_server", str(reply)]
        words += [str(options.latency), str(options.pieces)]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            print(json.dumps(asyncio.run(run(options, port, rubrics))))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
