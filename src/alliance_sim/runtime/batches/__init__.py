"""Scoring stored sessions again, many at a time, by any number of workers."""
