"""Two tries at the same turn, side by side as text."""

from alliance_sim.domain.clean import printable
from alliance_sim.runtime.compare import Comparison, compare
from alliance_sim.runtime.debrief import Debrief


def render_comparison(before: Debrief, after: Debrief) -> str:
    """Both outcomes, a line a fact."""
    found: Comparison = compare(before, after)
    lines = [f"THE SAME TURN TWICE  {before.session_id} · {after.session_id}"]
    lines.append(f"  first time you said: {printable(found.said[0], lines=False)}")
    lines.append(f"  this time you said:  {printable(found.said[1], lines=False)}")
    lines += [f"  {row.name}: {row.before} → {row.after}" for row in found.rows]
    return "\n".join(lines)
