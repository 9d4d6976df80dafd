"""Contributions already decoded, kept by immutable content: the document's hash and the stamp of what read it."""

from patientoverblik.care import Contribution


class Recent(dict[tuple[str, str], Contribution]):
    """The newest ``room`` contributions; the oldest leaves first. What it answers never depends on who asks."""

    def __init__(self, room: int) -> None:
        """Make room for ``room`` contributions."""
        super().__init__()
        self.room = room

    def __setitem__(self, key: tuple[str, str], value: Contribution) -> None:
        """Keep one, and let the oldest go if there is no room."""
        super().__setitem__(key, value)
        if len(self) > self.room:
            self.pop(next(iter(self)), None)
