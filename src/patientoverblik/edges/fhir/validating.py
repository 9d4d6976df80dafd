"""$validate (R4 resource-operation-validate): every fault of a resource, without a look at what is stored."""

from patientoverblik.conformance.fhir import structure
from patientoverblik.edges.fhir.call import Answer, Call, answered
from patientoverblik.edges.fhir.outcome import outcome, refused
from patientoverblik.problems import Finding


async def validate(call: Call) -> Answer:
    """The findings of a resource that comes alone, or as the parameter ``resource``."""
    told = call.resource
    if told is None:
        return refused(Finding("rest.bad-body"))
    if told["resourceType"] != "Parameters" or call.type == "Parameters":
        return _judged(call, told["resourceType"], call.faults)
    listed = told.get("parameter", [])
    parameters = listed if isinstance(listed, list) else []
    named = [one for one in parameters if isinstance(one, dict) and one.get("name") == "resource"]
    inner = next((one.get("resource") for one in named), None)
    if not isinstance(inner, dict):
        return refused(Finding("mhd.element-missing", place="Parameters.parameter", about="resource"))
    return _judged(call, str(inner.get("resourceType", "")), structure(inner).all)


def _judged(call: Call, kind: str, found: tuple[Finding, ...]) -> Answer:
    other = () if kind == call.type else (Finding("rest.wrong-resource", about=call.type),)
    return answered(outcome((*other, *found)))
