"""Batches of pairs that nothing is fitted on: they are kept to measure by."""

HELD_OUT = ("_blind", "_unseen", "_strangers", "_later", "_later_again", "_later_still")
"""How the names of their files end."""

MORE = "_taught_more"
"""Batches that add to others. They serve the readings of a rubric's own replies; with them the
readings of single sentences and of empathy agree less with the rubrics' own examples.
"""
