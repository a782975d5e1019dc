"""How often it is told to stop, and what that means."""

import signal
import time

from tests.cli.supervised import Start


def test_one_stop_that_arrives_twice_is_one(start: Start) -> None:
    """A terminal and `make` pass the same Ctrl-C on; nobody is killed for that."""
    run = start("parent")
    run.until("all ready")
    run.process.send_signal(signal.SIGINT)
    assert run.end(signal.SIGTERM) == 0
    assert "does not end by itself" not in run.text


def test_being_told_again_later_waits_for_nobody(start: Start) -> None:
    """The second Ctrl-C of a person."""
    run = start("patient")
    run.until("all ready")
    run.process.send_signal(signal.SIGINT)
    run.until("stopping")
    while run.process.poll() is None:
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    # The last of them may find it on its way out.
    assert run.rest() in (0, -signal.SIGINT)
    assert "hard does not end by itself; killing it" in run.text
