"""What a set-up screen or command needs: see the settings, change them, try them, use them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.llm.config_file import change
from alliance_sim.llm.endpoint import checked_key, checked_url
from alliance_sim.llm.keys import Keyring, SystemKeyring
from alliance_sim.llm.opening import only_model, open_endpoint, open_gguf
from alliance_sim.llm.settings import KEY, UNNAMED, Places, Settings, Shown, checked, resolve

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend
    from alliance_sim.llm.probes import Finding

__all__ = ["ModelSetup"]


class ModelSetup:
    """The model settings of one user. Every method may raise an AllianceError, in one line."""

    def __init__(
        self,
        places: Places,
        options: Mapping[str, str | None] | None = None,
        keyring: Keyring | None = None,
    ) -> None:
        """options: of the command line, by setting; they win over everything else."""
        self._places = places
        self._options = dict(options or {})
        self._keyring = keyring or SystemKeyring()

    @property
    def config(self) -> Path:
        """The configuration file; it need not exist."""
        return self._places.config

    def configured(self) -> bool:
        """Whether a model was asked for anywhere. Quick: neither keyring nor network."""
        return self.at_hand().configured

    def at_hand(self) -> Settings:
        """As they are now but for the keyring, which may take its time. Quick, as `configured`."""
        return resolve(self._options, self._places)

    def settings(self) -> Settings:
        """As they are now, the keyring asked where a model is configured."""
        found = self.at_hand()
        return found.with_key(self._keyring) if found.configured else found

    def values(self) -> list[Shown]:
        """Every setting with its value and source; of the key only whether and where."""
        return self.settings().shown()

    def save(self, changes: Mapping[str, str | None]) -> None:
        """Write settings to the configuration file; None takes one out. All are checked first."""
        cleaned = {
            name: None if value is None else checked(name, value) for name, value in changes.items()
        }
        change(self._places.config, cleaned)

    def save_key(self, key: str) -> None:
        """Keep a key in the system's keyring, for the present address only."""
        kept = checked_key(key)
        if kept is not None:
            self._keyring.set(self._url(), kept)

    def forget_key(self) -> bool:
        """Take the key of the present address out of the keyring; whether there was one."""
        return self._keyring.delete(self._url())

    def open(self, progress: Callable[[float], None] = lambda _share: None) -> "OpenAIBackend":
        """The backend that these settings name; with a model file this takes as long as loading.

        Raises EndpointProblem where nothing is configured.
        """
        settings = self.settings()
        if settings.gguf is not None:
            return open_gguf(settings.gguf, progress, settings.tuned)
        endpoint = settings.endpoint()
        if endpoint.model == UNNAMED:
            endpoint = replace(endpoint, model=only_model(endpoint))
        return open_endpoint(endpoint)

    async def test(
        self,
        changes: Mapping[str, str | None] | None = None,
        key: str | None = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> "list[Finding]":
        """Ask the endpoint two small questions; see `probes`.

        changes, key: tried as if they were set, and not saved. progress: as for `open`.
        """
        from alliance_sim.llm.probes import probe  # noqa: PLC0415

        backend = await asyncio.to_thread(self._with(changes or {}, key).open, progress)
        try:
            return await probe(backend)
        finally:
            await backend.close()

    def _with(self, changes: Mapping[str, str | None], key: str | None) -> "ModelSetup":
        environ = {**self._places.environ, KEY: key} if key else self._places.environ
        places = replace(self._places, environ=environ)
        return ModelSetup(places, {**self._options, **changes}, self._keyring)

    def _url(self) -> str:
        return checked_url(self.at_hand().found["base_url"].value or "")
