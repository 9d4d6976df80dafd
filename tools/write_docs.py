"""Write ``docs/reference`` anew from the code: model, problems, profiles, views, commands and settings.

The same code gives the same pages, on any machine and day; ``tests/docs/test_reference.py`` holds the kept pages to it.
"""

import csv
import sys
import types
import typing
from argparse import Action, ArgumentParser, _SubParsersAction
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from patientoverblik import care
from patientoverblik.app.settings import PREFIX, Settings
from patientoverblik.care import Value, class_term, field_terms
from patientoverblik.edges.cli.arguments import parser
from patientoverblik.formats.cda.engine.compiled import Profile
from patientoverblik.formats.cda.engine.model import CLASSES, field_types
from patientoverblik.formats.cda.engine.places import Condition, Constant, Place, Step
from patientoverblik.formats.cda.engine.profile import Line, Shape, Source
from patientoverblik.formats.cda.registry import HERE, loaded, rows
from patientoverblik.overview import View, load_view
from patientoverblik.overview.view import SectionProfile, view_names
from patientoverblik.problems import CATALOGUE, Problem

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code. Do not edit: change the code and write it anew. -->"
ROOT = "/h:ClinicalDocument"


# Markdown


def page(title: str, about: str, parts: Iterable[str]) -> str:
    """A whole page."""
    return "\n\n".join([NOTE, f"# {title}", about, *parts]) + "\n"


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table; cells may hold anything."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def cell(text: str) -> str:
    """A text that cannot leave its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """A text as code; nothing where there is none."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    """Several texts as code, parted by commas."""
    return ", ".join(code(text) for text in texts)


# Model


def model_page() -> str:
    """Every class of the domain model with its fields."""
    about = (
        "Every class and field of `patientoverblik.care`: its Danish and English term, what it means, and where "
        "the term comes from. The words are carried by the model itself (`class_term`, `field_terms`). Values are "
        "frozen."
    )
    return page("The domain model", about, map(class_part, care_classes()))


def care_classes() -> tuple[type[Value], ...]:
    """The published classes, by name."""
    found = (getattr(care, name) for name in sorted(care.__all__))
    return tuple(one for one in found if isinstance(one, type) and issubclass(one, Value) and one is not Value)


def class_part(of: type[Value]) -> str:
    """One class."""
    term = class_term(of)
    hints = get_type_hints(of)
    body = (
        (code(name), word.da, word.en, word.meaning, type_text(hints[name]), word.source)
        for name, word in field_terms(of).items()
    )
    told = f"**{term.da}** · {term.en} · {term.meaning}. Source: {term.source}."
    return f"## {of.__name__}\n\n{told}\n\n" + table(("Field", "Dansk", "English", "Meaning", "Type", "Source"), body)


def type_text(hint: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return type_text(inner[0])
    if origin is Literal:
        return "one of " + codes(map(str, inner))
    if origin is tuple:
        return f"list of {type_text(inner[0])}"
    if origin in (Union, types.UnionType):
        return " or ".join("nothing" if one is type(None) else type_text(one) for one in inner)
    return code(getattr(hint, "__name__", str(hint)))


# Problems


def problems_page() -> str:
    """The problem catalogue."""
    about = (
        "Every fault the service can tell of. A finding is a code, a place and a line; the texts stand here and "
        "nowhere else. `{about}` is filled with a word of the norm, never with a patient's value. XDS: error code "
        "(IHE ITI TF-3); FHIR: issue type (R4); HTTP: status where the fault is the answer. A fault with status "
        "200 never stops a delivery."
    )
    rooms = sorted({one.partition(".")[0] for one in CATALOGUE})
    return page("The problem catalogue", about, map(problems_part, rooms))


def problems_part(room: str) -> str:
    """The problems of one table."""
    found = (one for name, one in sorted(CATALOGUE.items()) if name.partition(".")[0] == room)
    head = ("Code", "Severity", "Dansk", "English", "XDS", "FHIR", "HTTP")
    return f"## {room}\n\n" + table(head, map(problem_row, found))


def problem_row(one: Problem) -> tuple[str, ...]:
    """One problem."""
    return code(one.code), one.severity, one.da, one.en, one.xds, one.fhir, str(one.http)


# Profiles


def profiles_page() -> str:
    """The profiles there are, how each is recognised, and what codes mean."""
    about = (
        "A profile is a folder of data in `src/patientoverblik/formats/cda/profiles`; each has a page with every "
        "field and its place. How to add one: [add-a-profile.md](../add-a-profile.md). An *example profile* is "
        "this project's own, made where no national one exists."
    )
    return page("Profiles", about, (heads_part(), recognised_part(), *meaning_parts(), constructs_part()))


def heads_part() -> str:
    """What each profile says of itself."""
    head = ("Profile", "Title", "National or example", "Template", "Code", "Format code", "Parts", "Written")
    return "## The profiles\n\n" + table(head, (head_row(one) for _, one in sorted(loaded().items())))


def head_row(one: Profile) -> tuple[str, ...]:
    """One profile."""
    said = one.head
    name = f"[`{said.id}`](profiles/{said.id}.md)"
    kind = "example profile" if said.example else "national"
    written = "yes" if said.writes else "read only"
    return (
        name,
        said.title,
        kind,
        code(said.template),
        code(said.code),
        code(said.format_code),
        codes(said.parts),
        written,
    )


def recognised_part() -> str:
    """How the profile of a document is found."""
    about = (
        "The first row that fits decides. `*` is anything; empty is absence. The marker is the extension of the id "
        "of the version event (`documentationOf/serviceEvent`), read in lower case."
    )
    body = ((code(one.template), code(one.extension), code(one.marker), code(one.profile)) for one in rows())
    head = ("templateId root", "templateId extension", "Version marker", "Profile")
    return f"## How a profile is recognised\n\n{about}\n\n" + table(head, body)


def meaning_parts() -> Iterator[str]:
    """The tables of meaning, which all profiles share."""
    yield (
        "## What codes mean\n\nTables in `src/patientoverblik/formats/cda/meaning`, one row per code with its "
        "source; the first row of a value is the one that is written."
    )
    for path in sorted((HERE / "meaning").glob("*.csv")):
        yield csv_part(f"### {path.stem}", path)


def csv_part(heading: str, path: Path) -> str:
    """A table of facts as it stands."""
    head, *body = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return f"{heading}\n\n" + table(head, body)


def constructs_part() -> str:
    """The codes of the project's own code system."""
    return csv_part(
        "## Codes of our own\n\nHow they are used: [cda-constructs.md](../cda-constructs.md).", HERE / "constructs.csv"
    )


