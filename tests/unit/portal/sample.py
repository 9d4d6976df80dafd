"""A made overview of the storyboard's patient, rich enough to show every part of the pages."""

import msgspec

from patientoverblik.care import (
    Address,
    Appointment,
    Bound,
    CardItem,
    Coding,
    Concept,
    Condition,
    Evaluation,
    Goal,
    Identifier,
    Intervention,
    Measurement,
    Moment,
    Organisation,
    Participation,
    Party,
    Passage,
    Patient,
    Period,
    PersonName,
    Plan,
    Quantity,
    Range,
    Relative,
    Responsibility,
    Target,
    Telecom,
    parse_moment,
)
from patientoverblik.overview import load_view
from patientoverblik.overview.model import (
    Attribution,
    Difference,
    Flag,
    Line,
    MeasurementGroup,
    Overview,
    Person,
    Section,
    SourceState,
    TargetBeside,
    TimelineEvent,
    UnreadDocument,
    Who,
    Wording,
)

CPR = "2512489996"
NOW = parse_moment("2026-11-23T09:14:00+01:00").earliest
GP, MUNICIPALITY, HOSPITAL, EYE = (
    "Lægerne Testvej",
    "Testkommunen, Sundhedscenter",
    "Testsygehus, Lungemedicinsk Afdeling",
    "Øjenlægerne Test",
)
HOSTILE = "<script>alert(1)</script><b onclick='x()'>{{ 7*7 }}</b> & \"citat\""


def moment(text: str) -> Moment:
    return parse_moment(text)


def concept(text: str, *codes: tuple[str, str]) -> Concept:
    return Concept(text=text, codings=tuple(Coding(system=system, code=code) for system, code in codes))


def organisation(name: str, phone: str = "tel:+4500000000") -> Organisation:
    return Organisation(name=name, telecoms=(Telecom(value=phone, use="WP"),) if phone else ())


def source(name: str, written: str, number: int = 1, **changes) -> Attribution:
    fields = {
        "entry": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "unique_id": f"1.2.3^{number}",
        "content": f"{number:064x}",
        "place": f"goal/{number}",
        "organisation": name,
        "author": "Anders Andersen, læge",
        "role": "author",
        "at": parse_moment(written).earliest,
        "updated_text": written,
        "section": "Mål",
        "profile": "cpd-dk-2.0.0",
        "document_title": f"Forløbsplan fra {name}",
        "source": {GP: "gp", MUNICIPALITY: "mun", HOSPITAL: "hosp"}.get(name, ""),
    }
    return Attribution(**{**fields, **changes})


def line(name: str, kind: str, value, attribution: Attribution, **more) -> Line:
    fields = {"phase": "active", "wordings": (Wording(value=value, attribution=attribution),), **more}
    return Line(id=name, kind=kind, **fields)


