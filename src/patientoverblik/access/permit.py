"""The permit: a decision that says yes, and how far it reaches.

A permit cannot be made, copied into another or changed by whoever holds it: the class has no constructor, and
:func:`grant` is called by :mod:`patientoverblik.access.decide` alone (a test holds that).
"""

from typing import Any, NoReturn, final

import msgspec

from patientoverblik.access.model import Actor, Block, FollowUpKind, Outcome, Override, Part, Purpose
from patientoverblik.access.units import Units


class Terms(msgspec.Struct, frozen=True):
    """What a permit says, before it is one; times are milliseconds UTC."""

    patient: int
    actor: Actor
    on_behalf_of: int
    purpose: Purpose
    rule: str
    code: str
    scope: frozenset[Part]
    blocks: tuple[Block, ...]
    may_read_withheld: bool
    valid_until: int
    asked_again_at: int
    consents: tuple[Block, ...] = ()
    outcome: Outcome = "positive"
    override: Override | None = None
    follow_ups: tuple[FollowUpKind, ...] = ()
    dead: bool = False
    hides_home: bool = False
    hides_relatives: bool = False
    own_blocks: bool = False
    unblockable: frozenset[str] = frozenset()
    units: Units = {}
    at: int = 0


@final
class Permit:
    """Yes to one actor, for one patient and purpose, until ``valid_until`` (milliseconds UTC, exclusive).

    A page asks anew at ``asked_again_at``, which tells nothing of what others have made.

    ``on_behalf_of`` is the patient key a relative acts for, else 0; ``rule`` and ``code`` name the row that decided and
    the problem-catalogue text of its reason; ``scope`` the parts that may be read (empty: nothing may); ``blocks`` the
    blocks in force against this actor; ``may_read_withheld`` whether facts hidden from other readers may be read too
    (DESIGN 12).

    ``consents`` lift blocks, document by document, and ``unblockable`` are the types no block reaches; ``outcome``
    is what blocks and consents come to for the actor, ``own_blocks`` whether the actor is the citizen and has one.
    ``override`` has set the blocks aside; ``follow_ups`` are what somebody must account for. ``dead``: the patient is.
    ``hides_home``: the patient's name and address are hidden from the actor; ``hides_relatives``: so are those of the
    people around them. ``units`` is the organisation tree the blocks are read with. ``at`` is when it was decided.
    """

    __slots__ = Terms.__struct_fields__

    patient: int
    actor: Actor
    on_behalf_of: int
    purpose: Purpose
    rule: str
    code: str
    scope: frozenset[Part]
    blocks: tuple[Block, ...]
    may_read_withheld: bool
    valid_until: int
    asked_again_at: int
    consents: tuple[Block, ...]
    outcome: Outcome
    override: Override | None
    follow_ups: tuple[FollowUpKind, ...]
    dead: bool
    hides_home: bool
    hides_relatives: bool
    own_blocks: bool
    unblockable: frozenset[str]
    units: Units
    at: int

    def __init__(self, *_: object, **__: object) -> None:
        """Refuse: there is no public constructor."""
        raise TypeError("only access.decide makes a permit")

    def __init_subclass__(cls, **_: object) -> NoReturn:
        """Refuse: a subclass could have a constructor."""
        raise TypeError("a permit has no other kinds")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        """Refuse: a permit is frozen."""
        raise AttributeError("a permit does not change")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: a permit is frozen."""
        raise AttributeError("a permit does not change")

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or pickled."""
        raise TypeError("a permit is not stored or sent")

    def holds(self, at: int) -> bool:
        """Whether the permit still stands at ``at`` (milliseconds UTC)."""
        return at < self.valid_until


_SETTERS = tuple(getattr(Permit, name).__set__ for name in Terms.__struct_fields__)


def grant(terms: Terms) -> Permit:
    """Make the permit of a decision."""
    permit = object.__new__(Permit)
    for put, value in zip(_SETTERS, msgspec.structs.astuple(terms), strict=True):
        put(permit, value)
    return permit
