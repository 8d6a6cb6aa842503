"""Trainees, cohorts and what they are asked to practise; their figures, their privacy."""
