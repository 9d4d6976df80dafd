"""The storyboard as far as it has been told, behind real pages: who is in it, and a way in for each of them."""

from collections.abc import Callable

from patientoverblik.access import Actor
from patientoverblik.app.demo import login_personas
from patientoverblik.app.login import with_test_login
from patientoverblik.care.systems import CPR
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.storyboard import NUMBER
from patientoverblik.edges.portal import Persona, PortalSettings
from patientoverblik.service import House
from patientoverblik.sharing.model import PatientId
from tests.doors.portal.browser import Browser
from tests.spec.storyboard.house import Told

NANCY = PatientId(CPR, NUMBER)


def place_of(step: str) -> Callable[[], House]:
    """A maker of houses in which the story has been told to the end of a step: each begins from the same state."""
    told = Told().until(step)
    state = told.house.storage._state

    def made() -> House:
        told.house.storage._state = state.draft()
        return told.house

    return made


def KEY_OF(place: House) -> int:  # noqa: N802 - reads as a constant
    return place.storage.reader().patient_key(NANCY) or 0


def professional(key: str, organisation: str) -> Persona:
    """Somebody at an organisation that the demo's login page does not offer."""
    place = organisations()[organisation].reference
    return Persona(key, key, key, Actor("professional", key, f"Testperson {key}", "Læge", place))


EXTRA = (
    professional("oejenlaege", "eye-clinic"),
    professional("genoptraening", "rehabilitation"),
    professional("genoptraening-2", "rehabilitation"),
    professional("sygehuslaege", "hospital"),
    professional("fremmed", "stranger"),
)


def entrance_of(place: House) -> Browser:
    """A browser in which nobody is logged in yet."""
    return Browser(with_test_login(place, PortalSettings(personas=(*login_personas(), *EXTRA)), demo=True))


def someone(place: House, persona: str) -> tuple[Browser, str]:
    """A browser in which somebody is logged in and has Nancy before them, and her address there."""
    client = entrance_of(place)
    page = client.log_in(persona)
    form = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0]}
    if "/vaelg" in page.text:
        found = client.post("/vaelg", data={**form, "whose": "0"})
    else:
        found = client.post("/patient", data={**form, "cpr": NUMBER})
    return client, found.url.path
