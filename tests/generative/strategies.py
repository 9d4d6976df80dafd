"""Random contributions: what a party might say, within what a document can carry (see ``compose/lost.py`` for the rest).

Use ``care_plans()``, ``contact_notes()`` or ``appointments()``; each gives a ``Contribution`` whose places are empty.
Every CPR number is made with day + 60, so that it is nobody's.
"""

from datetime import date, datetime

import msgspec
from hypothesis import strategies as st

from patientoverblik.care import (
    Address,
    Appointment,
    Bound,
    Coding,
    Concept,
    Condition,
    Contact,
    Contribution,
    DocumentFacts,
    Evaluation,
    Goal,
    Identifier,
    Intervention,
    Measurement,
    Organisation,
    Participation,
    Party,
    Passage,
    Patient,
    Period,
    PersonName,
    Place,
    Plan,
    Quantity,
    Range,
    Relative,
    Responsibility,
    Target,
    Telecom,
    Text,
    Unknown,
    parse_moment,
)
from patientoverblik.formats.cda.compose import header

SOR, CPR, UUIDS = "1.2.208.176.1.1", "1.2.208.176.1.2", "1.2.208.184"
SYSTEMS = ("1.2.208.176.2.4", "1.2.208.176.2.31", "2.16.840.1.113883.6.96")
LETTERS = "abcdefghijklmnopqrstuvwxyzæøåABCÆØÅ0123456789 .,:;/()%<>&\"'-"

words = (
    st.text(alphabet=LETTERS, min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(map(str.isalnum, text)))
)
maybe_words = st.one_of(st.just(""), words)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
maybe_lines = st.one_of(st.just(""), lines)
digits = st.integers(-999, 9999).flatmap(lambda whole: st.sampled_from([f"{whole}", f"{whole}.0", f"{whole}.50"]))
REASONS = ("no-information", "not-applicable", "unknown", "masked", "asked-unknown", "not-asked", "other")
unknowns = st.sampled_from(REASONS).map(lambda reason: Unknown(reason=reason))


@st.composite
def moments(draw):
    """A moment of any precision, with or without zone; never midnight UTC, which documents use for a date."""
    when = draw(st.datetimes(min_value=datetime(1930, 1, 1), max_value=datetime(2090, 1, 1)))
    shape = draw(
        st.sampled_from(
            ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"]
        )
    )
    zone = draw(st.sampled_from(["+01:00", "+02:00", ""])) if "H" in shape else ""
    return parse_moment(when.strftime(shape) + zone)


@st.composite
def periods(draw):
    """A period with at least one end, and never a point, which is written another way."""
    start, end = draw(st.one_of(st.none(), moments())), draw(st.one_of(st.none(), moments()))
    return Period(start=start, end=end)


identifiers = st.one_of(
    st.builds(Identifier, system=st.just(UUIDS), value=st.uuids().map(str), authority=st.just("MedCom")),
    st.builds(Identifier, system=st.just("1.2.208.176.7.1"), value=st.uuids().map(str), authority=maybe_words),
)
ids = st.lists(identifiers, max_size=2, unique=True).map(tuple)
links = ids
codings = st.builds(
    Coding,
    system=st.sampled_from(SYSTEMS),
    code=st.from_regex(r"X[A-Z]{2}[0-9]{2}", fullmatch=True),
    display=maybe_words,
    system_name=maybe_words,
)
concepts = st.one_of(
    st.builds(Concept, codings=st.lists(codings, min_size=1, max_size=2, unique=True).map(tuple), text=maybe_words),
    st.builds(Concept, text=words),
)
quantities = st.builds(Quantity, value=digits, unit=st.sampled_from(["", "mmol/mol", "kg", "%"]))
bounds = st.builds(Bound, value=digits, inclusive=st.booleans())
ranges = st.builds(Range, low=st.one_of(st.none(), bounds), high=bounds, unit=st.sampled_from(["", "mmHg", "mmol/L"]))
amounts = st.one_of(quantities, ranges, concepts, st.builds(Text, words=words), unknowns)
names = st.one_of(
    st.builds(
        PersonName,
        prefix=st.lists(words, max_size=1).map(tuple),
        given=st.lists(words, min_size=1, max_size=2).map(tuple),
        family=st.lists(words, max_size=1).map(tuple),
    ),
    st.builds(PersonName, text=words),
)
addresses = st.builds(
    Address,
    use=st.sampled_from(["", "H", "WP", "TMP"]),
    lines=st.lists(words, min_size=1, max_size=2).map(tuple),
    postal_code=maybe_words,
    city=maybe_words,
    country=maybe_words,
)
telecoms = st.builds(
    Telecom, value=st.from_regex(r"tel:[0-9]{8}", fullmatch=True), use=st.sampled_from(["", "H", "WP", "MC"])
)


