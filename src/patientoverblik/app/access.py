"""How access is configured: one TOML file with the organisation tree, roles, types that cannot be blocked, and periods.

Everything in it may be left out; what is left out is as the tables of the access room have it (docs/access.md).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from patientoverblik.access import NationalRole, Part, Policy, TypeRule
from patientoverblik.care import Address, Identifier, Organisation, Telecom, parse_moment
from patientoverblik.service import House

MINUTE = 60 * 1000
DAY = 24 * 60 * MINUTE
DEFAULT = Policy()


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation and the one above it; ``above_system`` is the OID of the latter where it is another. ``name`` is
    what its people call it: it stands where a worklist is narrowed to one unit."""

    system: str
    value: str
    above: str
    above_system: str = ""
    name: str = ""


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A national role: the parts it reaches, and whether some evidence of a relation must be there."""

    role: str
    parts: frozenset[Part]
    relation: Literal["any", "none"] = "any"


class Type(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """Whether documents of a type can be blocked, from a day until a day (ISO 8601; left out = open)."""

    code: str
    blockable: bool
    start: str = ""
    until: str = ""


class Keeper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The organisation that keeps what citizens write: its identifier, name, telephone and address, which the norm
    wants of an author (DK CDA Header)."""

    system: str
    value: str
    name: str
    phone: str
    street: str
    postal_code: str
    city: str


class AccessFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file; tables that are given replace those of the access room."""

    unit: tuple[Unit, ...] = ()
    national_role: tuple[Role, ...] | None = None
    type: tuple[Type, ...] | None = None
    replay_roles: frozenset[str] = DEFAULT.replay_roles
    days_after_death: int = DEFAULT.after_death // DAY
    own_words: Keeper | None = None
    block_notice: Literal["generic", "none"] = "generic"
    override_minutes: int = 60
    follow_up_days: int = 14


def with_access(house: House, path: str) -> House:
    """The house as the file configures its access; the same house where there is none."""
    if not path:
        return house
    told = _read(path)
    return msgspec.structs.replace(
        house,
        policy=policy_of(told),
        block_notice=told.block_notice,
        override_lasts=told.override_minutes * MINUTE,
        follow_up_within=told.follow_up_days * DAY,
        keeps_own_words=None if told.own_words is None else _keeper(told.own_words),
    )


def access_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """What is wrong with the file, without a word of what stands in it."""
    if given.get("access_file"):
        try:
            policy_of(_read(given["access_file"]))
        except OSError:
            yield f"{prefix}ACCESS_FILE cannot be read"
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError):
            yield f"{prefix}ACCESS_FILE is not as docs/access.md says"


def policy_of(told: AccessFile) -> Policy:
    """The configuration of access that a file gives; ``ValueError`` for a day that is none."""
    return Policy(
        units={(one.system, one.value): (one.above_system or one.system, one.above) for one in told.unit},
        unit_names={(one.system, one.value): one.name for one in told.unit if one.name},
        national_roles=_roles(told.national_role),
        types=DEFAULT.types if told.type is None else tuple(map(_type, told.type)),
        replay_roles=told.replay_roles,
        after_death=told.days_after_death * DAY,
    )


def _keeper(told: Keeper) -> Organisation:
    address = Address(use="WP", lines=(told.street,), postal_code=told.postal_code, city=told.city, country="Danmark")
    return Organisation(
        ids=(Identifier(system=told.system, value=told.value),),
        name=told.name,
        addresses=(address,),
        telecoms=(Telecom(value=f"tel:{told.phone}", use="WP"),),
    )


def _read(path: str) -> AccessFile:
    return msgspec.toml.decode(Path(path).read_bytes(), type=AccessFile)


def _roles(roles: tuple[Role, ...] | None) -> Mapping[str, NationalRole]:
    if roles is None:
        return DEFAULT.national_roles
    return {one.role: NationalRole(one.role, one.parts, one.relation) for one in roles}


def _type(one: Type) -> TypeRule:
    start, until = (parse_moment(day).earliest if day else 0 for day in (one.start, one.until))
    return TypeRule(one.code, start, until, one.blockable)
