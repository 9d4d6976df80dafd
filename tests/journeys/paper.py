"""The text of a PDF, as it is compared: without its blanks, since on paper letters are placed one by one."""

from io import BytesIO

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """The text of each page, bare."""
    return [bare(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def bare(text: str) -> str:
    """A text without its blanks."""
    return "".join(text.split())
