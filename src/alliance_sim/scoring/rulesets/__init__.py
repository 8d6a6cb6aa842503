"""The rubrics that have rules here, by id; any other needs a judge."""

from collections.abc import Mapping

from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.rulesets.boundaries import BoundariesRules
from alliance_sim.scoring.rulesets.empathy import EmpathyRules
from alliance_sim.scoring.rulesets.i_statements import IStatementsRules
from alliance_sim.scoring.rulesets.interruptions import InterruptionsRules

__all__ = ["RULESETS", "Findings", "Rules"]

RULESETS: Mapping[str, Rules] = {
    "empathy": EmpathyRules(),
    "boundaries": BoundariesRules(),
    "i_statements": IStatementsRules(),
    "interruptions": InterruptionsRules(),
}
