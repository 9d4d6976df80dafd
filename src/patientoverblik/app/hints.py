"""What to try next from the command line, as commands that work as they stand."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from patientoverblik.app.settings import DEMO_DATABASE, PREFIX, Settings
from patientoverblik.demo.storyboard import NUMBER


def say_examples(settings: Settings) -> None:
    """Print commands that look into the demo."""
    sys.stdout.write("Or look from the command line:\n")
    for example in examples(settings):
        sys.stdout.write(f"  {example}\n")
    sys.stdout.flush()


def examples(settings: Settings) -> Iterator[str]:
    """Commands with the settings that they need where the demo was moved."""
    yield from (f"export {name}={shlex.quote(value)}" for name, value in _moved(settings))
    program = _program()
    yield f"echo {NUMBER} | {program} show"
    yield f"echo {NUMBER} | {program} show --as nancy"
    yield f"echo {NUMBER} | {program} find"
    yield f"{program} --help"


def _moved(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.database != DEMO_DATABASE:
        yield f"{PREFIX}DATABASE", settings.database
        yield f"{PREFIX}DEMO", "true"


def _program() -> str:
    """How this program was called, as short as it can be said from here."""
    if shutil.which("patientoverblik"):
        return "patientoverblik"
    called = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if called.name == "patientoverblik" else "python -m patientoverblik"
