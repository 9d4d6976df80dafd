"""The task study walked in a browser: every fact it asks for is found in the overview, read or searched."""

import pytest
from tools.study.__main__ import patients
from tools.study.reading import SCREEN, is_done
from tools.study.ways import by_overview, by_right_document, by_search

from tests.journeys.steps import given_someone_logged_in, when_they_search_for


@pytest.mark.parametrize(("number", "tasks"), [(number, tasks) for number, _, tasks in patients()])
def test_every_fact_stands_in_the_overview(visit, demo, number, tasks):
    doctor = visit(demo)
    doctor.page.set_viewport_size({"width": 1280, "height": SCREEN})
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, number)
    base = doctor.page.url
    for task in tasks:
        for way in (by_overview, by_search):
            assert is_done(way(doctor.page, base, task), task), task.question


def test_the_documents_are_walked_by_the_same_rules(visit, demo):
    doctor = visit(demo)
    number, _, tasks = patients()[1]
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, number)
    walk = by_right_document(doctor.page, doctor.page.url, tasks[-1])
    assert is_done(walk, tasks[-1])
    assert walk.pages > 2, "two parties' targets stand in two documents"
