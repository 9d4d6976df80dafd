"""Which form an answer is wanted in, and which a body came in (FHIR R4 http.html §mime-type)."""

from collections.abc import Iterator
from typing import Literal

Form = Literal["json", "xml"]
JSON, XML = "application/fhir+json", "application/fhir+xml"
TYPES: dict[Form, str] = {"json": f"{JSON}; charset=utf-8", "xml": f"{XML}; charset=utf-8"}
FORM = "application/x-www-form-urlencoded"
SAID: dict[str, Form] = {
    JSON: "json",
    "application/json": "json",
    "text/json": "json",
    "json": "json",
    "application/json+fhir": "json",
    XML: "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "xml": "xml",
    "application/xml+fhir": "xml",
    "*/*": "json",
    "application/*": "json",
    "text/*": "json",
    "": "json",
}


def wanted(accept: str, asked: str) -> Form | None:
    """The form of the answer: what ``_format`` asks for, else the best of ``Accept``; None where it is neither of
    ours."""
    if asked:
        return SAID.get(asked.partition(";")[0].strip().lower().replace(" ", "+"))
    return next((SAID[kind] for kind in preferred(accept) if kind in SAID), None)


def preferred(accept: str) -> tuple[str, ...]:
    """The media types of an ``Accept`` header, best first, without their parameters; those refused (q=0) are left
    out."""
    ranked = sorted(_weighed(accept), key=lambda pair: -pair[1])
    return tuple(kind for kind, weight in ranked if weight > 0) if accept.strip() else ("*/*",)


def _weighed(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        said = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
        yield kind, float(said) if said.replace(".", "", 1).isdigit() else 0.0


def sent_as(content_type: str) -> Form | Literal["form"] | None:
    """The form of a body by its ``Content-Type``; None where it is none of those taken."""
    kind = content_type.partition(";")[0].strip().lower()
    return "form" if kind == FORM else SAID.get(kind) if "/" in kind and "*" not in kind else None
