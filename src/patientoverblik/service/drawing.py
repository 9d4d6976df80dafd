"""By what a picture was drawn: a digest of the overview's own code and tables, and of the sources as configured.

A look carries it beside the stamps of its readings and its view, so that a replay can tell whether anything it rests on
has changed since.
"""

from functools import lru_cache
from hashlib import blake2b
from importlib.abc import Traversable
from importlib.resources import files

import msgspec

from patientoverblik.service.sources import Source

# What turns readings into an overview: the overview, the values it speaks of, and what is screened before.
ROOMS = ("patientoverblik.overview", "patientoverblik.care")
MODULES = (("patientoverblik.service", "draw.py"), ("patientoverblik.access", "model.py"))
DIGEST = 8
_encode = msgspec.msgpack.Encoder().encode


@lru_cache(maxsize=8)
def drawn_by(sources: tuple[Source, ...]) -> str:
    """The stamp of everything but documents, view and reader that a picture drawn now rests on, in hex."""
    return f"{_code()}-{blake2b(_encode(sources), digest_size=DIGEST).hexdigest()}"


@lru_cache(maxsize=1)
def _code() -> str:
    digest = blake2b(digest_size=DIGEST)
    for room in ROOMS:
        _add(digest, files(room))
    for package, name in MODULES:
        digest.update(files(package).joinpath(name).read_bytes())
    return digest.hexdigest()


def _add(digest: blake2b, place: Traversable) -> None:
    """Add every file that is read or run, by name and content, in the order of names."""
    for each in sorted(place.iterdir(), key=lambda one: one.name):
        if each.is_dir() and each.name != "__pycache__":
            _add(digest, each)
        elif each.name.endswith((".py", ".csv", ".toml")):
            digest.update(each.name.encode() + b"\x00" + each.read_bytes())
