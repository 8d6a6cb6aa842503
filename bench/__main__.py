"""Run every bench in turn: `python -m bench [NAME...]`."""

import importlib
import sys

NAMES = (
    "start",
    "simulate",
    "relevance",
    "coding_speed",
    "scoring_speed",
    "pairs",
    "latency",
    "hostile",
    "screen",
    "kill",
    "judging",
    "workers",
    "llm_first_token",
    "model_turns",
)


def main() -> None:
    names = sys.argv[1:] or list(NAMES)
    sys.argv[1:] = []
    for name in names:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()
        print(flush=True)


if __name__ == "__main__":
    main()
