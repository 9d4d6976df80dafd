"""What one look reads when nothing of the database is in memory: a new process, the file's cached pages dropped.

``python -m benches.cold DATABASE WARMER NUMBER SESSION NUMBER ACT`` prints one line of JSON. The program itself is
warmed by a look at another, small database and has opened its connections, so that only the look is counted: the
session, the patient's number, the decision and the overview; and where ACT is ``look``, the look and its event written.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import msgspec

from patientoverblik.access import Actor, Refusal
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.service import look
from patientoverblik.service.house import House
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.sharing.model import PatientId


def settings_of(path: str) -> Settings:
    """The settings of a bench database."""
    return Settings(database=f"sqlite:///{path}", demo=True)


def drop(path: Path) -> None:
    """Let the operating system forget the file's pages; what is not yet on disk is written first."""
    for each in (path, path.with_name(path.name + "-wal")):
        if each.exists():
            handle = os.open(each, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def counted() -> dict[str, int]:
    """This process's read calls, the bytes they asked for, and the bytes that came from the disk; asking reads too."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    told = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return {"reads": told["syscr"], "bytes": told["rchar"], "from_disk": told["read_bytes"]}


async def look_at(house: House, session: str, number: str, written: bool) -> int:
    """What the door does for the overview as JSON, with or without writing the look down; the answer's bytes."""
    held = house.storage.reader().session(session)
    if held is None:
        raise RuntimeError("the bench session is gone")
    shown = await (_looked if written else _drawn)(house, held.actor, PatientId(CPR, number))
    return len(msgspec.json.encode(shown.overview))


async def _looked(house: House, actor: Actor, patient: PatientId) -> Shown:
    shown = await look(house, actor, patient, "treatment", "professional")
    if isinstance(shown, Refusal):
        raise RuntimeError("the bench look was refused")
    return shown


async def _drawn(house: House, actor: Actor, patient: PatientId) -> Picture:
    with house.storage.snapshot() as reader:
        shown = picture(house, reader, Asked(actor, patient, "treatment", "professional", house.clock()))
    if not isinstance(shown, Picture):
        raise RuntimeError("the bench look was refused")
    return shown


def _open_connections(house: House) -> None:
    """What a service does when it starts: the file is opened and its schema known; nothing of a patient is read."""
    house.storage.reader().linked_keys(0)
    with house.storage.snapshot() as reader:
        reader.linked_keys(0)


def main(database: str, warmer: str, warm_number: str, session: str, number: str, act: str) -> None:
    """Warm the program, drop the file, look once, print what it took."""
    with opened(settings_of(warmer)) as house:
        asyncio.run(look_at(house, session, warm_number, act == "look"))
    with opened(settings_of(database)) as house:
        _open_connections(house)
        drop(Path(database))
        idle = _between(counted(), counted())
        before = counted()
        answer = asyncio.run(look_at(house, session, number, act == "look"))
        spent = _between(before, counted())
    print(json.dumps({"answer": answer, **_between(idle, spent)}))


def _between(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after}


if __name__ == "__main__":
    main(*sys.argv[1:])
