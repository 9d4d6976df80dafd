"""What is written down of a look, in plain words: one row per code in ``tables/log.csv``."""

import csv
from collections.abc import Mapping
from importlib.resources import files


def _danish() -> Mapping[str, str]:
    text = files(__package__).joinpath("tables", "log.csv").read_text(encoding="utf-8")
    return {row["code"]: row["da"] for row in csv.DictReader(text.splitlines())}


DANISH = _danish()
