"""ITI-41 Provide and Register Document Set-b (TF-2 3.41)."""

from collections import Counter
from collections.abc import Iterable

from lxml import etree

from patientoverblik.edges.soap.answers import registry_response
from patientoverblik.edges.soap.call import Call, Reply, documents
from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects
from patientoverblik.edges.soap.levels import group_of, judge
from patientoverblik.edges.soap.names import LCM, RIM
from patientoverblik.edges.soap.submission import not_listed, noting, read_submission
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery, Refused, deliver
from patientoverblik.service.deliver import inadmissible


async def provide_and_register(call: Call) -> Reply:
    """Take a submission set in with its documents, whole or not at all; what is stored with findings is a success."""
    brought = list(documents(call.message))
    objects = submitted(call.message.request.find(f"{{{LCM}}}SubmitObjectsRequest"))
    held = {id_: data for id_, data in brought if data is not None}
    read = read_submission(objects, held, call.house.ids.uuid)
    judged = judge((*_faults(brought, read.faults), *not_listed(read.delivery)), call.levels)
    delivery = noting(read, judged.keep)
    if judged.refuse or delivery is None:
        more = () if delivery is None else inadmissible(delivery)
        return Reply(registry_response("Failure", (*judged.refuse, *more)))
    return await delivered(call, delivery, judged.warn)


async def delivered(call: Call, delivery: Delivery, warn: Iterable[Finding]) -> Reply:
    """The answer to a delivery that is understood, with what was warned of already."""
    answer = await deliver(call.house, call.submitter, delivery)
    if isinstance(answer, Refused):
        return Reply(registry_response("Failure", answer.findings))
    found = (finding for receipt in answer.receipts for finding in receipt.findings)
    told = (one for one in found if one.severity == "warning" and group_of(one.code) is None)
    return Reply(registry_response("Success", (*warn, *told)))


def submitted(request: etree._Element | None) -> tuple[RegistryObject, ...]:
    """The registry objects of a SubmitObjectsRequest; none where it is missing."""
    listed = None if request is None else request.find(f"{{{RIM}}}RegistryObjectList")
    return () if listed is None else read_objects(listed)


def _faults(brought: list[tuple[str, bytes | None]], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is wrong with the documents as they were brought, and the ``others`` that say nothing of the same."""
    twice = [id_ for id_, count in Counter(id_ for id_, _ in brought).items() if count > 1]
    missing = [id_ for id_, data in brought if data is None]
    return (
        *(Finding("xds.document-twice", place=id_) for id_ in twice),
        *(Finding("xds.part-missing", place=id_) for id_ in missing),
        *(one for one in others if one.code != "xds.missing-document" or one.place not in missing),
    )