def few(strategy, most=1):
    """A tuple of at most ``most`` values."""
    return st.lists(strategy, max_size=most).map(tuple)


organisations = st.builds(
    Organisation,
    ids=st.lists(
        st.builds(Identifier, system=st.just(SOR), value=st.integers(10**14, 10**15).map(str)), min_size=1, max_size=1
    ).map(tuple),
    name=words,
    addresses=few(addresses),
    telecoms=few(telecoms),
)
maybe = st.one_of
persons = st.builds(
    Party,
    kind=st.sampled_from(["professional", "patient", "relative"]),
    ids=ids,
    name=names,
    profession=maybe(st.none(), codings),
    organisation=maybe(st.none(), organisations),
    addresses=few(addresses),
    telecoms=few(telecoms),
)
coded_professionals = st.builds(Party, kind=st.just("professional"), name=names, code=codings)
bodies = st.builds(Party, kind=st.just("organisation"), ids=ids, organisation=organisations)
parties = maybe(persons, coded_professionals, bodies)
speakers = maybe(
    st.builds(Party, kind=st.just("patient"), name=maybe(st.none(), names)),
    st.builds(Party, kind=st.just("relative"), name=names, code=maybe(st.none(), codings), telecoms=few(telecoms)),
    st.builds(Party, kind=st.just("professional"), name=names, organisation=maybe(st.none(), organisations)),
    unknowns,
)
authors = st.builds(
    Participation, role=st.sampled_from(["author", "documenter"]), party=parties, time=maybe(st.none(), moments())
)
ROLES = (
    "performer",
    "coordinator",
    "lead",
    "responsible-physician",
    "team-member",
    "contact-point",
    "responsible",
    "other",
)
performers = maybe(
    st.builds(Participation, role=st.sampled_from(ROLES), party=parties, time=maybe(st.none(), moments())),
    st.builds(Participation, role=st.sampled_from(ROLES), party=parties, period=periods()),
)
sections = words
item = {
    "ids": ids,
    "words": maybe_lines,
    "section": sections,
    "documented_by": few(authors),
    "note": maybe_words,
}

conditions = st.builds(
    Condition,
    **item,
    code=maybe(concepts, unknowns),
    role=st.sampled_from(["main", "secondary", "risk", "function", "other"]),
    clinical_status=maybe(st.sampled_from(["active", "improving", "worsened", "inactive", "resolved"]), unknowns),
    verification=maybe(st.sampled_from(["suspected", "confirmed", "refuted", "entered-in-error"]), unknowns),
    laterality=maybe(st.none(), concepts),
    severity=maybe(st.none(), concepts),
    onset=maybe(st.none(), periods()),
    recorded=maybe(st.none(), moments()),
)
ACHIEVEMENTS = st.sampled_from(["in-progress", "improving", "worsening", "achieved", "sustained", "not-achieved"])
targets = st.builds(Target, measure=maybe(concepts, unknowns), amount=amounts, due=maybe(st.none(), moments()))
evaluations = st.builds(
    Evaluation,
    time=maybe(moments(), unknowns),
    achievement=maybe(ACHIEVEMENTS, unknowns),
    words=maybe_lines,
    by=maybe(st.none(), parties),
)


@st.composite
def goals(draw):
    """A goal; now and then its first target measures what its code says."""
    goal = draw(
        st.builds(
            Goal,
            **item,
            kind=st.sampled_from(["patient", "objective", "professional", "sub-goal", "expected-state"]),
            code=maybe(st.none(), concepts),
            lifecycle=maybe(
                st.sampled_from(["proposed", "active", "on-hold", "completed", "cancelled", "entered-in-error"]),
                unknowns,
            ),
            achievement=maybe(st.none(), ACHIEVEMENTS),
            period=maybe(st.none(), periods()),
            due=maybe(st.none(), moments()),
            expressed_by=speakers,
            targets=few(targets, 2),
            importance=maybe_words,
            horizon=st.sampled_from([None, "short", "long"]),
            evaluations=few(evaluations, 2),
            addresses=links,
            supports=links,
            part_of=links,
            helpers=few(performers),
        )
    )
    if goal.code is None or draw(st.booleans()):
        return goal
    own = Target(measure=goal.code, amount=draw(maybe(quantities, ranges)))
    return msgspec.structs.replace(goal, targets=(own, *goal.targets))


