"""Every class and field of the domain model carries its Danish and English term, meaning and source."""

import pytest

from patientoverblik import care
from patientoverblik.care import Value, class_term, field_terms

CLASSES = sorted(
    {
        value
        for value in vars(care).values()
        if isinstance(value, type) and issubclass(value, Value) and value is not Value
    },
    key=lambda each: each.__name__,
)


def subclasses(of):
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_class_of_the_model_is_public():
    assert {each for each in subclasses(Value) if each.__module__.startswith("patientoverblik.care")} == set(CLASSES)


@pytest.mark.parametrize("of", CLASSES, ids=lambda each: each.__name__)
def test_every_class_and_field_has_a_term(of):
    terms = [class_term(of), *field_terms(of).values()]
    assert len(terms) == 1 + len(of.__struct_fields__)
    for term in terms:
        assert all((term.da, term.en, term.meaning, term.source)), term
        assert not term.meaning.endswith("."), term
        assert term.meaning[0] == term.meaning[0].lower() or term.meaning[:2].isupper(), term
        assert term == type(term)(*(part.strip() for part in (term.da, term.en, term.meaning, term.source)))


def test_no_two_classes_share_a_danish_term():
    terms = [class_term(each).da for each in CLASSES]
    assert sorted(terms) == sorted(set(terms))


@pytest.mark.parametrize("of", CLASSES, ids=lambda each: each.__name__)
def test_values_are_frozen(of):
    assert of.__struct_config__.frozen
