"""Names that files refer to and no file defines."""

RUBRICS = (
    "empathy",
    "active_listening",
    "collaboration",
    "boundaries",
    "safety",
    "interruptions",
    "i_statements",
    "rupture_repair",
    "cultural_humility",
    "pacing",
)
"""Ids of the rubrics that the scorer knows how to observe, in the order they are shown in."""
