"""Opening a session: a new one, one that goes on, a turn tried again; with a model where asked."""

# ruff: noqa: PLC0415 - the engine is imported when it is used, so that the first screen paints soon

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from alliance_sim.errors import AllianceError
from alliance_sim.tui.models import ModelVoice, Voice, offer_of

if TYPE_CHECKING:
    from alliance_sim.domain.events import Event
    from alliance_sim.domain.scenario import Scenario
    from alliance_sim.domain.transcript import Pace
    from alliance_sim.programme.standing import Standing
    from alliance_sim.runtime.session import LiveSession, Options
    from alliance_sim.tui.app import AllianceApp
    from alliance_sim.tui.screens.opening import Opened

AUTHORED = "The client goes on with the authored words."

Open = Callable[["ModelVoice | None"], "LiveSession"]
"""Opens a session in the words of a model, or of its author."""


class Sittings:
    """Goes from what was asked for to the session screen."""

    def __init__(self, app: AllianceApp) -> None:
        self._app = app

    def begin(
        self,
        scenario: Scenario,
        *,
        pace: Pace,
        wpm: float,
        plan: str,
        exam: bool,
        voice: Voice = "scripted",
        counts: bool = True,
    ) -> None:
        """Open a session and go to it, in place of the intake screen.

        Where the model cannot be used, that is told, and whether to begin without it is asked. The
        session counts for the trainee's assignment that it fits, unless `counts` says no; which,
        is asked only where several fit.
        """
        from alliance_sim.runtime.session import Options

        start = self._app.start
        randomness = self._app.randomness
        chosen = Options(
            seed=randomness.randrange(10**6) if start.seed is None else start.seed,
            pace=pace,
            wpm=wpm,
            trainee=start.trainee,
            exam=exam,
            max_turns=start.turns,
            plan=plan,
        )

        def counting(standing: Standing | None) -> None:
            options = chosen if standing is None else self._counted(chosen, standing, scenario)
            self._begin_voiced(scenario, options, voice)

        fits = self._app.assigned.fitting(scenario.id) if counts else []
        if len(fits) > 1:
            self._ask_which(fits, counting)
        else:
            counting(fits[0] if fits else None)

    def _begin_voiced(self, scenario: Scenario, chosen: Options, voice: Voice) -> None:
        app = self._app

        def options(voiced: Voice) -> Options:
            return replace(chosen, voice=voiced)

        if voice == "scripted" or app.models is None:
            self._begin(scenario, options("scripted"), None)
            return

        def opened(found: Opened | None) -> None:
            if found and found.voice:
                self._begin(scenario, options("model"), found.voice)
            elif found:
                self._ask(found.problem, lambda: self._begin(scenario, options("scripted"), None))

        self._open_model(opened)

    def resume(self, session_id: str) -> None:
        """Go on with a stored session; one that has ended shows its debrief."""
        from alliance_sim.runtime.results import scenario_of
        from alliance_sim.runtime.session import LiveSession

        app = self._app
        try:
            events = [stored.event for stored in app.store.events(session_id)]
            if any(event.type == "ended" for event in events):
                app.show_debrief(session_id)
                return
            scenario = scenario_of(app.library, events)
        except AllianceError as problem:
            app.notify_plain(str(problem))
            return

        def go_on(voice: ModelVoice | None) -> LiveSession:
            words = voice.wording if voice else None
            return LiveSession.resume(app.store, session_id, scenario, app.clock, words)

        self._with_its_voice(events, go_on)

    def retry(self, session_id: str, turn: int) -> None:
        """Try a turn again, in a new session that branches there."""
        from alliance_sim.runtime.results import scenario_of
        from alliance_sim.runtime.session import LiveSession

        app = self._app
        try:
            events = [stored.event for stored in app.store.events(session_id)]
            scenario = scenario_of(app.library, events)
        except AllianceError as problem:
            app.notify_plain(str(problem))
            return

        def branch(voice: ModelVoice | None) -> LiveSession:
            return LiveSession.branch(
                app.store,
                session_id,
                turn,
                scenario,
                app.clock,
                app.randomness,
                voice.wording if voice else None,
            )

        self._with_its_voice(events, branch)

    # ---- inside --------------------------------------------------------------------------

    def _counted(self, options: Options, standing: Standing, scenario: Scenario) -> Options:
        """The options of an hour that counts for an assignment, which may be an exam."""
        from alliance_sim.programme.assignments import claiming

        asked = standing.assignment
        note = claiming(asked.id, standing.trainee, scenario.id, self._app.clock.now())
        return replace(options, exam=options.exam or asked.exam, note=note)

    def _ask_which(
        self, fits: Sequence[Standing], counting: Callable[[Standing | None], None]
    ) -> None:
        """For which of several assignments the hour counts."""
        from alliance_sim.programme.assignments import told_of
        from alliance_sim.tui.screens.asking import AskScreen

        by_id = {each.assignment.id: each for each in fits}

        def answered(answer: str | None) -> None:
            if answer is not None:
                counting(by_id.get(answer))

        lines = [f"{name}: {told_of(each)}" for name, each in by_id.items()]
        choices = [*((name, name) for name in by_id), ("", "None of them")]
        screen = AskScreen("What does this hour count for?", lines, choices)
        self._app.push_screen(screen, answered)

    def _begin(self, scenario: Scenario, options: Options, voice: ModelVoice | None) -> None:
        from alliance_sim.runtime.session import LiveSession

        app = self._app

        def begun(voice: ModelVoice | None) -> LiveSession:
            words = voice.wording if voice else None
            return LiveSession.begin(app.store, scenario, options, app.clock, app.randomness, words)

        self._enter(begun, voice, replace=True)

    def _with_its_voice(self, events: Sequence[Event], open_session: Open) -> None:
        """Open a session that a model worded with a model again; without one it goes on, too."""
        modelled = any(e.type == "session_opened" and e.voice == "model" for e in events)
        if not modelled:
            self._enter(open_session, None)
            return
        if not offer_of(self._app.models).name:
            self._go_on_authored(open_session, "no model is set up now")
            return

        def opened(found: Opened | None) -> None:
            if found and found.voice:
                self._enter(open_session, found.voice)
            elif found:
                self._go_on_authored(open_session, found.problem)

        self._open_model(opened)

    def _go_on_authored(self, open_session: Open, why: str) -> None:
        self._enter(open_session, None)
        told = f"{why[:1].upper()}{why[1:]}"
        self._app.notify_plain(f"{told.rstrip('.')}. {AUTHORED}", severity="warning")

    def _open_model(self, opened: Callable[[Opened | None], None]) -> None:
        from alliance_sim.tui.screens.opening import OpeningScreen

        models = self._app.models
        if models is not None:
            self._app.push_screen(OpeningScreen(models, offer_of(models)), opened)

    def _ask(self, problem: str, scripted: Callable[[], None]) -> None:
        """What to do where the model cannot be used."""
        from alliance_sim.tui.screens.asking import AskScreen

        def answered(answer: str | None) -> None:
            if answer == "scripted":
                scripted()
            elif answer == "set-up":
                self._app.show_models()

        choices = [("back", "Back"), ("scripted", "Begin scripted")]
        choices += [("set-up", "Set it up")] if self._app.may_set_up_models else []
        screen = AskScreen("The model cannot be used", [problem], choices, first="back")
        self._app.push_screen(screen, answered)

    def _enter(
        self, open_session: Open, voice: ModelVoice | None, *, replace: bool = False
    ) -> None:
        """Open the session and its screen; what is wrong is told, and the model let go."""
        try:
            session = open_session(voice)
        except AllianceError as problem:
            self._app.notify_plain(str(problem))
            if voice:
                voice.let_go()
            return
        self._app.enter(session, voice, replace=replace)