class Mapped(NamedTuple):
    """One field of a profile: where it is in the record, where it stands in a document, and what it is there."""

    field: str
    xpath: str
    kind: str


def profile_page(one: Profile) -> str:
    """One profile: its mapping, and what it declares lost."""
    said = one.head
    own = "**Eksempelprofil**: this project's own; no national profile exists. " if said.example else ""
    about = (
        f"{own}Profile `{said.id}`. Every field of the record and its place in a document (prefixes `h` "
        "urn:hl7-org:v3 and `sdtc`). `[]` is a field that holds many. Where a group of fields has been listed "
        "before, the row refers to it. What no row claims and is no constant is a loss that the receipt lists."
    )
    parts = (f"## Fields\n\n{fields_table(one.source)}", constants_part(one.source), *losses_parts(one.source))
    return page(said.title, about, parts)


def fields_table(source: Source) -> str:
    """The flat table of a profile."""
    body = ((code(one.field), code(one.xpath), one.kind) for one in mapped(source))
    return table(("Field", "Place", "Holds"), body)


def mapped(source: Source) -> Iterator[Mapped]:
    """Every field of a profile's record, from the root down."""
    root = source.shapes[source.head.root]
    yield from below(source, root, "", ROOT, {root.name: "the document"})


def below(source: Source, shape: Shape, path: str, xpath: str, seen: dict[str, str]) -> Iterator[Mapped]:
    """The fields of a shape, and those of the shapes in it that have not been told yet."""
    for line in shape.lines:
        if line.field:
            yield from of_line(source, shape, line, f"{path}{line.field}", xpath, seen)


