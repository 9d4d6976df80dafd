"""What the parties of a synthetic patient hand in: plans, contact notes, own goals and appointments, as care values."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from patientoverblik.care import (
    Activity,
    Appointment,
    AppointmentSector,
    Coding,
    Concept,
    Condition,
    Contact,
    Goal,
    Intervention,
    InterventionKind,
    Measurement,
    Party,
    Place,
    Plan,
    PlanKind,
    PlanStatus,
    Responsibility,
    moment_of,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.identifiers import item_id
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Delivery, Head, Items, Writer, first, next_version
from patientoverblik.demo.synthetic import ChronicCondition, Synthetic
from patientoverblik.demo.writing import (
    ICPC,
    at,
    below,
    between,
    coding,
    concept,
    measurement,
    part,
    person,
    quantity,
    target,
    unit,
)

PROFESSIONS = {
    "general-practice": coding(SKS, "APFA", "Læge"),
    "hospital": coding(SKS, "APFA", "Læge"),
    "prevention": coding(SKS, "APFB", "Fysioterapeut"),
    "home-nursing": coding(SKS, "APBA", "Sygeplejerske"),
    "psychiatry": coding(SKS, "APBA", "Sygeplejerske"),
}
WISHES = (
    "Kunne lege med mine børnebørn",
    "Gå en tur hver dag",
    "Komme tilbage til min have",
    "Sove hele natten",
    "Holde fast i mit arbejde",
    "Tage med på ferie til sommer",
)
What = tuple[str, InterventionKind, str]
BODIES = {"copd", "heart"}


def told(who: Synthetic) -> Iterator[Delivery]:
    """Every document of a synthetic patient: twenty for one who has all four conditions."""
    yield from _general_practice(who)
    yield from _municipality(who)
    if any(one.key in BODIES for one in who.conditions):
        yield from _hospital(who)
    if any(one.key == "depression" for one in who.conditions):
        yield from _psychiatry(who)
    yield from _citizen(who)


def _general_practice(who: Synthetic) -> Iterator[Delivery]:
    begun = who.seen - timedelta(days=364)
    plan = _plan_document(
        who,
        "pathway-plan",
        "general-practice",
        begun,
        {
            "conditions": tuple(_condition(who, one, begun) for one in who.conditions),
            "goals": tuple(_goal(who, one) for one in who.conditions),
            "interventions": tuple(act for one in who.conditions for act in _acts(who, one)),
            "measurements": _measured(who, begun, 0),
        },
    )
    half = next_version(
        plan, step="", at=_text(who.seen - timedelta(days=182)), items={"measurements": _measured(who, begun, 1)}
    )
    newest = next_version(half, step="", at=_text(who.seen), items={"measurements": _measured(who, begun, 2)})
    yield from (plan, half, newest, _note(who))
    yield _appointment(who, "general-practice", "general-practice", "Kontrol", who.seen + timedelta(days=91))
    yield _appointment(who, "general-practice", "general-practice", "Blodprøve", who.seen + timedelta(days=84))


def _municipality(who: Synthetic) -> Iterator[Delivery]:
    begun = who.seen - timedelta(days=120)
    acts = tuple(
        _act(who, (f"{one.key} act", "training", one.act), one, "prevention", realises=f"{one.key} referral")
        for one in who.conditions
    )
    course = _plan_document(who, "municipal-plan", "prevention", begun, {"interventions": acts})
    ended = {who.story.id(f"{one.key} act"): {"activity": "completed"} for one in who.conditions[:1]}
    yield course
    yield next_version(course, step="", at=_text(who.seen - timedelta(days=30)), changes=ended)
    nursing = (_act(who, ("nursing", "care", "Hjælp til medicin"), who.conditions[0], "home-nursing"),)
    yield _plan_document(who, "nursing-plan", "home-nursing", begun + timedelta(days=7), {"interventions": nursing})
    for week in range(4):
        start = who.seen + timedelta(days=7 * week + 3, hours=4)
        yield _appointment(who, "prevention", "municipality", "Holdtræning", start, series="training")


def _hospital(who: Synthetic) -> Iterator[Delivery]:
    begun = who.seen - timedelta(days=60)
    one = next(one for one in who.conditions if one.key in BODIES)
    treated = (
        _act(who, ("treatment", "treatment", "Behandling under indlæggelse"), one, "hospital", activity="completed"),
    )
    followed = (_act(who, ("follow-up", "follow-up", "Kontrol i ambulatoriet"), one, "hospital"),)
    yield _plan_document(who, "treatment-plan", "hospital", begun, {"interventions": treated}, status="completed")
    yield _plan_document(who, "follow-up-plan", "hospital", begun + timedelta(days=4), {"interventions": followed})
    yield _appointment(who, "hospital", "region", "Kontrol i ambulatoriet", who.seen + timedelta(days=45, hours=2))


def _psychiatry(who: Synthetic) -> Iterator[Delivery]:
    begun = who.seen - timedelta(days=90)
    one = next(one for one in who.conditions if one.key == "depression")
    acts = (
        _act(who, ("talks", "agreement", "Samtale hver anden uge"), one, "psychiatry"),
        _act(
            who, ("early sign", "early-sign-response", "Ring til ambulatoriet ved søvnløse nætter"), one, "psychiatry"
        ),
    )
    yield _plan_document(who, "coordinating-action-plan", "psychiatry", begun, {"interventions": acts})
    yield _appointment(who, "psychiatry", "region", "Samtale", who.seen + timedelta(days=12, hours=3))


def _citizen(who: Synthetic) -> Iterator[Delivery]:
    begun = who.seen - timedelta(days=200)
    wish = _wish(who, "first wish", who.chosen("first wish", WISHES[:3]))
    own = _plan_document(who, "patient-goals", "citizen", begun, {"goals": (wish,)})
    other = _wish(who, "second wish", who.chosen("second wish", WISHES[3:]))
    yield own
    yield next_version(own, step="", at=_text(who.seen - timedelta(days=10)), items={"goals": (other,)})


KINDS: dict[PlanKind, tuple[str, str]] = {
    "pathway-plan": ("cpd-2.0.0", "Forløbsplan"),
    "municipal-plan": ("cpd-2.0.0", "Forebyggelsesforløb"),
    "nursing-plan": ("cpd-2.0.0", "Sygeplejeplan"),
    "treatment-plan": ("cpd-2.0.0", "Behandlingsplan"),
    "follow-up-plan": ("cpd-2.0.0", "Opfølgningsplan"),
    "coordinating-action-plan": ("koordinerende-indsatsplan", "Koordinerende indsatsplan"),
    "patient-goals": ("egne-maal", "Det er vigtigt for mig"),
}


def _plan_document(
    who: Synthetic, kind: PlanKind, by: str, begun: datetime, items: Items, status: PlanStatus = "active"
) -> Delivery:
    profile, title = KINDS[kind]
    period = between(_text(begun))
    charge = Responsibility(organisation=organisation(by), period=period, commitment="accepted")
    plan = Plan(
        ids=who.story.ids(f"{kind} plan"),
        kind=kind,
        title=title,
        status=status,
        period=period,
        responsible=organisation(by),
        labels=tuple(coding(SKS, one.label, one.label_text) for one in who.conditions)
        if kind == "pathway-plan"
        else (),
        responsibilities=() if by == "citizen" else (charge,),
    )
    head = Head(
        step="", name=kind, profile=profile, title=title, at=_text(begun), writer=_writer(who, by), period=period
    )
    return first(who.story, head, plan, items)


def _writer(who: Synthetic, by: str) -> Writer:
    return Writer(party=_speaker(who, by), by=by)


def _speaker(who: Synthetic, by: str) -> Party:
    return who.herself if by == "citizen" else person("Testperson", "Fagtest", profession=PROFESSIONS[by], of=by)


def _condition(who: Synthetic, one: ChronicCondition, since: datetime) -> Condition:
    return Condition(
        ids=who.story.ids(one.key),
        words=one.words,
        code=concept(coding(ICPC, one.icpc, one.words), coding(SKS, one.sks, one.words)),
        role="main",
        clinical_status="active",
        verification="confirmed",
        onset=between(_day(since - timedelta(days=who.between(f"{one.key} since", 200, 4000)))),
        recorded=at(_day(since)),
    )


def _goal(who: Synthetic, one: ChronicCondition) -> Goal:
    due = _day(who.seen + timedelta(days=who.between(f"{one.key} due", -60, 180)))
    return Goal(
        ids=who.story.ids(f"{one.key} goal"),
        kind="professional",
        words=one.goal,
        lifecycle="active",
        expressed_by=_speaker(who, "general-practice"),
        due=at(due),
        targets=(target(_measure(one), below(one.limit, one.unit), due),),
        addresses=who.story.ids(one.key),
    )


def _acts(who: Synthetic, one: ChronicCondition) -> Iterator[Intervention]:
    yield _act(who, (f"{one.key} treatment", "medicine", one.treatment), one, "general-practice")
    yield _act(who, (f"{one.key} referral", "referral", one.act), one, "prevention", activity="not-started")


def _act(
    who: Synthetic,
    what: What,
    one: ChronicCondition,
    by: str,
    *,
    activity: Activity = "in-progress",
    realises: str = "",
) -> Intervention:
    short, kind, words = what
    return Intervention(
        ids=who.story.ids(short),
        kind=kind,
        words=words,
        intent="plan",
        activity=activity,
        period=between(_day(who.seen - timedelta(days=200))),
        requested_of=organisation(by) if kind == "referral" else None,
        responsible=None if kind == "referral" else organisation(by),
        performers=() if kind == "referral" else (part("performer", unit(by)),),
        reasons=who.story.ids(one.key),
        realises=who.story.ids(realises) if realises else (),
    )


def _measured(who: Synthetic, begun: datetime, visit: int) -> tuple[Measurement, ...]:
    time = _text(begun + timedelta(days=182 * visit))
    return tuple(
        measurement(
            who.story.id(f"{one.key} {visit}"),
            _measure(one),
            quantity(str(who.between(f"{one.key} {visit}", one.low, one.high)), one.unit),
            time,
        )
        for one in who.conditions
    )


def _measure(one: ChronicCondition) -> Coding:
    return coding(one.system, one.measure, one.measure_text)


def _note(who: Synthetic) -> Delivery:
    period = between(_text(who.seen), _text(who.seen + timedelta(minutes=20)))
    contact = Contact(
        ids=who.story.ids("contact"),
        words="Kontrol hos egen læge",
        status="completed",
        setting="ambulatory",
        period=period,
        organisation=organisation("general-practice"),
    )
    head = Head(
        step="",
        name="contact note",
        profile="kontaktnotat",
        title="Kontaktnotat",
        at=_text(who.seen + timedelta(minutes=20)),
        writer=_writer(who, "general-practice"),
        period=period,
    )
    return first(who.story, head, items={"contacts": (contact,)})


def _wish(who: Synthetic, short: str, words: str) -> Goal:
    return Goal(ids=who.story.ids(short), kind="patient", words=words, lifecycle="active", expressed_by=who.herself)


def _appointment(
    who: Synthetic, by: str, sector: AppointmentSector, reason: str, start: datetime, *, series: str = ""
) -> Delivery:
    short = f"{by} {reason} {start.date()}"
    where, period = organisation(by), between(_text(start), _text(start + timedelta(minutes=30)))
    booked = Appointment(
        ids=who.story.ids(short),
        status="booked",
        sector=sector,
        period=period,
        reason=Concept(text=reason),
        place_of=Place(ids=where.ids, name=where.name, addresses=where.addresses, telecoms=where.telecoms),
        performers=(part("performer", unit(by)),),
        series=item_id(who.story.name, series, "series") if series else None,
        responsible=where,
    )
    head = Head(
        step="",
        name=short,
        profile="apd-2.0.1",
        title=f"Aftale for {who.story.patient.ids[0].value}",
        at=_text(who.seen + timedelta(minutes=25)),
        writer=Writer(party=unit(by), by=by),
        period=period,
        in_set=False,
    )
    return first(who.story, head, items={"appointments": (booked,)})


def _text(moment: datetime) -> str:
    return moment_of(moment).text


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
