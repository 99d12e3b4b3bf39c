"""The policy in use: loaded in a thread, and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from tui.engine import Engine
from tui.play.controller import Controller
from tui.settings import absolute


class PolicyInUse(Controller):
    """Loads policies for the board."""

    then: Callable[[], object] | None = None
    """What waits for the policy."""

    def load(self, path: str, *, keep: bool = False) -> None:
        """Load a policy in a thread; until it is there, everything else works.

        With `keep`, it is the one to begin with from now on, if it is usable.
        """
        engine = self.engine
        use = partial(self.use_from_now_on, path) if keep else self.use
        self.screen.ask("load", lambda _: engine.load(path), use, failed=self._unusable)

    def use_from_now_on(self, path: str, engine: Engine) -> None:
        """Play with the policy in `path` now, and begin with it from now on."""
        self.use(engine)
        self.app.change_settings(replace(self.settings, model=absolute(path)))
        self.tell("This policy plays from now on.", "good")

    def use(self, engine: Engine) -> None:
        """Play with this policy from now on."""
        self.screen.cancel("watch", "solve", "hint")
        self.app.engine = engine
        self.screen.update(watched=None)
        self.screen.passes.position_changed()
        self.screen.playback.resume_trace()
        then, self.then = self.then, None
        if then is not None:
            then()

    def position_changed(self) -> None:
        self.then = None

    def _unusable(self, error: str) -> None:
        engine = self.engine
        if engine.ready:
            self.tell(f"{error}. The policy in use stays.", "wrong")
            return
        engine.why_not = f"No policy: {error}. m, then o, opens another; by hand all works."
        self.tell(engine.why_not, "wrong")