def of_line(source: Source, shape: Shape, line: Line, path: str, xpath: str, seen: dict[str, str]) -> Iterator[Mapped]:
    """One field, and what is in it."""
    known = field_types(CLASSES[shape.of])[line.field]
    kind = line.place.kind or known.kind
    name, at = path + "[]" * known.many, f"{xpath}/{place_text(line.place)}"
    inner = source.shapes.get(kind)
    if inner is None:
        yield Mapped(name, at, "text" if kind in ("str", "line", "words") else kind)
        return
    at += marks_text(inner)
    if inner.name in seen:
        yield Mapped(name, at, f"{inner.of}, as at {code(seen[inner.name])}")
        return
    seen[inner.name] = name
    yield Mapped(name, at, inner.of)
    yield from below(source, inner, f"{name}.", at, seen)


def place_text(place: Place) -> str:
    """A place as XPath."""
    steps = [step_text(step) for step in place.steps]
    return "/".join([*steps, f"@{place.attribute}"] if place.attribute else steps)


def step_text(step: Step) -> str:
    """One step as XPath."""
    names = [prefixed(name) for name in step.names]
    either = names[0] if len(names) == 1 else f"*[{' or '.join(f'self::{name}' for name in names)}]"
    return either + "".join(f"[{condition_text(one)}]" for one in step.conditions)


def prefixed(name: str) -> str:
    """A name with its prefix."""
    return name if ":" in name else f"h:{name}"


def condition_text(condition: Condition) -> str:
    """A condition as XPath."""
    attribute = "/".join([*map(prefixed, condition.path), f"@{condition.attribute}"])
    return " or ".join(f"{attribute}='{value}'" for value in condition.values)


def marks_text(shape: Shape) -> str:
    """How a shape's element is recognised, as XPath."""
    marks = [" and ".join(condition_text(one) for one in mark.conditions) for mark in shape.marks if mark.conditions]
    return f"[{' or '.join(marks)}]" if marks else ""


def constants_part(source: Source) -> str:
    """What always stands in a shape's elements."""
    about = (
        "What these elements always hold. It is written as the first value and read as any of them; a value after "
        "`~` is read with the warning `cda.constant-tolerated`."
    )
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name, where, text in constants(source):
        found[name, where].add(text)
    body = [(code(name), code(where), ", ".join(sorted(texts))) for (name, where), texts in sorted(found.items())]
    return f"## Constants\n\n{about}\n\n" + table(("Shape", "Element", "Constants"), body)


def constants(source: Source) -> Iterator[tuple[str, str, str]]:
    """(Shape, element, constants) of every step that has any."""
    for name, shape in source.shapes.items():
        for line in shape.lines:
            where = ""
            for step in line.place.steps:
                where = "/".join(part for part in (where, "|".join(step.names)) if part)
                yield from ((name, where or ".", constant_text(one)) for one in step.constants)


def constant_text(constant: Constant) -> str:
    """A constant with the values it may have."""
    kept = "|".join(constant.values)
    return code("~".join([f"{constant.attribute}={kept}", *constant.warned]))


def losses_parts(source: Source) -> Iterator[str]:
    """What the profile declares that it has no place for."""
    found = sorted((name, field, why) for name, shape in source.shapes.items() for field, why in shape.lost.items())
    body = [(code(f"{name}.{field}"), why) for name, field, why in found]
    yield "## Declared losses\n\nFields of the record that this profile has no place for.\n\n" + (
        table(("Field", "Reason"), body) if body else "None: every field of the record has a place."
    )
    if not source.head.writes:
        yield "This profile is read and not written."


# Views, commands, settings


def views_page() -> str:
    """What is shown to whom, in which order."""
    about = (
        "A view profile is a file in `src/patientoverblik/overview/views`; it says what a page and the JSON answer "
        "show. A section without a line says its own sentence for *nothing recorded*, never one that looks like "
        "*not retrieved*."
    )
    return page("Views", about, (view_part(load_view(name)) for name in view_names()))


def view_part(view: View) -> str:
    """One view."""
    states = table(
        ("State", "Sentence"), ((code(name), text) for name, text in msgspec.structs.asdict(view.states).items())
    )
    sections = table(
        ("Section", "Heading", "Shows", "Order", "Fields", "Document kinds", "Nothing recorded"),
        map(section_row, view.sections),
    )
    elsewhere = table(
        ("Elsewhere", "Heading", "Where"), ((code(one.id), one.title, one.where) for one in view.elsewhere)
    )
    told = f"Heading: *{view.title}*. Recorded with a look as `{view.stamp}`."
    return f"## {view.name}\n\n{told}\n\n{sections}\n\n{states}\n\n{elsewhere}"


