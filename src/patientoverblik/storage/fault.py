"""What a caller is told when a storage cannot do what was asked: a problem code, never the database's own words."""

from patientoverblik.problems import Fault


class StorageFault(Fault):
    """A storage fault; a door that does not know storages catches :class:`patientoverblik.problems.Fault`."""


class Raced(StorageFault):
    """Somebody else was first to change what an act was about to change; the act may be done anew and see it."""
