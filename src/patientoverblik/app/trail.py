"""The security trail of an installation: its keys, its checkpoints as a job, its witness outside the database."""

import asyncio
import contextlib
import getpass
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from patientoverblik.access import Actor
from patientoverblik.app.jobs import Job, outlived, running
from patientoverblik.app.keys import PublicKeys, SigningKey, make_signing_key, read_public_keys, read_signing_key
from patientoverblik.app.settings import Settings
from patientoverblik.problems import Fault, Finding
from patientoverblik.service.checkpoint import checkpoint, remove_old
from patientoverblik.service.house import House
from patientoverblik.service.seals import BEFORE_ALL, UNKEYED, SealedCheckpoint, TailEnd, TailKey, TrailReader
from patientoverblik.service.verify import Outside, Verified, Witnessed, verify

DAY = 24 * 60 * 60 * 1000
LOOK_SECONDS = 10
SEALS = "seal"
AT_ONCE = 1000
NO_CODE = "-"


def signing_key(settings: Settings) -> SigningKey | None:
    """The key that signs, None where none is set; the demo makes one beside its database."""
    if settings.trail_key:
        return read_signing_key(Path(settings.trail_key))
    database = settings.database_file
    if not settings.demo or database is None:
        return None
    return make_signing_key(database.with_name(f"{database.name}.trail-key.pem"))


def trail_key(settings: Settings) -> TailKey:
    """What the tail of the trail is keyed with: a secret that follows from the key that signs, nothing without one."""
    return signing_key(settings) or UNKEYED


def public_keys(settings: Settings) -> PublicKeys:
    """Every key a seal may be signed with; :class:`Fault` ``trail.no-key`` where there is none."""
    folder = Path(settings.trail_public_keys) if settings.trail_public_keys else None
    own = signing_key(settings)
    if own is None and folder is None:
        raise Fault("trail.no-key")
    return read_public_keys(folder, own)


async def seal(settings: Settings, house: House, key: SigningKey) -> int:
    """Seal the trail, and tell the witness; how many checkpoints were made."""
    made = await checkpoint(house, key)
    if settings.trail_witness:
        await asyncio.to_thread(tell_witness, Path(settings.trail_witness), house.storage.reader())
    return len(made)


def tell_witness(witness: Path, reader: TrailReader) -> None:
    """Tell the witness every checkpoint it does not remember, those of a time when it was away too."""
    last = max((one.number for one in remembered(witness)), default=0)
    while missed := reader.checkpoints(last, AT_ONCE):
        remember(witness, missed)
        last = missed[-1].number


async def remove_old_entries(settings: Settings, house: House) -> int:
    """Remove what is older than the retention period; how many entries went, none where they are kept for ever.

    :class:`Fault` ``trail.not-whole`` where anything was tampered with: an anchor signed over it would excuse it.
    """
    key = signing_key(settings)
    if key is None:
        raise Fault("trail.no-key")
    if not settings.trail_keep_days:
        return 0
    await asyncio.to_thread(verify_trail, settings, house, _stop)
    actor = Actor(kind="job", id=f"cli:{getpass.getuser()}", role="operator")
    return await remove_old(house, actor, key, house.clock() - settings.trail_keep_days * DAY)


def _stop(_: Finding) -> None:
    raise Fault("trail.not-whole")


def verify_trail(settings: Settings, house: House, tell: Callable[[Finding], None]) -> Verified:
    """Walk the whole trail and tell each fault as it is found; how much was looked at."""
    keys = public_keys(settings)
    outside = _outside(settings)
    with house.storage.snapshot() as reader:
        walk = verify(reader, keys, outside)
        while True:
            try:
                tell(next(walk))
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]


def _outside(settings: Settings) -> Outside:
    """What is known outside the database: the key of the tail, and what the witness remembers."""
    key = signing_key(settings)
    if not settings.trail_witness:
        return Outside(key=key)
    witness = Path(settings.trail_witness)
    return Outside(remembered(witness), remembered_ends(witness), key)


@contextlib.asynccontextmanager
async def sealing(settings: Settings, house: House) -> AsyncIterator[None]:
    """While the service runs its trail is sealed now and then, and once more when it ends."""
    key = signing_key(settings)
    if key is None:
        yield
        return
    try:
        async with running(Job(SEALS, _now_and_then(settings, house, key), LOOK_SECONDS, first=LOOK_SECONDS)):
            yield
    finally:
        with outlived(SEALS):
            await seal(settings, house, key)


def _now_and_then(settings: Settings, house: House, key: SigningKey) -> Callable[[], Awaitable[None]]:
    """A look at whether it is time for a checkpoint. One that could not be made is made at the next look: its entries
    stay in the tail.

    The first is made soon: what a service that was killed left behind is signed before it grows old.
    """
    waited = settings.trail_minutes * 60

    async def look() -> None:
        nonlocal waited
        waited += LOOK_SECONDS
        if waited >= settings.trail_minutes * 60 or _is_much(settings, house):
            await seal(settings, house, key)
            waited = 0
        elif settings.trail_witness:
            await asyncio.to_thread(remember_ends, Path(settings.trail_witness), house.storage.reader().tail_ends())

    return look


def _is_much(settings: Settings, house: House) -> bool:
    return len(house.storage.reader().slips(BEFORE_ALL, settings.trail_events)) >= settings.trail_events


def remember(witness: Path, made: tuple[SealedCheckpoint, ...]) -> None:
    """Write checkpoints to the witness's file, a line each: number and digest; a file that cannot be is a fault."""
    lines = "".join(f"{sealed.number} {sealed.digest.hex()}\n" for sealed in made)
    try:
        with os.fdopen(os.open(witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        raise Fault("trail.bad-witness") from None


def remember_ends(witness: Path, ends: tuple[TailEnd, ...]) -> None:
    """Write how far the tail has come to the file beside the witness's, in place of what stood there; lane, number and
    code in a line each. What cannot be written is a fault."""
    path = _ends_beside(witness)
    lines = "".join(f"{end.lane} {end.number} {end.mac.hex() or NO_CODE}\n" for end in ends)
    try:
        fresh = path.with_name(f"{path.name}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        raise Fault("trail.bad-witness") from None


def remembered(witness: Path) -> tuple[Witnessed, ...]:
    """The checkpoints a witness's file remembers; none where there is no file yet."""
    try:
        return tuple(Witnessed(int(number), digest) for number, digest in _rows(witness))
    except ValueError:
        raise Fault("trail.bad-witness") from None


def remembered_ends(witness: Path) -> tuple[TailEnd, ...]:
    """How far the tail had come when the witness was last told; nothing where it never was."""
    rows = _rows(_ends_beside(witness))
    try:
        return tuple(TailEnd(int(lane), int(at), bytes.fromhex(mac.strip(NO_CODE))) for lane, at, mac in rows)
    except ValueError:
        raise Fault("trail.bad-witness") from None


def _ends_beside(witness: Path) -> Path:
    return witness.with_name(f"{witness.name}.tail")


def _rows(path: Path) -> list[list[str]]:
    """The words of each line; none where there is no file yet."""
    try:
        return [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise Fault("trail.bad-witness") from None
