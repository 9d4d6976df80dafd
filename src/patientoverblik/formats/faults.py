"""What is wrong with a profile's folder: every fault at once, each at its file and line."""

import msgspec


class ProfileFault(msgspec.Struct, frozen=True):
    """One fault of a profile: file, line (from 1), and what is wrong."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        """``file:line: text``."""
        return f"{self.file}:{self.line}: {self.text}"


class ProfileFaults(ValueError):  # noqa: N818
    """A profile that cannot be used, with every fault of it."""

    def __init__(self, faults: list[ProfileFault]) -> None:
        """Keep the faults, in the order they were found."""
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
