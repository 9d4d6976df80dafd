"""Where a line comes from, in words a reader can follow: document, author, organisation and time."""

from patientoverblik.care import Contribution, Identifier, Moment, Organisation, Participation, Party, PersonName
from patientoverblik.overview.facts import Origin, organisation_key
from patientoverblik.overview.model import Attribution, LineValue
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.title import plain_title

_WROTE = frozenset({"forfatter", "medforfatter", "author", "co-author"})


def origin_of(entry: DocumentEntry, care: Contribution) -> Origin:
    """What every line of the document shares."""
    author = care.document.authors[0] if care.document.authors else None
    key = _organisation_of(entry, care)
    created = care.document.created
    said = created.earliest if isinstance(created, Moment) else entry.created
    return Origin(
        entry=entry.uuid,
        organisation=key,
        series=series_of(entry, care),
        version=entry.series_version or care.document.version or 0,
        said=said,
        attribution=Attribution(
            entry=entry.uuid,
            unique_id=entry.unique_id,
            content=entry.content,
            place="",
            organisation=_organisation_name(entry, care, author),
            author=person_text(author.party.name) if author else "",
            role=function_text(author.party) if author else "",
            at=said or entry.registered,
            updated_text=created.text if isinstance(created, Moment) else "",
            profile=care.document.profile or entry.profile,
            example_profile=care.document.example_profile,
            document_title=plain_title(care.document.title or entry.title),
            source=entry.source,
        ),
    )


def attributed(origin: Origin, value: LineValue, place: str) -> Attribution:
    """The document's attribution narrowed to one item: its place, section, and whoever documented it, where it says
    so."""
    whole = origin.attribution
    by = _documenter(value)
    organisation, author, role, at, updated = whole.organisation, whole.author, whole.role, whole.at, whole.updated_text
    if by is not None:
        party, time = by.party, by.time
        organisation = (party.organisation.name if party.organisation else "") or organisation
        author, role = person_text(party.name), function_text(party)
        if time is not None:
            at, updated = time.earliest, time.text
    return Attribution(
        whole.entry,
        whole.unique_id,
        whole.content,
        place,
        organisation,
        author,
        role,
        at,
        updated,
        getattr(value, "section", "") or getattr(value, "title", ""),
        whole.profile,
        whole.example_profile,
        whole.document_title,
        whole.source,
    )


def series_of(entry: DocumentEntry, care: Contribution | None) -> str:
    """The key of the set a document is a version of, or empty."""
    if entry.series or care is None or care.document.series is None:
        return entry.series
    return identifier_text(care.document.series)


def identifier_text(identifier: Identifier) -> str:
    """An identifier as one text, its system by its plain name."""
    return f"{identifier.system.removeprefix('urn:oid:')}^{identifier.value}"


def person_text(name: PersonName | None) -> str:
    """A person's name as one text."""
    if name is None:
        return ""
    return name.text or " ".join((*name.prefix, *name.given, *name.family))


def function_text(party: Party) -> str:
    """A person's profession, else function, in the document's words; empty where it states none but that they wrote
    it."""
    for coding in (party.profession, party.code):
        if coding is not None and coding.display and coding.display.casefold() not in _WROTE:
            return coding.display
    return ""


def owner_of(entry: DocumentEntry) -> str:
    """The key of the organisation that wrote an entry, from its metadata alone; empty where they do not say."""
    named = next((author.organisation for author in entry.authors if author.organisation), entry.custodian)
    return f"{named.system}|{named.value}" if named else ""


def _documenter(value: LineValue) -> Participation | None:
    documented = getattr(value, "documented_by", ())
    if documented:
        return documented[-1]  # type: ignore[no-any-return]
    return getattr(value, "entered", None) or getattr(value, "source", None)


def _organisation_of(entry: DocumentEntry, care: Contribution) -> str:
    stated = owner_of(entry)
    if stated:
        return stated
    spoken = [author.party.organisation for author in care.document.authors] + [care.document.custodian]
    found: Organisation | None = next((each for each in spoken if each is not None), None)
    return organisation_key(found) or f"entry:{entry.uuid}"


def _organisation_name(entry: DocumentEntry, care: Contribution, author: Participation | None) -> str:
    spoken = author.party.organisation.name if author and author.party.organisation else ""
    listed = next((each.organisation.name for each in entry.authors if each.organisation), "")
    custodian = care.document.custodian.name if care.document.custodian else ""
    return spoken or listed or custodian or (entry.custodian.name if entry.custodian else "")
