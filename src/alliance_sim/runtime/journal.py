"""Judgements kept in a file as they come, so that a run that was stopped can go on.

One JSON line a transcript: a hash of the transcript and of all that its judgement depends on, and
the scorecard. A last line that was torn by a crash is cut off.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.errors import InputProblem, UsageProblem


class Journal:
    """Finished judgements. Use it in a `with` block; memory holds a hash and a place for each."""

    def __init__(self, path: Path, asking: str) -> None:
        """`asking`: what the judge is asked with (`Judge.key`); other judgements are left alone.

        Raises UsageProblem where the file cannot be opened, InputProblem where it is no journal.
        """
        self._path = path
        self._asking = asking
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as problem:
            raise UsageProblem(f"{path}: cannot be opened ({problem.strerror})") from problem
        self._file = os.fdopen(descriptor, "a+b")
        self._places = dict(self._found())

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def get(self, transcript: Transcript) -> Scorecard | None:
        """The judgement of a transcript, or None where it has not been judged so before."""
        place = self._places.get(self._key(transcript))
        if place is None:
            return None
        self._file.seek(place)
        try:
            return Scorecard.model_validate(json.loads(self._file.readline())["card"])
        except (ValueError, KeyError, TypeError):
            return None

    def add(self, transcript: Transcript, card: Scorecard) -> None:
        """Keep a judgement; it is in the file when this returns."""
        key = self._key(transcript)
        line = json.dumps({"key": key, "card": card.model_dump(mode="json", exclude_defaults=True)})
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(line.encode("ascii") + b"\n")
        self._file.flush()
        self._places[key] = place

    def _key(self, transcript: Transcript) -> str:
        whole = f"{self._asking}\n{transcript.model_dump_json()}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    def _found(self) -> Iterator[tuple[str, int]]:
        """The keys in the file, with the places of their lines; a torn last line is cut off."""
        self._file.seek(0)
        place = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self._file.truncate(place)
                return
            yield self._key_in(line), place
            place += len(line)

    def _key_in(self, line: bytes) -> str:
        try:
            return str(json.loads(line)["key"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InputProblem(
                f"{self._path}: this is no file of judgements; name a new file, or one that "
                "--resume has written"
            ) from None
