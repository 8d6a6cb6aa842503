"""Which disclosures must have come out before which."""

from alliance_sim.authoring.findings import items, texts
from alliance_sim.authoring.yaml_source import Data


def requirements(data: Data) -> dict[str, set[str]]:
    """For each disclosure's id, the ids of all that must come first, at any remove.

    One that requires itself, at any remove, is among its own.
    """
    direct: dict[str, set[str]] = {}
    for _, disclosure in items(data, "disclosures"):
        name = disclosure.get("id")
        if isinstance(name, str):
            direct[name] = {needed for _, needed in texts(disclosure, "requires.*")}
    return {name: _reach(name, direct) for name in direct}


def _reach(name: str, direct: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(direct[name])
    while waiting:
        following = waiting.pop()
        if following not in reached:
            reached.add(following)
            waiting.extend(direct.get(following, ()))
    return reached