acts = st.builds(
    Intervention,
    **item,
    kind=st.sampled_from(
        [
            "investigation",
            "treatment",
            "care",
            "training",
            "follow-up",
            "coordination",
            "advice",
            "medicine",
            "self-care",
            "referral",
            "service",
            "agreement",
            "early-sign-response",
            "other",
        ]
    ),
    code=maybe(st.none(), concepts),
    intent=maybe(st.sampled_from(["proposal", "plan", "order"]), unknowns),
    authorisation=maybe(st.sampled_from(["proposed", "granted", "declined", "revoked", "ended"]), unknowns),
    activity=maybe(
        st.sampled_from(
            [
                "not-started",
                "scheduled",
                "in-progress",
                "on-hold",
                "completed",
                "cancelled",
                "stopped",
                "entered-in-error",
            ]
        ),
        unknowns,
    ),
    status_reason=maybe_words,
    instruction=maybe_words,
    period=maybe(st.none(), periods()),
    start_by=maybe(st.none(), moments()),
    repetition=maybe_words,
    next_due=maybe(st.none(), moments()),
    performers=few(performers, 2),
    responsible=maybe(st.none(), organisations),
    requested_of=maybe(st.none(), organisations),
    reasons=links,
    goals=links,
    realises=links,
    replaces=links,
)
contacts = st.builds(
    Contact,
    **item,
    status=maybe(st.sampled_from(["planned", "in-progress", "completed", "cancelled", "entered-in-error"]), unknowns),
    setting=st.sampled_from(["inpatient", "ambulatory", "home", "virtual", "emergency", "other"]),
    code=maybe(st.none(), concepts),
    period=maybe(st.none(), periods()),
    organisation=maybe(st.none(), organisations),
    performers=few(performers),
    appointment=links,
)


@st.composite
def measurements(draw):
    """A result; its group is the section it stands in."""
    found = draw(
        st.builds(
            Measurement,
            **item,
            code=maybe(concepts, unknowns),
            amount=amounts,
            time=maybe(moments(), unknowns),
            measured_by=st.sampled_from(["professional", "patient", "device", "unknown"]),
            status=st.sampled_from(["", "completed", "active"]),
            method=few(codings),
        )
    )
    return msgspec.structs.replace(found, group=found.section)


@st.composite
def cprs(draw):
    """A CPR number of nobody: the day of birth plus 60."""
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(1999, 12, 31)))
    return f"{born.day + 60:02}{born.strftime('%m%y')}{draw(st.integers(0, 9999)):04}", born


@st.composite
def patients(draw):
    """A patient with a CPR number of nobody."""
    cpr, born = draw(cprs())
    return Patient(
        ids=(Identifier(system=CPR, value=cpr, authority="CPR"),),
        name=draw(names),
        gender=draw(st.sampled_from(["F", "M", "UN"])),
        birth=parse_moment(born.isoformat()),
        addresses=draw(few(addresses)),
        telecoms=draw(few(telecoms)),
        general_practice=draw(maybe(st.none(), organisations)),
    )


CARE_PLAN, APPOINTMENT = (
    Coding(system=wire.system, code=wire.code, display=wire.display, system_name=wire.system_name)
    for wire in (header.CARE_PLAN, header.APPOINTMENT)
)
documents = st.builds(
    DocumentFacts,
    id=identifiers,
    title=words,
    created=moments(),
    series=maybe(st.none(), identifiers),
    version=maybe(st.none(), st.integers(1, 99)),
    replaces=few(identifiers, 2),
    authors=st.lists(authors, min_size=1, max_size=2).map(tuple),
    custodian=organisations,
    recipients=few(st.builds(Participation, role=st.just("recipient"), party=bodies)),
    code=st.just(CARE_PLAN),
    language=st.just("da-DK"),
    confidentiality=st.just(Coding(system="2.16.840.1.113883.5.25", code="N")),
    period=maybe(st.none(), periods()),
    labels=few(codings),
    episodes=ids,
    legal_authenticator=maybe(
        st.none(),
        st.builds(Participation, role=st.just("responsible"), party=persons, time=maybe(st.none(), moments())),
    ),
)
responsibilities = st.builds(
    Responsibility,
    organisation=organisations,
    party=st.none(),
    period=periods(),
    commitment=maybe(st.sampled_from(["requested", "accepted", "declined", "started", "ended"]), unknowns),
    covers=links,
    words=maybe_lines,
)
relatives = st.builds(
    Relative, name=names, relation=maybe(st.none(), concepts), telecoms=few(telecoms), addresses=few(addresses)
)
noted_relatives = st.builds(Relative, name=names, telecoms=few(telecoms), note=lines, entered=maybe(st.none(), authors))
passages = st.builds(Passage, title=maybe_words, code=maybe(st.none(), codings), words=lines)
PLAN_KINDS = (
    "pathway-plan",
    "rehabilitation-plan",
    "treatment-plan",
    "follow-up-plan",
    "municipal-plan",
    "nursing-plan",
    "coordinating-action-plan",
    "crisis-plan",
    "patient-goals",
    "other",
)


