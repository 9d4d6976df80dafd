"""The storyboard's patient: the national test person Nancy Ann Test Berggren, with the address of the register."""

from patientoverblik.care import Address, Party, Patient, PersonName
from patientoverblik.demo.identifiers import cpr
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Story
from patientoverblik.demo.writing import at

NUMBER = "2512489996"
NAME = PersonName(given=("Nancy", "Ann", "Test"), family=("Berggren",))
NANCY = Patient(
    ids=(cpr(NUMBER),),
    name=NAME,
    gender="F",
    birth=at("1948-12-25"),
    addresses=(Address(use="H", lines=("Testpark Allé 48",), postal_code="3400", city="Hillerød", country="Danmark"),),
    general_practice=organisation("general-practice"),
)
HERSELF = Party(kind="patient", ids=(cpr(NUMBER),), name=NAME)
STORY = Story(name="storyboard-nancy", patient=NANCY)
