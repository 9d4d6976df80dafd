"""The console entry: ``patientoverblik COMMAND …``."""

import os
import sys
import traceback
from pathlib import Path

from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.app.workshop import AppWorkshop
from patientoverblik.edges.cli import run
from patientoverblik.problems import CATALOGUE, Fault

INTERRUPTED = 130


def main() -> None:
    """Do what the command line asks for and end with its exit code; a fault is one line with a code."""
    sys.exit(_ended(sys.argv[1:]))


def _ended(words: list[str]) -> int:
    try:
        code = run(words, AppWorkshop(read_settings(), words))
        sys.stdout.flush()
    except SettingsFault as fault:
        return _tell("cli.wrong-setting", str(fault))
    except Fault as fault:
        return _tell(fault.code)
    except BrokenPipeError:
        return _nobody_listens()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _tell("cli.broken", _where(error))
    return code


def _nobody_listens() -> int:
    """The reader of our output has gone, as ``head`` does: what is left is written to nobody."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _where(error: Exception) -> str:
    """Which kind of error it was and where in the program; its own words may hold a patient's and are not told."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(last.filename).name} line {last.lineno}"


def _tell(code: str, more: str = "") -> int:
    sys.stderr.write(f"{code}: {CATALOGUE[code].en}{': ' if more else ''}{more}\n")
    return 2
