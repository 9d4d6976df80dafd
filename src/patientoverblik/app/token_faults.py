"""What is wrong with the settings of tokens, all of it at once: by name and place, never by value of a secret."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path

from patientoverblik.app.fhir_packages import packages_fault
from patientoverblik.edges.identity.authorisation import AppsFault, SigningFault, read_apps, read_signing_keys
from patientoverblik.edges.identity.issuers import IssuersFault, read_issuers
from patientoverblik.edges.identity.launch import SystemsFault, read_systems
from patientoverblik.edges.identity.revoked import RevocationFault, read_revocations


def token_faults(given: Mapping[str, str], prefix: str, demo: bool) -> Iterator[str]:
    """Every fault, for settings by their names in small letters."""
    checks: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("apps", lambda value: read_apps(Path(value))),
        ("signing_keys", lambda value: read_signing_keys(files_of(value))),
        ("token_issuers", lambda value: read_issuers(Path(value))),
        ("record_systems", lambda value: read_systems(Path(value))),
        ("certificate_proxies", networks_of),
    )
    for name, check in checks:
        if given.get(name) and (fault := _fault_of(check, given[name])):
            yield f"{prefix}{name.upper()} {fault}"
    if given.get("fhir_packages") and (fault := packages_fault(given["fhir_packages"])):
        yield f"{prefix}FHIR_PACKAGES {fault}"
    if given.get("record_systems") and not given.get("base_url") and not demo:
        yield f"{prefix}BASE_URL must be set where {prefix}RECORD_SYSTEMS is"
    for name in ("signing_keys", "base_url"):
        if given.get("apps") and not given.get(name) and not demo:
            yield f"{prefix}{name.upper()} must be set where {prefix}APPS is"


def revocation_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Every fault of the lists of revoked certificates."""
    folder, authorities = given.get("crl_folder", ""), given.get("crl_authorities", "")
    if not (folder or authorities):
        return
    try:
        read_revocations(folder, authorities, int)
    except RevocationFault as fault:
        yield f"{prefix}CRL_FOLDER and {prefix}CRL_AUTHORITIES: {fault}"


def files_of(value: str) -> tuple[Path, ...]:
    """The files of a list with commas between them."""
    return tuple(Path(each.strip()) for each in value.split(",") if each.strip())


def networks_of(value: str) -> tuple[str, ...]:
    """The networks of a list with commas between them; ``ValueError`` where one is none."""
    return tuple(str(ip_network(each.strip())) for each in value.split(",") if each.strip())


def _fault_of(check: Callable[[str], object], value: str) -> str:
    try:
        check(value)
    except (AppsFault, SigningFault, IssuersFault, SystemsFault) as fault:
        return str(fault)
    except ValueError:
        return "must be networks as 10.0.0.0/8, with commas between them"
    return ""
