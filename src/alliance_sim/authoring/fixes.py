"""Mending by machine: only what can mean one thing, and nothing else of the file is touched."""

from collections.abc import Iterable

from alliance_sim.authoring.problems import Fix


def mended(text: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """The text with the fixes applied, and how many were.

    From the end backwards, so that the places of the others stay true. A fix whose words do not
    stand at its place, or that overlaps one already made, is left out. Comments, order and spacing
    are kept.
    """
    lines = text.split("\n")
    done = 0
    last: tuple[int, int] | None = None
    for fix in sorted(set(fixes), key=lambda fix: (fix.line, fix.col), reverse=True):
        start = fix.col - 1
        if not 1 <= fix.line <= len(lines):
            continue
        line = lines[fix.line - 1]
        overlaps = last is not None and last[0] == fix.line and start + len(fix.old) > last[1]
        if overlaps or not line.startswith(fix.old, start):
            continue
        lines[fix.line - 1] = line[:start] + fix.new + line[start + len(fix.old) :]
        last = (fix.line, start)
        done += 1
    return "\n".join(lines), done
