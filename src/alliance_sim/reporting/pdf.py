"""A page as PDF, with the extra `pdf` (WeasyPrint). Nothing is loaded: pages hold all they show."""

from alliance_sim.errors import UsageProblem


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
    made: bytes = HTML(string=page, url_fetcher=nothing).write_pdf()
    return made
