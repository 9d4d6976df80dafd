"""$heartbeat, an operation of our own: a system says that it is there and has delivered all it had (DESIGN 5).

In: ``source`` (code or string, any number), in Parameters or in the address; without one, every source that the
system delivers for. Out: an OperationOutcome that tells each source. Only a system speaks for a source: a person who
sends documents is believed of these, and not of all that their system may still hold.
"""

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.outcome import outcome, refused
from patientoverblik.problems import Finding
from patientoverblik.service import heartbeat

NAME = "source"
OTHER = Finding("mhd.element-wrong", place="Parameters.parameter", about=NAME)


async def note(call: Call) -> Answer:
    """Note that sources are there, all that are named or none."""
    named = _named(call.resource)
    if isinstance(named, Finding):
        return refused(named)
    answer = await heartbeat(call.house, call.actor, *call.values(NAME), *named)
    if isinstance(answer, Refusal):
        return refused(Finding(answer.code))
    return answered(outcome(Finding("service.heard", about=source) for source in answer))


def _named(told: Resource | None) -> tuple[str, ...] | Finding:
    """The sources that a body names. A parameter of another name or kind would leave out what it meant to name, and all
    would be noted: so it is refused."""
    if told is None:
        return ()
    if told["resourceType"] != "Parameters":
        return Finding("rest.wrong-resource", about="Parameters")
    named = tuple(map(_source, told.get("parameter", ())))
    return named if all(named) else OTHER


def _source(parameter: Resource) -> str:
    """The source that a parameter names; empty where it is no such parameter."""
    value: str = parameter.get("valueCode") or parameter.get("valueString") or ""
    return value if parameter["name"] == NAME else ""
