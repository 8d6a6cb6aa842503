"""Turns a transcript into scores that quote their evidence."""
