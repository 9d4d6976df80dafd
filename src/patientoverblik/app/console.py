"""The console entry: ``patientoverblik COMMAND …``."""

import sys

from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.app.workshop import AppWorkshop
from patientoverblik.edges.cli import run
from patientoverblik.problems import CATALOGUE
from patientoverblik.storage.fault import StorageFault


def main() -> None:
    """Do what the command line asks for and end with its exit code; a fault is one line with a code."""
    try:
        sys.exit(run(sys.argv[1:], AppWorkshop(read_settings())))
    except SettingsFault as fault:
        sys.exit(_tell("cli.wrong-setting", str(fault)))
    except StorageFault as fault:
        sys.exit(_tell(fault.code))
    except BrokenPipeError:
        sys.stdout = None
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _tell(code: str, more: str = "") -> int:
    sys.stderr.write(f"{code}: {CATALOGUE[code].en}{': ' if more else ''}{more}\n")
    return 2
