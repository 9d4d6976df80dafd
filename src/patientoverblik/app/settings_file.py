"""The settings file: TOML, a line ``name = value`` for each setting by its name in small letters, with its prefix left
out. What the environment says stands before what the file says. What is wrong is told by name, never by value.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path


def read_settings_file(path: str, names: Sequence[str], prefix: str) -> tuple[dict[str, str], list[str]]:
    """The settings of a file as texts, by name, and everything wrong with it; nothing where no file is named."""
    if not path:
        return {}, []
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}, [f"{prefix}SETTINGS must name a file of TOML that can be read"]
    faults = [
        f"{prefix}SETTINGS has a name that is no setting, in line order number {place}"
        for place, name in enumerate(found, 1)
        if name not in names
    ]
    faults += [
        f"{prefix}SETTINGS: {name} must be a text, a number, or true or false"
        for name, value in found.items()
        if name in names and not isinstance(value, str | int)
    ]
    return {name: _text(value) for name, value in found.items() if name in names and value != ""}, faults


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
