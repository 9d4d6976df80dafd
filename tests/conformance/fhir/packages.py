"""The shared definitions made ready, once for a run: what a deployment has in its folder of packages."""

from functools import cache

from patientoverblik.conformance.fhir import Profiles, definitions, profiles
from tests.conftest import SHARED

FOLDERS = ("*/conformance", "r4/structuredefinitions")
HERE = (SHARED / "data/fhir").is_dir()
ABSENT = f"shared definitions are not here: {SHARED.name}/data/fhir"


@cache
def shared_profiles() -> Profiles:
    """Every profile that is shared."""
    files = (path for folder in FOLDERS for path in sorted((SHARED / "data/fhir").glob(f"{folder}/*.json")))
    return profiles(definitions(path.read_bytes() for path in files))