def lines() -> list[Line]:
    gp, mun = source(GP, "2026-01-12T10:15:00+01:00", 1), source(MUNICIPALITY, "2026-10-31", 2)
    hospital, eye = source(HOSPITAL, "2026-10-30T14:00:00+01:00", 3), source(EYE, "2026-02-10", 4)
    own = source(
        "Patienten selv",
        "2026-01-12",
        5,
        author="Nancy Ann Test Berggren",
        role="patient",
        example_profile=True,
        document_title="Det er vigtigt for mig",
    )
    hba1c = Target(
        measure=concept("HbA1c", ("NPU", "NPU27300")),
        amount=Range(high=Bound(value="58", inclusive=False), unit="mmol/mol"),
    )
    oxygen = Target(measure=concept("SpO2"), amount=Range(low=Bound(value="88"), high=Bound(value="92"), unit="%"))
    return [
        line("H1", "condition", Condition(code=concept("KOL", ("ICPC-2", "R95"), ("SKS", "DJ449")), clinical_status="worsened"), gp, rule="overview.same-code-reviewed",
             wordings=(Wording(value=Condition(code=concept("KOL", ("SKS", "DJ449"))), attribution=gp),
                       Wording(value=Condition(code=concept("Kronisk obstruktiv lungesygdom"), words="KOL, svær grad"), attribution=hospital))),
        line("H2", "condition", Condition(code=concept("Type 2-diabetes", ("ICPC-2", "T90"))), gp),
        line("H3", "condition", Condition(code=concept("Hypertension")), gp),
        line("H5", "condition", Condition(code=concept("Influenza"), verification="suspected"), hospital, phase="ended"),
        line("PM1", "patient-goal", Goal(kind="patient", words="Gå tur med min mand uden at holde pause", importance="meget vigtigt"), own, groups=("H1",)),
        line("PM2", "patient-goal", Goal(kind="patient", words="Beholde synet så jeg kan læse"), own, groups=("H2",)),
        line("PM3", "patient-goal", Goal(kind="patient", words="Blive hjemme og undgå ny indlæggelse"), own),
        line("FM1", "goal", Goal(kind="professional", words="HbA1c under 58 mmol/mol", targets=(hba1c,), due=moment("2026-07-13"),
             evaluations=(Evaluation(time=moment("2026-07"), achievement="not-achieved", words="66"),)), gp, groups=("H2",), earlier=True,
             flags=(Flag("overview.overdue", at=moment("2026-07-13").latest - 1, about="frist"),), plan="P1", related=(("supports", "PM2"),)),
        line("FM2", "goal", Goal(kind="professional", words="Blodtryk under 130/80"), gp, groups=("H3",), plan="P1"),
        line("FM6", "goal", Goal(kind="professional", words="6-min gangtest +30 m", achievement="achieved", due=moment("2026-05-18")), mun, phase="ended", groups=("H1",), related=(("supports", "PM1"),)),
        line("FM7", "goal", Goal(kind="professional", words="SpO2 88-92 %", targets=(oxygen,)), hospital, groups=("H1",)),
        line("I1", "intervention", Intervention(kind="medicine", words="Inhalationsbehandling"), gp, groups=("H1",), plan="P1"),
        line("I5", "intervention", Intervention(kind="referral", words="KOL-rehabilitering i kommunen", requested_of=organisation(MUNICIPALITY)), gp, groups=("H1",), phase="ended", related=(("realised-by", "I9"),)),
        line("I6", "intervention", Intervention(words="Fodterapeut mindst 1 gang årligt", next_due=moment("2027-01-12")), gp, groups=("H2",), plan="P1"),
        line("I7", "intervention", Intervention(words="Daglig gåtur 20 min", kind="self-care", status_reason="Under indlæggelsen"), gp, phase="on-hold", groups=("H1",)),
        line("I9", "intervention", Intervention(words="Holdtræning 2 x ugentligt i 12 uger"), mun, phase="ended", groups=("H1",)),
        line("I20", "intervention", Intervention(words="Hjemmesygepleje 2 x dagligt i 14 dage", authorisation="proposed", start_by=moment("2026-11-06")), hospital, phase="planned", groups=("H1",), flags=(Flag("overview.awaiting-acceptance", about=MUNICIPALITY),), count=28),
        line("M1", "measurement", Measurement(code=concept("HbA1c"), amount=Quantity(value="62", unit="mmol/mol"), time=moment("2026-01-12"), measured_by="professional"), gp, related=()),
        line("M2", "measurement", Measurement(code=concept("LDL"), amount=Quantity(value="2.9", unit="mmol/L"), time=moment("2026-01-12")), gp),
        line("M3", "measurement", Measurement(code=concept("Vægt"), amount=Quantity(value="61.40", unit="kg"), time=moment("2026-11-20T07:05:00+01:00"), measured_by="patient"), own),
        line("AF6", "appointment", Appointment(status="booked", sector="general-practice", period=Period(start=moment("2026-11-24T11:15:00+01:00"), end=moment("2026-11-24T11:30:00+01:00")),
             reason=concept("HEMMELIG ÅRSAG"), words="HEMMELIG ÅRSAG", responsible=organisation(GP)), gp, phase="planned"),
        line("AF7", "appointment", Appointment(status="booked", sector="region", period=Period(start=moment("2026-12-08T10:00:00+01:00"), end=moment("2026-12-08T10:30:00+01:00")), reason=concept("Kontrol lungeambulatorium"), responsible=organisation(HOSPITAL)), hospital, phase="planned"),
        line("AF3", "appointment", Appointment(status="booked", sector="other", period=Period(start=moment("2027-02-09T09:20:00+01:00")), reason=concept("Øjenkontrol"), responsible=organisation(EYE, "")), eye, phase="planned"),
        line("AF8", "appointment", Appointment(status="completed", sector="municipality", period=Period(start=moment("2026-10-25T02:30:00+01:00")), reason=concept("Besøgsserie 2 x dagligt")), mun, phase="ended", count=28),
        line("P1", "plan", Plan(kind="pathway-plan", title="Plan for KOL og type 2-diabetes", status="active", period=Period(start=moment("2026-01-12")), review=moment("2027-01-18"), responsible=organisation(GP)), gp),
        line("P5", "plan", Plan(kind="follow-up-plan", title="Opfølgningsplan", status="active", responsible=organisation(HOSPITAL)), hospital, flags=(Flag("overview.no-responsible"),)),
        line("C3", "card", CardItem(field="insurance-group", origin="register", text="1"), own),
        line("C4", "card", CardItem(field="organ-donor", origin="register", answer="true", changed=moment("2020-05-01")), own),
        line("C5", "card", CardItem(field="living-will", origin="register", answer="false"), own),
        line("C6", "card", CardItem(field="treatment-will", origin="register", answer="not-available"), own),
        line("C1", "card", CardItem(field="language", origin="typed-in", concept=concept("Dansk"), source=Participation(role="author", party=Party(kind="patient", name=PersonName(given=("Nancy",), family=("Berggren",))))), own),
        line("C2", "card", CardItem(field="temporary-address", origin="typed-in", addresses=(Address(lines=("Prøvevej 1",), postal_code="3400", city="Hillerød"),), period=Period(start=moment("2026-10-30"), end=moment("2026-11-13"))), own),
        line("R1", "relative", Relative(name=PersonName(given=("Kirsten", "Test"), family=("Berggren",)), relation=concept("datter"), telecoms=(Telecom(value="tel:00000000"),)), own),
        line("T1", "passage", Passage(title="Aftaler om hjælp", words="Ring til hjemmesygeplejen ved tiltagende åndenød.\nTag planen med til alle besøg."), mun),
    ]  # fmt: skip


