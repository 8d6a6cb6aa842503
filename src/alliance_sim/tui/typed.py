"""The app, typed, for screens; imported late, since the app imports its screens."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from alliance_sim.tui.app import AllianceApp


class AllianceScreenMixin:
    """Gives screens and widgets `alliance`, the app that they are in."""

    @property
    def alliance(self) -> "AllianceApp":
        return cast("AllianceApp", cast("MessagePump", self).app)
