"""Rehearsal: made-up trainees play a scenario many times before a class meets it."""
