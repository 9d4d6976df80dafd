"""The program, loaded once: each call is a process of its own that forks from here, so none waits for the loading anew.

Run as a module with the number of a socket: a line of JSON asks for a call, a line with its exit code answers.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence

from patientoverblik.app import console
from patientoverblik.formats import formats_known

LONGEST = 120  # seconds a call may take


def serve(asking: socket.socket) -> None:
    """Answer call after call, until nobody asks; in the process of a call this returns as well, and the call follows."""
    list(formats_known())
    gc.freeze()
    with asking.makefile("r") as lines:
        for line in lines:
            call = os.fork()
            if not call:
                return become(**json.loads(line))
            status = os.waitpid(call, 0)[1]
            asking.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    sys.exit()


def become(words: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[str]) -> None:
    """Stand where a call stands that was started from a shell: its words, environment, folder, and files as streams."""
    signal.alarm(LONGEST)
    sys.argv[1:] = words
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, (path, how) in enumerate(zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
    console.main()
