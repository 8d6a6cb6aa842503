"""A page as PDF, with the extra `pdf` (WeasyPrint). Nothing is loaded: pages hold all they show."""

import re
from functools import cache
from importlib.resources import files

from alliance_sim.errors import UsageProblem

_SVG = re.compile(r"(<svg\b[^>]*>)")
_RULE = re.compile(r"^svg [^{ ].*\}$", re.MULTILINE)
_PRINT = re.compile(r"@media print \{\s*:root \{(.*?)\}", re.DOTALL)
_VALUE = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USED = re.compile(r"var\((--[\w-]+)\)")


def to_pdf(page: str) -> bytes:
    """The pages of an HTML page. Raises UsageProblem where the extra cannot be used."""
    try:
        from weasyprint import HTML, URLFetcher  # noqa: PLC0415 - an extra, and heavy
    except ImportError as problem:
        raise UsageProblem(
            "--format pdf needs the extra pdf: pip install 'alliance-sim[pdf]'; without it, print "
            "the HTML report from a browser"
        ) from problem
    except OSError as problem:
        # Its own libraries are not Python's: Pango and what that stands on.
        raise UsageProblem(
            f"--format pdf: WeasyPrint finds no Pango on this system ({problem}); print the HTML "
            "report from a browser"
        ) from problem
    nothing = URLFetcher(allowed_protocols=())
    made: bytes = HTML(string=with_drawn_styles(page), url_fetcher=nothing).write_pdf()
    return made


def with_drawn_styles(page: str) -> str:
    """The page with the rules for drawings inside each of them, in the colours of print.

    A browser styles drawings from the page's own sheet; WeasyPrint looks only inside the drawing,
    and knows no variables there.
    """
    return _SVG.sub(rf"\1<style>{_drawn_styles()}</style>", page)


@cache
def _drawn_styles() -> str:
    sheet = files("alliance_sim.reporting").joinpath("templates", "report.css").read_text("utf-8")
    printed = _PRINT.search(sheet)
    values = dict(_VALUE.findall(printed.group(1))) if printed else {}
    rules = " ".join(rule.removeprefix("svg ") for rule in _RULE.findall(sheet))
    rules = rules.replace("font-family: inherit", "font-family: sans-serif")
    return _USED.sub(lambda found: values[found.group(1)], rules).replace(" svg ", " ")