def versions(line: Line) -> tuple[Wording, ...]:
    """The line as it is now, the same in the version before, and other words in the first version."""
    now = line.wordings[0]
    before = msgspec.structs.replace(
        now.attribution, entry="urn:uuid:00000000-0000-4000-8000-000000000051", at=now.attribution.at - 86_400_000
    )
    first = msgspec.structs.replace(
        before, entry="urn:uuid:00000000-0000-4000-8000-000000000050", updated_text="2025-11-10"
    )
    said = msgspec.structs.replace(now.value, words="De første ord") if hasattr(now.value, "words") else now.value
    return (now, Wording(now.value, before), Wording(said, first))


def patient() -> Patient:
    return Patient(
        ids=(Identifier(system="1.2.208.176.1.2", value=CPR),),
        name=PersonName(given=("Nancy", "Ann", "Test"), family=("Berggren",)),
        birth=moment("1948-12-25"),
        general_practice=organisation(GP),
    )


def sources() -> tuple[SourceState, ...]:
    return (
        SourceState("gp", GP, "general-practice", "retrieved", at=NOW - 60_000),
        SourceState("mun", "Testkommunen", "municipality", "retrieved", at=NOW - 120_000),
        SourceState("hosp", "Region Test, somatik", "hospital", "retrieved", at=NOW - 60_000),
        SourceState(
            "psy",
            "Region Test, psykiatri",
            "psychiatry",
            "not-retrieved",
            at=NOW - 90_000_000,
            code="service.source-silent",
        ),
        SourceState("other", "Nabokommunen", "municipality", "not-connected"),
    )


def groups() -> tuple[MeasurementGroup, ...]:
    aim = Target(measure=concept("HbA1c"), amount=Range(high=Bound(value="58", inclusive=False), unit="mmol/mol"))
    return (
        MeasurementGroup("NPU27300", "HbA1c", "mmol/mol", ("M1",), "M1", (TargetBeside("FM1", aim),)),
        MeasurementGroup("NPU01568", "LDL", "mmol/L", ("M2",), "M2"),
        MeasurementGroup("weight", "Vægt", "kg", ("M3",), "M3"),
    )


def who() -> tuple[Who, ...]:
    mette = Party(kind="professional", name=PersonName(given=("Mette",), family=("Prøve",)), profession=Coding(system="x", code="x", display="sygeplejerske"), telecoms=(Telecom(value="tel:+4500000000"),))  # fmt: skip
    held = Responsibility(
        organisation=organisation(HOSPITAL),
        period=Period(start=moment("2026-10-30T14:00:00+01:00"), end=moment("2026-11-02T14:00:00+01:00")),
        commitment="accepted",
    )
    return (
        Who(organisation(MUNICIPALITY), ("coordinator",), ("I9",), (Person(mette, ("coordinator",), ("I9",)),), None, source(MUNICIPALITY, "2026-10-31", 2)),
        Who(organisation(HOSPITAL), ("responsible-physician",), (), (), held, source(HOSPITAL, "2026-10-30", 3)),
    )  # fmt: skip


