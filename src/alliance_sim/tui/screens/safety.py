"""Outside the role: whether the trainee's words were about herself, and what there is then."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from alliance_sim.tui.screens.asking import AskScreen

if TYPE_CHECKING:
    from alliance_sim.tui.app import AllianceApp

TITLE = "Outside the exercise"
CHOICES = (("no", "No, it was for the exercise"), ("yes", "Yes"), ("skip", "Rather not say"))
ABOUT_ME = {"yes": True, "no": False}
"""What is no such answer, or none, tells nothing."""


def ask_of_safety(
    app: "AllianceApp", answered: Callable[[bool | None], object], go_on: Callable[[], None]
) -> None:
    """Ask; `answered` is given the answer (None: not told) before anything is said to it, and
    `go_on` follows when that has been read. Resources are shown unless the answer is no."""
    notices = app.notices

    def answer(choice: str | None) -> None:
        about_me = ABOUT_ME.get(choice or "")
        answered(about_me)
        said = {
            True: notices.safety_said_yes,
            False: notices.safety_said_no,
            None: notices.safety_no_answer,
        }[about_me]
        resources = [] if about_me is False else notices.resources_for(app.locale)
        screen = AskScreen(TITLE, [said, *resources], (("on", "Go on"),), first="on")
        app.push_screen(screen, lambda _: go_on())

    app.push_screen(AskScreen(TITLE, [notices.safety_question], CHOICES), answer)
