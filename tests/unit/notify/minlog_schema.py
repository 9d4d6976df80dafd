"""MinLog2's ``Destination`` written down again from the schema's table (nsp.md §4): name, least, most, limit, sources."""

NAMESPACE = "http://www.sundhedsdatastyrelsen.dk/minlog/xml.schema/2025/03/12/minlog2-registration.xsd"
MANY = 99
ROWS = (
    ("SystemName", 1, 1, 25, ()),
    ("Activity", 1, 1, 75, ()),
    ("Reason", 0, 1, 50, ()),
    ("Addition", 0, 1, 50, ()),
    ("Criticality", 0, 1, 50, ()),
    ("DateTime", 1, 1, 30, ()),
    ("OrganisationId", 0, 1, 200, ("SOR", "YDER", "CVR", "EuropeanHealthcareOrganisation")),
    ("OrganisationName", 0, 1, 200, ()),
    ("PersonIdentifier", 1, 1, 50, ("CPR", "eCPR")),
    ("PersonName", 0, 1, 50, ()),
    ("CorrelationId", 0, 1, 46, ()),
    ("SequenceNumber", 0, 1, 36, ()),
    ("UserPersonIdentifier", 1, 1, 50, ("CPR", "Autorisation", "EuropeanHealthcareProfessional")),
    ("UserPersonName", 0, 1, 50, ()),
    ("UserRole", 0, 1, 200, ()),
    ("OnBehalfOfPersonIdentifier", 0, 1, 50, ("CPR", "Autorisation")),
    ("OnBehalfOfPersonName", 0, 1, 50, ()),
    ("OnBehalfOfUserRole", 0, 1, 200, ()),
    ("Filter", 0, MANY, 50, ()),
)


def faults(root) -> list[str]:
    """What is wrong with a RegistrationRequest."""
    found = [] if root.tag == f"{{{NAMESPACE}}}RegistrationRequest" else ["root"]
    entries = list(root)
    if not 1 <= len(entries) <= 500 or any(entry.tag != "LogDataEntry" for entry in entries):
        found.append("entries")
    for entry in entries:
        (destination,) = entry
        found += _destination(destination) if destination.tag == "Destination" else ["destination"]
    return found


def _destination(destination) -> list[str]:
    names = [each.tag for each in destination]
    order = [row[0] for row in ROWS]
    found = [] if names == sorted(names, key=order.index) else ["order"]
    for name, least, most, limit, sources in ROWS:
        these = [each for each in destination if each.tag == name]
        if not least <= len(these) <= most:
            found.append(f"{name} stands {len(these)} times")
        for each in these:
            if not 1 <= len(each.text or "") <= limit:
                found.append(f"{name} is {len(each.text or '')} long")
            if (dict(each.attrib) != {} and each.get("source") not in sources) or bool(sources) != bool(each.attrib):
                found.append(f"{name} has source {each.get('source')}")
    return found
