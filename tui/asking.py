"""Questions that take time: put in a thread, answered by a message, dropped when cancelled.

Only the handler of the message touches widgets; the thread computes and posts. A question is
asked under a topic, and a new one takes the place of an older one of that topic. What is dropped
is stopped, so that it doesn't hold up what is asked next.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.message import Message
from textual.screen import Screen

from solver.policy.stop import Stop, StoppedError
from tui.game import storage
from tui.game.game import Game
from tui.game.making import Tried

if TYPE_CHECKING:
    from tui.app import SudokuApp

R = TypeVar("R")
TURN = 0.0005
"""Seconds after which a thread at work in Python lets the event loop go on."""
Expected = (ValueError, OSError, ImportError, MemoryError, storage.StorageError)


def give_keys_precedence() -> None:
    """Set up this process, whose modules are loaded, so that no key waits for long.

    Threads take turns more often than Python's 5 ms; and the garbage collector no longer looks
    through what is there to stay, which would stop all threads for some 20 ms.
    """
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, eq=False)
class Question:
    """A question under way; `busy` is what the status line says meanwhile."""

    topic: str
    busy: str
    answer: Callable[[Any], None]
    failed: Callable[[str], None] | None = None
    stop: Stop = field(default_factory=Stop)


class Answered(Message):
    """A thread is done with a question, with a result or an error."""

    def __init__(self, question: Question, result: Any, error: str | None) -> None:
        self.question = question
        self.result = result
        self.error = error
        super().__init__()


class Progress(Message):
    """A thread has come on with a question."""

    def __init__(self, asked: Stop, busy: str) -> None:
        """`asked` is the `Stop` of the question."""
        self.asked = asked
        self.busy = busy
        super().__init__()


class Asking(Screen[Any]):
    """A screen that can ask."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, Question] = {}

    @property
    def sudoku(self) -> SudokuApp:
        """The app, by its own type."""
        return cast("SudokuApp", self.app)

    def ask(
        self,
        topic: str,
        question: Callable[[Stop], R],
        answer: Callable[[R], None],
        *,
        busy: str = "",
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Run `question` in a thread, then `answer` with its result, on the event loop.

        `question` is given a `Stop`, which is set when it is cancelled. Expected errors go to
        `failed`, or to `asking_failed`, as one line.
        """
        self.cancel(topic)
        entry = Question(topic, busy, answer, failed)
        self._asked[topic] = entry
        self.run_worker(partial(self._work, entry, question), thread=True, exit_on_error=False)
        self.asking_changed()

    def make_puzzle(
        self, what: str, make: Callable[[Stop, Tried], Game], then: Callable[[Game], None]
    ) -> None:
        """Make a puzzle in a thread, and say meanwhile how many were tried."""

        def question(stop: Stop) -> Game:
            return make(stop, lambda tried: self.report(stop, f"{what}: {tried} tried"))

        self.ask("generate", question, then, busy=what)

    def cancel(self, *topics: str) -> bool:
        """Drop the questions of these topics (all, if none is named); whether there was one."""
        dropped = [topic for topic in self._asked if not topics or topic in topics]
        for topic in dropped:
            self._asked.pop(topic).stop.set()
        if dropped:
            self.asking_changed()
        return bool(dropped)

    @property
    def busy(self) -> str:
        """What is being worked out, in words; empty for nothing worth a word."""
        return ", ".join(entry.busy for entry in self._asked.values() if entry.busy)

    def is_asking(self, *topics: str) -> bool:
        """Whether one of these topics is under way, or anything at all if none is named."""
        return any(topic in self._asked for topic in topics) if topics else bool(self._asked)

    def _work(self, entry: Question, question: Callable[[Stop], Any]) -> None:
        result, error = None, None
        try:
            entry.stop.check()
            result = question(entry.stop)
        except StoppedError:
            return
        except Expected as failure:
            error = " ".join(str(failure).split())
        except Exception as failure:
            error = f"unexpected {type(failure).__name__}: {failure}; see {_log()}"
        if not entry.stop.is_set():
            self.post_message(Answered(entry, result, error))

    def on_answered(self, event: Answered) -> None:
        event.stop()
        entry = event.question
        if entry.stop.is_set():
            return
        self._asked.pop(entry.topic, None)
        self.asking_changed()
        if event.error is None:
            entry.answer(event.result)
        elif entry.failed is not None:
            entry.failed(event.error)
        else:
            self.asking_failed(event.error)

    def report(self, stop: Stop, busy: str) -> None:
        """Called in the thread of a question, by its `stop`: what to say of it from now on."""
        if not stop.is_set():
            self.post_message(Progress(stop, busy))

    def on_progress(self, event: Progress) -> None:
        event.stop()
        for topic, entry in self._asked.items():
            if entry.stop is event.asked:
                self._asked[topic] = replace(entry, busy=event.busy)
        self.asking_changed()

    def on_unmount(self) -> None:
        """Leaving waits for no answer."""
        for entry in self._asked.values():
            entry.stop.set()

    def asking_changed(self) -> None:
        """Called when `busy` may have changed."""

    def asking_failed(self, error: str) -> None:
        """Called with the error of a question that has no handler of its own."""
        self.notify(error, severity="error", markup=False)


def _log() -> str:
    """Keep the traceback of the error in hand; where it is."""
    path = storage.crash_file()
    try:
        storage.write_text(path, traceback.format_exc())
    except storage.StorageError as error:
        return str(error)
    return str(path)
