"""A marketplace of small real programs under the real supervisor: `python small_marketplace.py HOME SCENARIO PORT`."""

import asyncio
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.processes import die_with_parent_now
from cli import leftovers, marketplace
from cli.parts import Part, Port, Process, Step, file_exists, http_ok
from cli.supervisor import StartError, Supervisor, say
from wiring.settings import Settings

SLEEPER = """
import pathlib, signal, sys
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""
PARENT = """
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
mark = pathlib.Path(sys.argv[1])
mark.with_suffix(".new").write_text(str(child.pid))
mark.with_suffix(".new").rename(mark)  # there with its content or not at all
child.wait()
"""
EARLY = """
import pathlib, signal, sys
from adapters.processes import wait_until_told
pathlib.Path(sys.argv[1]).with_suffix(".loaded").touch()
wait_until_told()
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""
AWAITS_LOADED = """
import pathlib, sys, time
while not pathlib.Path({mark!r}).exists():
    time.sleep(0.01)
if pathlib.Path({mark!r}).with_suffix(".up").exists():
    raise SystemExit("it did not wait to be told")
"""


def sleeper(home: Path, name: str, *words: str, needs: tuple[str, ...] = (), program: str = SLEEPER) -> Process:
    mark = home / "run" / f"{name}.up"
    return Process(
        name,
        (sys.executable, "-c", program, str(mark), *words),
        file_exists(mark),
        needs=needs,
        before=partial(mark.unlink, missing_ok=True),
        grace=0.5 if words else 10,
        deadline=20,
    )


def step(home: Path, name: str, code: str, needs: tuple[str, ...] = ()) -> Step:
    return Step(name, (sys.executable, "-c", code), needs=needs, deadline=20)


def early(home: Path) -> tuple[Part, ...]:
    """The step ends only when the process that needs it has loaded."""
    waits = step(home, "once", AWAITS_LOADED.format(mark=str(home / "run" / "eager.loaded")))
    return (waits, replace(sleeper(home, "eager", needs=("once",), program=EARLY), early=True))


def web(home: Path, port: int, needs: tuple[str, ...] = ()) -> Process:
    (home / "healthz").write_text("fine")
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(home), str(port))
    address = Port("127.0.0.1", port, "PORTCULLIS_PORT")
    return Process("web", command, http_ok(f"http://127.0.0.1:{port}", "/healthz"), needs=needs, port=address)


def whole(home: Path, port: int) -> tuple[Part, ...]:
    first = sleeper(home, "first")
    return (first, step(home, "once", "print('done')", ("first",)), web(home, port, ("once",)))


def postgres(home: Path, port: int) -> tuple[Part, ...]:
    return (marketplace.postgres(Settings(home=home)),)


SCENARIOS: dict[str, Callable[[Path, int], tuple[Part, ...]]] = {
    "whole": whole,
    "postgres": postgres,
    "early": lambda home, _: early(home),
    "stubborn": lambda home, _: (sleeper(home, "mild"), sleeper(home, "hard", "stubborn")),
    "patient": lambda home, _: (replace(sleeper(home, "hard", "stubborn"), grace=3600),),
    "parent": lambda home, _: (sleeper(home, "parent", program=PARENT),),
    "dies": lambda home, _: (
        sleeper(home, "mild"),
        sleeper(home, "dying", program="raise SystemExit('no such luck')"),
    ),
    "hangs": lambda home, _: (
        replace(
            sleeper(home, "hanging", program="print('thinking', flush=True); import signal; signal.pause()"), deadline=1
        ),
    ),
    "fails": lambda home, _: (sleeper(home, "mild"), step(home, "once", "raise SystemExit('table is on fire')")),
    "endless": lambda home, _: (replace(step(home, "once", "import signal; signal.pause()"), deadline=1),),
}


def main() -> int:
    home, scenario, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if "with-parent" in sys.argv:
        die_with_parent_now(signal.SIGTERM)
    (home / "run").mkdir(parents=True, exist_ok=True)
    parts = SCENARIOS[scenario](home, port)
    try:
        with leftovers.only_one(home, f"http://127.0.0.1:{port}"):
            for ended in leftovers.end_leftovers(parts, home):
                say(f"ended {ended}")
            leftovers.assert_ports_free(parts)
            asyncio.run(Supervisor(parts, home=home, announce=lambda: say("all ready"), say=say).run())
    except (StartError, leftovers.OccupiedError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
