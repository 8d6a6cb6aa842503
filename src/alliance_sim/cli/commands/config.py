"""`config`: the settings of the model, where each came from, and changes to them."""

import sys
from typing import Annotated

import typer

from alliance_sim.cli.models import config_file, model_setup
from alliance_sim.cli.wiring import narrate
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

app = typer.Typer(
    name="config", help="Settings of the model, and where they come from.", no_args_is_help=True
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="A setting; config show lists them.")]


@app.command("show")
def show() -> None:
    """Print every setting, its value and where it came from. The key itself is never shown."""
    for shown in model_setup().values():
        value = "-" if shown.value is None else shown.value
        sys.stdout.write(printable(f"{shown.name:<16} {value}  ({shown.source})", lines=False))
        sys.stdout.write("\n")


@app.command("path")
def path() -> None:
    """Print where the configuration file is, or would be."""
    sys.stdout.write(f"{printable(str(config_file()), lines=False)}\n")


@app.command("set")
def set_value(
    name: _Name, value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")]
) -> None:
    """Write a setting to the configuration file."""
    if name.lower() in ("key", "api_key", "openai_api_key"):
        raise UsageProblem(
            "a key is not kept in the file; save it with: alliance-sim config set-key"
        )
    model_setup().save({name: value})
    _tell_what_counts(name)


@app.command("unset")
def unset(name: _Name) -> None:
    """Take a setting out of the configuration file."""
    from alliance_sim.llm.settings import SETTINGS, checked

    if name not in SETTINGS:
        checked(name, "")
    model_setup().save({name: None})
    _tell_what_counts(name)


@app.command("set-key")
def set_key() -> None:
    """Save the key of the present address in the system's keyring. Asked for, or piped in."""
    setup = model_setup()
    url = setup.settings().found["base_url"].value
    if sys.stdin.isatty():
        from getpass import getpass

        key = getpass(f"Key for {url} (it is not shown): ", sys.stderr)
    else:
        key = sys.stdin.readline()
    if not key.strip():
        raise UsageProblem("no key was given; nothing was changed")
    setup.save_key(key)
    narrate(f"The key for {url} is in the system's keyring.")


@app.command("unset-key")
def unset_key() -> None:
    """Take the key of the present address out of the system's keyring."""
    gone = model_setup().forget_key()
    narrate("The key is gone." if gone else "The keyring had no key for this address.")


def _tell_what_counts(name: str) -> None:
    """What holds now: another place may win over the file."""
    shown = model_setup().settings().found[name]
    value = "not set" if shown.value is None else f"{shown.value} ({shown.source})"
    narrate(f"{name}: {value}")
