"""Settings: what differs between installations, read from the environment; all faults are told at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

PREFIX = "PATIENTOVERBLIK_"
DEMO_DATABASE = "sqlite:///var/demo.sqlite3"


class SettingsFault(ValueError):  # noqa: N818 - a fault is the field's word
    """One or more settings are wrong; the message names each, never its value."""


class Settings(msgspec.Struct, frozen=True):
    """One installation; one that names no database of its own is the demo. What each setting means is published."""

    database: Annotated[
        str,
        Meta(
            description="where the documents are kept: `sqlite:///path` (relative to the working folder, or "
            "absolute with four slashes), or `memory:`, which is gone when the program ends"
        ),
    ] = DEMO_DATABASE
    host: Annotated[str, Meta(description="the address the pages are served on")] = "127.0.0.1"
    port: Annotated[int, Meta(description="the port the pages are served on, 1 to 65535")] = 8080
    demo: Annotated[
        bool,
        Meta(
            description="`true` allows the test login and the test people; where no database is named it is "
            "`true`, with a database of one's own it is `false` unless asked for"
        ),
    ] = False
    secure_cookies: Annotated[
        bool, Meta(description="`true` sends the session's cookie over HTTPS only; set it wherever HTTPS is in front")
    ] = False

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None for the memory storage."""
        return Path(self.database.removeprefix("sqlite:///")) if self.database.startswith("sqlite:///") else None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment; raises :class:`SettingsFault` that names every fault."""
    given = {
        name: environment[PREFIX + name.upper()]
        for name in Settings.__struct_fields__
        if environment.get(PREFIX + name.upper())
    }
    faults = [fault for name, value in given.items() if (fault := _fault(name, value))]
    if faults:
        raise SettingsFault("; ".join(faults))
    given.setdefault("demo", "true" if given.get("database", DEMO_DATABASE) == DEMO_DATABASE else "false")
    return msgspec.convert(given, Settings, strict=False)


def _fault(name: str, value: str) -> str:
    if name == "port" and not (value.isdigit() and 0 < int(value) < 65536):
        return f"{PREFIX}PORT must be a number from 1 to 65535"
    if name == "database" and not value.startswith(("sqlite:///", "memory:")):
        return f"{PREFIX}DATABASE must be sqlite:///PATH or memory:"
    if name in ("demo", "secure_cookies") and value.lower() not in ("true", "false", "1", "0"):
        return f"{PREFIX}{name.upper()} must be true or false"
    return ""
