"""The templates of pages: sandboxed, every word escaped, a name that is missing an error."""

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.domain.clean import printable


def page_environment() -> SandboxedEnvironment:
    """A new environment with the filter `clean`, which leaves nothing that could act on a screen;
    whoever makes it adds filters of its own.
    """
    environment = SandboxedEnvironment(
        loader=PackageLoader("alliance_sim.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = lambda value: printable(str(value), lines=False)
    return environment
