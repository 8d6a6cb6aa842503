"""Which model is asked and how: each setting from the first place that names it."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from alliance_sim.errors import AllianceError, EndpointProblem, InputProblem, UsageProblem
from alliance_sim.llm.config_file import read
from alliance_sim.llm.dotenv import read_dotenv
from alliance_sim.llm.endpoint import Endpoint, Timeouts, checked_url
from alliance_sim.llm.keys import Keyring

__all__ = [
    "KEY",
    "SETTINGS",
    "UNNAMED",
    "Places",
    "Setting",
    "Settings",
    "Shown",
    "checked",
    "resolve",
]

KEY = "OPENAI_API_KEY"
"""The variable that holds the key; in the keyring it is kept by address."""

IN_FILE = 3
"""Rank of the configuration file."""
LAST = 9
"""Rank of what nobody gave."""
DEFAULT, NOT_SET = "default", "not set"
"""Sources of settings that nobody gave."""

UNNAMED = "unnamed"
"""Stands for the model while none is named."""


@dataclass(frozen=True)
class Setting:
    """One thing that can be set."""

    variable: str
    help: str
    default: str | None = None
    least: float | None = None
    """Bounds of a number; a text where there are none."""
    most: float = math.inf
    whole: bool = False
    """A whole number."""


_T, _C = Timeouts(), Endpoint("http://localhost", "-")

SETTINGS: dict[str, Setting] = {
    "base_url": Setting(
        "OPENAI_BASE_URL",
        "address of the server, most end in /v1",
        "https://api.openai.com/v1",
    ),
    "model": Setting("ALLIANCE_SIM_MODEL", "name of the model, as the server calls it"),
    "gguf": Setting("ALLIANCE_SIM_GGUF", "a model file to serve on this machine instead"),
    "temperature": Setting("ALLIANCE_SIM_TEMPERATURE", "0 to 2", None, 0.0, 2.0),
    "seed": Setting("ALLIANCE_SIM_MODEL_SEED", "of the model", None, -(2**63), 2**63 - 1, True),
    "max_concurrent": Setting(
        "ALLIANCE_SIM_MAX_CONCURRENT",
        "requests under way at once",
        str(_C.max_concurrent),
        1,
        1000,
        True,
    ),
    "retries": Setting(
        "ALLIANCE_SIM_RETRIES", "further tries after a fault", str(_C.retries), 0, 10, True
    ),
    "timeout_connect": Setting(
        "ALLIANCE_SIM_TIMEOUT_CONNECT", "seconds for a connection", f"{_T.connect:g}", 0.01, 3600
    ),
    "timeout_first": Setting(
        "ALLIANCE_SIM_TIMEOUT_FIRST", "seconds until the first words", f"{_T.first:g}", 0.01, 3600
    ),
    "timeout_between": Setting(
        "ALLIANCE_SIM_TIMEOUT_BETWEEN", "seconds between words", f"{_T.between:g}", 0.01, 3600
    ),
    "timeout_whole": Setting(
        "ALLIANCE_SIM_TIMEOUT_WHOLE", "seconds for a whole reply", f"{_T.whole:g}", 0.01, 86400
    ),
}


@dataclass(frozen=True)
class Places:
    """Where settings are looked for, in this order after the options of the command line."""

    environ: Mapping[str, str]
    dotenv: Path
    config: Path


@dataclass(frozen=True)
class Shown:
    """A setting as it may be shown. A key never is: only whether there is one, and where."""

    name: str
    value: str | None
    source: str
    rank: int = LAST
    """How far from the command line the source is, from 0."""

    @property
    def fixed(self) -> bool:
        """Whether a nearer place than the configuration file gives it: saving changes nothing."""
        return self.rank < IN_FILE


@dataclass(frozen=True)
class Settings:
    """What was found, with its sources."""

    found: Mapping[str, Shown]
    key: Shown
    _key: str | None = field(repr=False)

    @property
    def configured(self) -> bool:
        """Whether anyone asked for a model: an address, a file or a key was given."""
        address = self.found["base_url"].source != DEFAULT
        return address or self.gguf is not None or self._key is not None

    @property
    def gguf(self) -> Path | None:
        """The model file that is to be served here; an address named nearer by wins over it."""
        gguf, address = self.found["gguf"], self.found["base_url"]
        if gguf.value is None or address.rank < gguf.rank:
            return None
        return Path(gguf.value).expanduser()

    def shown(self) -> list[Shown]:
        """Every setting and the key, for a person to read."""
        return [*self.found.values(), self.key]

    def with_key(self, keyring: Keyring) -> "Settings":
        """With the key that the keyring has for this address, where no other place has one."""
        if self._key is not None or self.gguf is not None:
            return self
        kept = keyring.get(checked_url(self._text("base_url") or ""))
        if not kept:
            return self
        return replace(self, key=Shown("key", "set", "the system's keyring"), _key=kept)

    def endpoint(self) -> Endpoint:
        """The endpoint to ask. Its model is UNNAMED where none was named.

        Raises EndpointProblem where none is configured.
        """
        if not self.configured:
            raise EndpointProblem(
                "no model endpoint is configured: set OPENAI_BASE_URL or OPENAI_API_KEY, and "
                "ALLIANCE_SIM_MODEL, or give --gguf FILE; --client scripted needs none"
            )
        model = self._text("model") or UNNAMED
        return self.tuned(Endpoint(self._text("base_url") or "", model, self._key))

    def tuned(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint with the settings of a call put on it; times only where they were given."""
        given = {
            name: seconds
            for name in ("connect", "first", "between", "whole")
            if (seconds := self._given(f"timeout_{name}")) is not None
        }
        concurrent, retries = self._given("max_concurrent"), self._given("retries")
        return replace(
            endpoint,
            temperature=self._given("temperature"),
            seed=self._whole("seed"),
            timeouts=replace(endpoint.timeouts, **given),
            max_concurrent=endpoint.max_concurrent if concurrent is None else int(concurrent),
            retries=endpoint.retries if retries is None else int(retries),
        )

    def _text(self, name: str) -> str | None:
        return self.found[name].value

    def _given(self, name: str) -> float | None:
        shown = self.found[name]
        return None if shown.value is None or shown.source == DEFAULT else float(shown.value)

    def _whole(self, name: str) -> int | None:
        value = self.found[name].value
        return None if value is None else int(value)


