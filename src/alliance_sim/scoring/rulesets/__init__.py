"""The rubrics that have rules here, by id; any other needs a judge."""

from collections.abc import Mapping

from alliance_sim.scoring.rulesets.active_listening import ActiveListeningRules
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.rulesets.boundaries import BoundariesRules
from alliance_sim.scoring.rulesets.collaboration import CollaborationRules
from alliance_sim.scoring.rulesets.cultural_humility import CulturalHumilityRules
from alliance_sim.scoring.rulesets.empathy import EmpathyRules
from alliance_sim.scoring.rulesets.i_statements import IStatementsRules
from alliance_sim.scoring.rulesets.interruptions import InterruptionsRules
from alliance_sim.scoring.rulesets.pacing import PacingRules
from alliance_sim.scoring.rulesets.rupture_repair import RuptureRepairRules
from alliance_sim.scoring.rulesets.safety import SafetyRules

__all__ = ["RULESETS", "Findings", "Rules"]

RULESETS: Mapping[str, Rules] = {
    "empathy": EmpathyRules(),
    "active_listening": ActiveListeningRules(),
    "collaboration": CollaborationRules(),
    "pacing": PacingRules(),
    "boundaries": BoundariesRules(),
    "i_statements": IStatementsRules(),
    "interruptions": InterruptionsRules(),
    "safety": SafetyRules(),
    "rupture_repair": RuptureRepairRules(),
    "cultural_humility": CulturalHumilityRules(),
}
