"""The history of the schema. Append-only: a version that has been released is never edited.

Each version writes its tables out in full and imports nothing of the program, so that it does
tomorrow what it did when it was written. None goes back: a store is copied, not downgraded.
"""

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""All versions, oldest first; the last is the one this program reads and writes."""

VERSION_TABLE = "alliance_schema"
"""Holds the version; by a name of its own, so that no other program's file passes for a store."""