def resolve(options: Mapping[str, str | None], places: Places) -> Settings:
    """Each setting from the command line, the environment, `.env`, the configuration file, or
    its default. The keyring is not asked yet: it may be slow, see `Settings.with_key`.

    options: by setting. Raises UsageProblem, EndpointProblem or InputProblem for a bad value,
    named with its place.
    """
    dotenv = read_dotenv(places.dotenv)
    config = read(places.config, SETTINGS)
    found = {}
    for name, setting in SETTINGS.items():
        candidates = (
            (options.get(name), "command line", UsageProblem),
            (places.environ.get(setting.variable), f"{setting.variable}", UsageProblem),
            (dotenv.get(setting.variable), f"{places.dotenv}", InputProblem),
            (config.get(name), f"{places.config}", InputProblem),
        )
        found[name] = Shown(name, setting.default, DEFAULT if setting.default else NOT_SET)
        for rank, (value, source, problem) in enumerate(candidates):
            if value is not None and value.strip():
                text = checked(name, value, f"{source}: ", problem)
                found[name] = Shown(name, text, source, rank)
                break
    key, source = _key(places.environ, dotenv, places)
    return Settings(found, Shown("key", "set" if key else None, source), key)


def checked(
    name: str,
    value: str,
    place: str = "",
    problem: type[AllianceError] = UsageProblem,
) -> str:
    """The value of a setting, without surrounding white space. Raises `problem` for a bad one."""
    if name not in SETTINGS:
        near = difflib.get_close_matches(name, SETTINGS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SETTINGS)}"
        raise problem(f"{place}no setting is called {name!r}; {hint}")
    setting, text = SETTINGS[name], value.strip()
    if name == "base_url":
        try:
            return checked_url(text)
        except EndpointProblem as found:
            raise problem(f"{place}{found}") from None
    if setting.least is None:
        return text
    kind = "a whole number" if setting.whole else "a number"
    bounds = f"{setting.least:g} to {setting.most:g}" if name != "seed" else "of at most 19 digits"
    try:
        number = int(text) if setting.whole else float(text)
    except ValueError:
        number = math.nan
    if not setting.least <= number <= setting.most:
        raise problem(f"{place}{name} is {text[:40]!r}; it must be {kind}, {bounds}")
    return text


def _key(
    environ: Mapping[str, str], dotenv: Mapping[str, str], places: Places
) -> tuple[str | None, str]:
    for values, source in ((environ, KEY), (dotenv, str(places.dotenv))):
        key = values.get(KEY, "").strip()
        if key:
            return key, source
    return None, NOT_SET
