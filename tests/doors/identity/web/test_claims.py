"""The claims file: read whole with every fault told at once, and claims turned into somebody, whole or not at all."""

import re
import tomllib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, OrganisationRef, Principal
from patientoverblik.app.settings import Settings
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.web import ANSWER_PATH, LOGOUT_PATH
from patientoverblik.edges.identity.web.actors import identified
from patientoverblik.edges.identity.web.claims import TABLES, ClaimsMap, load_claims
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import PatientId
from tests.conftest import PROJECT
from tests.doors.identity.web.provider import CLAIMS, DOCTOR, NANCY

MORE = """
[national_role]
claim = ["rettigheder", "roller"]
accepted = ["SundAssistR2", "PlejeAssR3"]
scope = ["rettigheder", "omfang"]
within = "https://data.example/cvr"

[on_behalf_of]
id = "for_id"
name = "for_navn"
role = "for_rolle"
authorisation = "for_autorisation"

[team]
claim = ["arbejde", "afdeling"]
system = "sor"

[[organisation]]
claim = "https://data.example/cvr"
system = "cvr"
name = "org_name"
sor = { "29190925" = "325421000016001" }
"""
RULES = load_claims(CLAIMS + MORE)
assert isinstance(RULES, ClaimsMap)
ROLE = "urn:dk:healthcare:national-federation-role:"
SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:"


def who(claims: dict[str, Any], rules: Any = RULES) -> Identified | Unidentified:
    return identified(rules, claims, "https://login.example", 99)


def actor(claims: dict[str, Any], rules: Any = RULES) -> Actor:
    found = who(claims, rules)
    assert isinstance(found, Identified), found
    return found.actor


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in DOCTOR.items() if name not in names}


def test_a_professional_whole():
    assert who(DOCTOR) == Identified(
        Actor(
            "professional",
            "https://login.example#bruger-1",
            "Anna Læge",
            "Læge",
            OrganisationRef("1.2.208.176.1.1", "990001000016001", "Lægehuset Testparken"),
            authorisation="ABC12",
        ),
        until=99,
        own=PatientId("1.2.208.176.1.2", "2512489996"),
        issuer="https://login.example",
    )


def test_a_citizen_has_a_number_and_nothing_of_a_professional():
    found = who({**NANCY, "role": "Læge", "sor": "1", "authorisation": "x"})
    assert isinstance(found, Identified)
    assert found.actor == Actor("citizen", "https://login.example#bruger-2", "Nancy", "Borger")
    assert found.own == PatientId("1.2.208.176.1.2", "2512489996")


def test_a_professionals_team_is_told_beside_the_organisation():
    found = actor({**DOCTOR, "arbejde": {"afdeling": "440"}})
    assert found.team == OrganisationRef("1.2.208.176.1.1", "440")
    assert msgspec.structs.replace(found, team=None) == actor(DOCTOR)
    assert actor({**NANCY, "arbejde": {"afdeling": "440"}}).team is None


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        (without("sub"), "identity.claim-missing"),
        (without("name"), "identity.claim-missing"),
        (without("role"), "identity.claim-missing"),
        (without("kind"), "identity.unknown-kind"),
        ({**DOCTOR, "kind": "direktør"}, "identity.unknown-kind"),
        ({**DOCTOR, "kind": ""}, "identity.unknown-kind"),
        ({**DOCTOR, "kind": ["borger", "sundhedsfaglig"]}, "identity.unknown-kind"),
        (without("sor"), "identity.unknown-organisation"),
        ({**without("sor"), "https://data.example/cvr": "00000000"}, "identity.unknown-organisation"),
        ({**DOCTOR, "name": "  "}, "identity.claim-missing"),
        ({**DOCTOR, "name": "Anna\nLæge"}, "identity.claim-missing"),
        ({**DOCTOR, "name": "A" * 500}, "identity.claim-missing"),
        ({**DOCTOR, "cpr": "251248-9996"}, "identity.bad-person-number"),
        ({**DOCTOR, "cpr": "٢٥١٢٤٨٩٩٩٦"}, "identity.bad-person-number"),
        ({name: value for name, value in NANCY.items() if name != "cpr"}, "identity.claim-missing"),
        ({**NANCY, "cpr": 2512489996}, "identity.claim-missing"),
    ],
)
def test_what_must_be_there_and_is_not_makes_nobody(claims, code):
    assert who(claims) == Unidentified(code)


def test_a_list_of_one_is_the_one():
    assert actor({**DOCTOR, "role": ["Læge"]}).role == "Læge"


def test_a_company_is_an_organisation_by_the_files_table():
    found = actor({**without("sor"), "https://data.example/cvr": "29190925"})
    assert found.organisation == OrganisationRef("1.2.208.176.1.1", "325421000016001", "Lægehuset Testparken")


@pytest.mark.parametrize(
    ("rights", "cvr", "role"),
    [
        ({"roller": [f"{ROLE}PlejeAssR3"], "omfang": f"{SCOPE}29190925"}, "29190925", "PlejeAssR3"),
        ({"roller": f"{ROLE}SundAssistR2", "omfang": "29190925"}, "29190925", "SundAssistR2"),
        ({"roller": [f"{ROLE}PlejeAssR3"], "omfang": f"{SCOPE}11111111"}, "29190925", ""),
        ({"roller": [f"{ROLE}PlejeAssR3"]}, "29190925", ""),
        ({"roller": [f"{ROLE}Andet"], "omfang": f"{SCOPE}29190925"}, "29190925", ""),
        ({"roller": {"a": 1}, "omfang": f"{SCOPE}29190925"}, "29190925", ""),
        ({"roller": [f"{ROLE}PlejeAssR3"], "omfang": ""}, "", ""),
    ],
)
def test_a_national_role_counts_only_within_its_scope(rights, cvr, role):
    assert actor({**DOCTOR, "rettigheder": rights, "https://data.example/cvr": cvr}).national_role == role