@st.composite
def plans(draw, facts):
    """A plan; its title and whose it is are the document's."""
    consent = draw(maybe(st.none(), codings))
    return draw(
        st.builds(
            Plan,
            ids=st.lists(identifiers, min_size=1, max_size=2, unique=True).map(tuple),
            words=maybe_lines,
            documented_by=few(authors),
            note=maybe_words,
            kind=st.sampled_from(PLAN_KINDS),
            title=st.just(facts.title),
            status=maybe(
                st.sampled_from(["draft", "active", "on-hold", "revoked", "completed", "entered-in-error"]), unknowns
            ),
            period=st.just(facts.period),
            review=maybe(st.none(), moments()),
            responsible=st.just(facts.custodian),
            labels=few(codings).map(lambda more: (*facts.labels, *more) if facts.labels else ()),
            participants=few(performers, 2),
            responsibilities=few(responsibilities, 2),
            consent=st.just(consent),
            consent_status=st.just("completed" if consent is not None else ""),
        )
    )


@st.composite
def care_plans(draw, profile="cpd-2.0.0"):
    """What a care plan document contributes."""
    facts = msgspec.structs.replace(draw(documents), profile=profile)
    return Contribution(
        document=facts,
        patient=draw(patients()),
        plan=draw(plans(facts)),
        conditions=draw(few(conditions, 2)),
        goals=draw(few(goals(), 3)),
        interventions=draw(few(acts, 3)),
        measurements=draw(few(measurements(), 3)),
        contacts=draw(few(contacts, 2)),
        relatives=draw(maybe(few(relatives, 2), few(noted_relatives, 2))),
        passages=draw(few(passages, 2)),
    )


@st.composite
def contact_notes(draw, profile="kontaktnotat"):
    """Contacts, conditions and interventions outside any plan."""
    whole = draw(care_plans(profile))
    facts = msgspec.structs.replace(whole.document, example_profile=True)
    return msgspec.structs.replace(whole, plan=None, document=facts)


@st.composite
def appointments(draw, profile="apd-2.0.1"):
    """What an appointment document contributes."""
    facts = msgspec.structs.replace(draw(documents), profile=profile)
    asked = draw(st.booleans())
    if asked:
        asker = Participation(role="requester", party=draw(persons), time=draw(maybe(st.none(), moments())))
        facts = msgspec.structs.replace(facts, authors=(*facts.authors, asker))
    visit = draw(
        st.builds(
            Appointment,
            ids=ids,
            words=maybe_lines,
            section=sections,
            note=maybe_words,
            status=maybe(st.sampled_from(["booked", "completed", "cancelled", "entered-in-error"]), st.just(Unknown())),
            sector=st.sampled_from(["municipality", "region", "general-practice", "other"]),
            period=periods().filter(lambda found: found.start or found.end),
            reason=maybe(st.none(), concepts),
            place_of=maybe(
                st.none(),
                st.builds(
                    Place, ids=ids, name=words, addresses=few(addresses), telecoms=few(telecoms), at_home=st.booleans()
                ),
            ),
            performers=few(performers),
            guiding_time=st.booleans(),
            series=maybe(st.none(), identifiers),
            episodes=ids,
            interventions=links,
        )
    )
    visit = msgspec.structs.replace(
        visit,
        requester=facts.authors[-1] if asked else None,
        responsible=facts.authors[0].party.organisation,
    )
    patient = draw(patients())
    facts = msgspec.structs.replace(
        facts,
        period=visit.period,
        episodes=visit.episodes,
        title=f"Aftale for {patient.ids[0].value}",
        code=APPOINTMENT,
        recipients=(),
        legal_authenticator=None,
    )
    return Contribution(document=facts, patient=patient, appointments=(visit,))
