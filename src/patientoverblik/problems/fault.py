"""What is broken: an exception that carries a catalogue code and nothing else."""


class Fault(Exception):  # noqa: N818 - a fault is the word of the field, and what it is stands in its code
    """Something that should work does not. ``code`` is a row of the catalogue; there is no other text and no value."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code