def section_row(one: SectionProfile) -> tuple[str, ...]:
    """One section."""
    shows = codes(one.kinds) or code(one.shows)
    folded = " (folded)" if one.folded else ""
    return (
        code(one.id),
        one.title + folded,
        shows,
        one.order if one.shows == "lines" else "",
        codes(one.fields),
        codes(one.parts),
        one.none,
    )


def commands_page() -> str:
    """The command line."""
    made = parser()
    return page(
        "The command line",
        f"{made.description}\n\n{made.epilog}",
        starmap(command_part, commands(made).items()),
    )


def command_part(name: str, one: ArgumentParser) -> str:
    """One command."""
    shown = (row for action in one._actions if (row := argument_row(action)))
    return f"## {name}\n\n{one.description}\n\n```sh\n{usage(one)}\n```\n\n" + table(("Argument", "Meaning"), shown)


def commands(made: ArgumentParser) -> Mapping[str, ArgumentParser]:
    """The commands by name."""
    found = next(one for one in made._actions if isinstance(one, _SubParsersAction))
    return typing.cast(Mapping[str, ArgumentParser], found.choices)


def usage(made: ArgumentParser) -> str:
    """One line that says how a command is called."""
    shown = sorted((one for one in made._actions if one.dest != "help"), key=lambda one: not one.option_strings)
    return " ".join((made.prog, *map(argument_text, shown)))


def argument_text(action: Action) -> str:
    """An argument as it stands in a usage line."""
    value = argument_value(action)
    if action.option_strings:
        return f"[{' '.join(part for part in (action.option_strings[-1], value) if part)}]"
    several: Mapping[object, str] = {"+": f"{value} [{value} …]", "*": f"[{value} …]", "?": f"[{value}]"}
    return several.get(action.nargs, value)


def argument_value(action: Action) -> str:
    """What an argument's value is called; empty for a switch."""
    if action.nargs == 0:
        return ""
    return "|".join(action.choices) if action.choices else str(action.metavar or action.dest.upper())


def argument_row(action: Action) -> tuple[str, str] | None:
    """An argument and what it means; None for the help itself."""
    if action.dest == "help":
        return None
    names = " ".join(part for part in (", ".join(action.option_strings), argument_value(action)) if part)
    return code(names), action.help or ""


def settings_page() -> str:
    """What differs between installations."""
    about = (
        "Read when the program starts from the environment, and behind it from the TOML file that "
        "`PATIENTOVERBLIK_SETTINGS` names (`docs/operation.md`); an empty value counts as none. All faults are told at "
        "once as `cli.wrong-setting`, by name and never by value."
    )
    head = ("Setting", "Default", "Meaning")
    return page("Settings", about, [table(head, map(setting_row, msgspec.structs.fields(Settings)))])


def setting_row(one: msgspec.structs.FieldInfo) -> tuple[str, ...]:
    """One setting."""
    default = str(one.default).lower() if isinstance(one.default, bool) else str(one.default)
    return code(PREFIX + one.name.upper()), code(default), description(one.type)


def description(hint: Any) -> str:
    """What a setting says of itself; ``LookupError`` if it says nothing."""
    for extra in get_args(hint)[1:]:
        if isinstance(extra, msgspec.Meta) and extra.description:
            return extra.description
    raise LookupError("a setting has no description")


# All pages

SINGLE: Mapping[str, Callable[[], str]] = {
    "model.md": model_page,
    "problems.md": problems_page,
    "profiles.md": profiles_page,
    "views.md": views_page,
    "commands.md": commands_page,
    "settings.md": settings_page,
}


def pages() -> dict[str, str]:
    """Every page by its path under ``docs/reference``."""
    single = {name: made() for name, made in SINGLE.items()}
    return single | {f"profiles/{name}.md": profile_page(one) for name, one in sorted(loaded().items())}


def main() -> int:
    """Write what has changed and take away what is no page any more; the exit code."""
    wanted = {FOLDER / name: text for name, text in pages().items()}
    for path in sorted(set(FOLDER.rglob("*.md")) - set(wanted)):
        path.unlink()
        print(f"gone: {path.relative_to(FOLDER)}")
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(FOLDER)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
