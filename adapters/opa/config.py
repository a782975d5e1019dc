"""The engine's configuration file; flags stand where it is started."""

from __future__ import annotations

from pathlib import Path

# Nothing is sent anywhere; that the section exists makes the engine name its own decision id in every answer.
TEXT = """\
decision_logs:
  console: false
"""


def write(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(TEXT, encoding="utf-8")
