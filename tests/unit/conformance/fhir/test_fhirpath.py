"""FHIRPath as invariants use it: each operator and function, and what of nothing is nothing."""

import pytest

from patientoverblik.conformance.fhir.fhirpath import Item, Unsupported, World, compiled, item_of

PATIENT = {
    "resourceType": "Patient",
    "active": True,
    "birthDate": "1948-12-25",
    "_birthDate": {"extension": [{"url": "http://x", "valueCode": "c"}]},
    "name": [{"use": "official", "family": "B", "given": ["N", "A"]}, {"family": "C"}],
    "deceasedBoolean": False,
    "multipleBirthInteger": 2,
    "generalPractitioner": [{"reference": "Organization/o"}],
    "contained": [{"resourceType": "Organization", "id": "o", "name": "O"}],
}


def world():
    whole = item_of(PATIENT)
    organisation = item_of(PATIENT["contained"][0])
    return World(
        whole,
        lambda reference: organisation if reference == "Organization/o" else None,
        lambda url, item: item.value == "official" if url == "known" else None,
        lambda profile, item: item.type == profile,
    )


def found(text):
    return [one.value for one in compiled(text)(world(), (item_of(PATIENT),))]


CASES = [
    ("name.family", ["B", "C"]),
    ("Patient.name.given", ["N", "A"]),
    ("name[0].given[1]", ["A"]),
    ("name.where(use = 'official').family", ["B"]),
    ("name.where(use.exists().not()).family", ["C"]),
    ("name.count() = 2 and active", [True]),
    ("name.exists(family = 'C')", [True]),
    ("name.all(family.exists())", [True]),
    ("name.select(given.count())", [2, 0]),
    ("name.first().family | name.last().family | 'B'", ["B", "C"]),
    ("name.tail().family", ["C"]),
    ("deceased.ofType(boolean) = false", [True]),
    ("deceased is boolean", [True]),
    ("(multipleBirth as integer) + 1", [3]),
    ("multipleBirth * 2 - 1 > 2", [True]),
    ("7 div 2", [3]),
    ("7 mod 2", [1]),
    ("1 / 2 = 0.5", [True]),
    ("'a' & 'b'", ["ab"]),
    ("'b' in ('a' | 'b')", [True]),
    ("name.family contains 'C'", [True]),
    ("birthDate.matches('^[0-9]{4}')", [True]),
    ("birthDate.substring(0, 4).toInteger()", [1948]),
    ("birthDate.length()", [10]),
    ("birthDate.startsWith('1948') xor birthDate.endsWith('1948')", [True]),
    ("birthDate.extension('http://x').value", ["c"]),
    ("generalPractitioner.resolve().name", ["O"]),
    ("contained.select($this as Organization).name", ["O"]),
    ("name.use.memberOf('known')", [True]),
    ("name.use.memberOf('other')", []),
    ("%resource.conformsTo('Patient')", [True]),
    ("gender.exists() implies active", [True]),
    ("active implies gender.exists()", [False]),
    ("active.not() implies gender.exists()", [True]),
    ("{} implies false", []),
    ("{} implies true", [True]),
    ("'x'.toInteger()", []),
    ("birthDate.substring(99)", []),
    ("{} or true", [True]),
    ("{} and true", []),
    ("gender = 'male'", []),
    ("gender != 'male'", []),
    ("name.family = 'B'", [False]),
    ("'1'.toInteger() = 1", [True]),
    ("1 = true", [False]),
    ("(true | false).anyTrue()", [True]),
    ("(true | false).allTrue()", [False]),
    ("'it\\'s'", ["it's"]),
    ("-1 < 0", [True]),
    ("'a' < 1", []),
]


@pytest.mark.parametrize(("text", "values"), CASES, ids=[text for text, _ in CASES])
def test_what_an_expression_finds(text, values):
    assert found(text) == values


@pytest.mark.parametrize(
    "text", ["descendants()", "name.trace('x')", "a b", "name.(", "'x", "%context2", "", "1 +", "name["]
)
def test_what_is_not_understood_is_said_so_when_it_is_made_ready(text):
    with pytest.raises(Unsupported):
        compiled(text)


def test_an_item_of_no_resource_has_nothing_in_it():
    assert compiled("name.family")(world(), (Item("x"),)) == ()