def timeline(found: list[Line]) -> tuple[TimelineEvent, ...]:
    del found
    events = (("2026-01-12T10:15:00+01:00", "plan-start", "P1", "general-practice"), ("2026-10-25T02:30:00+01:00", "appointment", "AF8", "municipality"), ("2026-05-18", "goal-due", "FM6", "municipality"))  # fmt: skip
    return tuple(TimelineEvent(at=moment(text).earliest, text=text, precision=moment(text).precision, kind=kind, line=name, lane=lane) for text, kind, name, lane in sorted(events))  # fmt: skip


def overview(view: str = "professional") -> Overview:
    found = lines()
    ids = {kind: tuple(each.id for each in found if each.kind == kind) for kind in {each.kind for each in found}}
    late = ("next-appointments", "conditions", "goals", "plans")
    shown = {
        "matters": ids["patient-goal"],
        "conditions": ids["condition"],
        "goals": ids["goal"],
        "interventions": ids["intervention"],
        "next-appointments": ("AF6", "AF7", "AF3"),
        "past-appointments": ("AF8",),
        "measurements": ids["measurement"],
        "plans": ids["plan"],
        "contacts": (),
        "card": ids["card"],
        "relatives": ids["relative"],
        "passages": ids["passage"],
    }
    sections = tuple(
        Section(
            profile.id,
            "lines" if profile.parts and shown.get(profile.id, ("x",)) else "none-recorded",
            shown.get(profile.id, ()),
            silent=("psy",) if profile.id in late else (),
            unconnected=("other",) if profile.id == "plans" else (),
        )
        for profile in load_view(view).sections
    )
    return Overview(
        at=NOW,
        view=view,
        patient=patient(),
        sources=sources(),
        sections=sections,
        lines={each.id: each for each in found},
        differences=(
            Difference("overview.overdue", ("FM1",), "frist", moment("2026-07-13").latest - 1),
            Difference("overview.differing-targets", ("FM7", "FM1"), "HbA1c"),
        ),
        who=who(),
        timeline=timeline(found),
        unread=(
            UnreadDocument(
                "urn:uuid:00000000-0000-4000-8000-000000000099", "Kriseplan", "Region Test", NOW, "overview.unreadable"
            ),
        ),
        measurements=groups(),
        filtered=True,
        elsewhere=("medicine", "allergies", "laboratory"),
    )


def large(documents: int = 20) -> Overview:
    """Nancy's overview with four more lines from each of many documents, for measuring."""
    base = overview()
    extra: dict[str, list[str]] = {"goal": [], "intervention": []}
    found = dict(base.lines)
    for number in range(documents * 4):
        kind = "intervention" if number % 2 else "goal"
        value = Intervention(words=f"Indsats {number}", period=Period(start=moment("2026-02-10"))) if number % 2 else Goal(kind="professional", words=f"Mål {number}", due=moment("2027-02-10"))  # fmt: skip
        made = line(f"X{number}", kind, value, source(GP, "2026-02-10T10:15:00+01:00", 10 + number // 4), groups=("H1",) if number % 3 else (), plan="P1")  # fmt: skip
        found[made.id] = made
        extra[kind].append(made.id)
    more = {"goals": tuple(extra["goal"]), "interventions": tuple(extra["intervention"])}
    sections = tuple(
        msgspec.structs.replace(each, lines=each.lines + more.get(each.id, ()), state="lines") for each in base.sections
    )
    return msgspec.structs.replace(base, lines=found, sections=sections)


FREE = {"words", "title", "display", "note", "city", "organisation", "author", "section", "document_title", "status_reason", "importance", "place", "profile", "about", "text", "name", "given"}  # fmt: skip


def hostile(view: str = "professional") -> Overview:
    """The same overview with markup planted in every text a document can bring."""
    return _planted(overview(view))


def _planted(value):
    if isinstance(value, Moment):
        return value
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(
            value, **{name: _field(name, getattr(value, name)) for name in value.__struct_fields__}
        )
    if isinstance(value, dict):
        return {key: _planted(each) for key, each in value.items()}
    return tuple(_planted(each) for each in value) if isinstance(value, tuple) else value


def _field(name: str, value):
    if name in FREE and isinstance(value, str) and value:
        return HOSTILE
    if name in FREE and isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return tuple(HOSTILE for _ in value)
    return _planted(value)
