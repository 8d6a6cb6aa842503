"""Scores in the formats of learning systems."""
