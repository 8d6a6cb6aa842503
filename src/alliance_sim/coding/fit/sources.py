"""Reads the human-labelled sets into examples of one shape.

Each file is one JSON object a line, named as in `READERS`; a file that is not there is left out.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
_MECHANISMS = ("emotional_reactions", "interpretations", "explorations")


@dataclass(frozen=True)
class Example:
    """One labelled reply."""

    source: str
    group: str
    """What may not be both fitted on and measured on: a conversation, a video, a post."""
    conversation: str
    """Replies that follow one another share it; empty where each stands alone."""
    text: str
    client: str
    labels: Row = field(compare=False)
    stratum: str = ""
    """What folds should hold equal parts of."""


def read(folder: Path) -> list[Example]:
    """All examples of the sets found in a folder, in the order of the files.

    Raises:
        FileNotFoundError: none of the sets is there.
    """
    found = [
        example
        for name, reader in READERS.items()
        if (folder / f"{name}.jsonl").is_file()
        for example in reader(_rows(folder / f"{name}.jsonl"))
    ]
    if not found:
        raise FileNotFoundError(f"{folder}: none of {', '.join(READERS)} (.jsonl) is there")
    return found


def stripped(text: str) -> str:
    """As automatic captions have it: no marks, no capitals; stage directions stay."""
    return " ".join(re.sub(r"[^\w' \[\]]+", " ", text.lower()).split())


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _spoken(rows: list[Row], source: str, conversation: str, label: str) -> Iterator[Example]:
    """Replies of the therapist, each after all that the client said since the last one."""
    client, open_turn, last = "", False, None
    for row in rows:
        if row[conversation] != last:
            client, open_turn, last = "", False, row[conversation]
        if row["speaker"] == "client":
            client = f"{client} {row['text']}" if open_turn else row["text"]
            open_turn = True
        else:
            open_turn = False
            yield Example(
                source,
                row["group"],
                f"{source}:{last}",
                row["text"],
                client,
                row,
                f"{source}:{row.get(label)}",
            )


def _annomi(rows: list[Row]) -> Iterator[Example]:
    return _spoken(rows, "annomi", "transcript_id", "behaviour")


def _misc(rows: list[Row]) -> Iterator[Example]:
    return _spoken(rows, "misc_manual", "conv_id", "t1")


def _miti(rows: list[Row]) -> Iterator[Example]:
    for row in rows:
        yield Example(
            "miti_sentences", f"miti:{row['id']}", "", row["text"], "", row, f"miti:{row['label']}"
        )


def _epitome(rows: list[Row]) -> Iterator[Example]:
    for row in rows:
        levels = "".join(str(row[name]) for name in _MECHANISMS)
        yield Example(
            "epitome", row["group"], "", row["response_text"], row["seeker_text"], row,
            f"epitome:{levels}",
        )  # fmt: skip


def _advice(rows: list[Row]) -> Iterator[Example]:
    for row in rows:
        post = str(row["id"]).split("-")[0]
        yield Example(
            "advice", f"advice:{post}", "", row["text"], "", row, f"advice:{row['advice']}"
        )


READERS: dict[str, Callable[[list[Row]], Iterator[Example]]] = {
    "annomi": _annomi,
    "misc_manual": _misc,
    "miti_sentences": _miti,
    "epitome": _epitome,
    "advice": _advice,
}