def test_an_assistant_works_for_somebody_named():
    given = {"for_id": "laege-9", "for_navn": "Bo", "for_rolle": "Læge", "for_autorisation": "XYZ"}
    assert actor({**DOCTOR, **given}).principal == Principal("https://login.example#laege-9", "Bo", "Læge", "XYZ")
    assert actor({**DOCTOR, "for_navn": "Bo"}).principal is None


def test_an_officer_has_a_role_and_an_organisation_but_no_care():
    rules = load_claims(CLAIMS.replace('citizen = ["borger"]', 'officer = ["ansvarlig"]') + MORE)
    given = {**DOCTOR, "kind": "ansvarlig", "role": "Databeskyttelse", "for_id": "laege-9"}
    found = actor(given, rules)
    assert (found.kind, found.role, found.organisation.value) == ("officer", "Databeskyttelse", DOCTOR["sor"])
    assert (found.authorisation, found.principal) == ("", None)


def test_where_a_provider_knows_one_kind_of_people_no_claim_says_so():
    rules = load_claims(CLAIMS.replace('claim = "kind"', 'always = "professional"', 1))
    assert actor(without("kind"), rules).kind == "professional"


VALUES = st.sampled_from([*DOCTOR.values(), "borger", "", None, True, 7, "\n", "A" * 500])
NESTED = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.sampled_from(["roller", "omfang"]), VALUES)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*DOCTOR, "for_id", "rettigheder"], NESTED)))
@settings(max_examples=150)
def test_whatever_the_claims_hold_somebody_is_whole_or_nobody(claims):
    found = who(claims)
    if isinstance(found, Unidentified):
        assert found.code.startswith("identity.")
        return
    assert found.actor.id
    assert found.actor.name
    if found.actor.kind == "professional":
        assert found.actor.organisation is not None
        assert found.actor.role
    else:
        assert found.own is not None


# The file


def test_the_claims_file_of_the_manual_loads_and_has_every_table():
    page = (PROJECT / "docs" / "identity.md").read_text(encoding="utf-8")
    sample = re.search(r"### The claims file\n.*?^```toml\n(.*?)^```$", page, re.M | re.S)[1]
    found = load_claims(sample)
    assert isinstance(found, ClaimsMap), found
    assert set(tomllib.loads(sample)) == set(TABLES)
    assert found.national_role is not None
    assert found.on_behalf_of is not None


def test_every_setting_and_code_the_manual_names_is_one():
    page = (PROJECT / "docs" / "identity.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`PATIENTOVERBLIK_(\w+)`", page))
    assert {name.lower() for name in named} <= set(Settings.__struct_fields__)
    assert {name for name in Settings.__struct_fields__ if name.startswith("login_") and name != "login_secret"} <= {
        name.lower() for name in named
    }
    assert set(re.findall(r"`(identity\.[\w-]+)`", page)) <= set(CATALOGUE)
    assert all(path in page for path in (ANSWER_PATH, LOGOUT_PATH))


def faults(text: str) -> list[tuple[str, str, int]]:
    found = load_claims(text)
    return [] if isinstance(found, ClaimsMap) else [(one.code.partition(".")[2], one.place, one.line) for one in found]


def test_every_fault_is_told_at_once_with_its_key_and_line():
    text = """[kind]
claim = 7
professional = ["a"]
hovsa = 1

[person]
name = ""

[[organisation]]
claim = "x"

[[organisation]]
claim = "y"
system = "cpr"

[ukendt]
"""
    assert faults(text) == [
        ("claims-value", "kind.claim", 2),
        ("claims-unknown", "kind.hovsa", 4),
        ("claims-value", "person.name", 7),
        ("claims-missing", "organisation.0.system", 9),
        ("claims-value", "organisation.1.system", 14),
        ("claims-unknown", "ukendt", 16),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [("claims-missing", "kind", 0)]),
        ("[kind]\n", [("claims-missing", "kind.claim", 1)]),
        ('[kind]\nclaim = "x"\n', [("claims-missing", "kind.claim", 2)]),
        ('[kind]\nclaim = "x"\ncitizen = ["a"]\n', [("claims-missing", "person.cpr", 0)]),
        ('[kind]\nclaim = "x"\nprofessional = ["a"]\n', [("claims-missing", "organisation", 0)]),
        (
            '[kind]\nclaim = "x"\nofficer = ["a"]\nrelative = ["a"]\n[person]\ncpr = "c"\n',
            [("claims-value", "kind", 1)],
        ),
        ("kind = 7\n", [("claims-value", "kind", 0)]),
        ("[kind]\nclaim = \n", [("claims-syntax", "", 2)]),
        (CLAIMS.replace('role = "role"\n', ""), [("claims-missing", "professional.role", 10)]),
    ],
)
def test_a_file_that_cannot_work_is_not_read(text, told):
    assert faults(text) == told


def test_a_fault_holds_no_value_of_the_file():
    found = load_claims('[kind]\nclaim = ["hemmelig", 7]\n')
    assert "hemmelig" not in str(msgspec.to_builtins(found))
