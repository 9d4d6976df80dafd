"""The command line: the same acts as the other doors, for people at a keyboard and for scripts.

Results go to standard output, talk to standard error. Exit codes: 0 fine, 1 faults were found, 2 could not be done.
"""

from patientoverblik.edges.cli.command import run
from patientoverblik.edges.cli.ports import Workshop

__all__ = ["Workshop", "run"]
