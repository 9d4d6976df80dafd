"""The description of a transaction as WSDL 1.1, with the types it needs in it, so that a client needs nothing more.

The types say what stands where; the norm's own schemas say more (``schemas/``: our own text of the norm's names).
"""

from functools import cache
from importlib.resources import files
from xml.sax.saxutils import quoteattr

from patientoverblik.edges.soap.names import LCM, QUERY, RMD, RS, WSN, XDS
from patientoverblik.edges.soap.transactions import Row

SCHEMAS = ("rim", "rs", "lcm", "query", "xds", "rmd", "wsa", "wsnt")
PREFIXES = {"rs": RS, "lcm": LCM, "query": QUERY, "xds": XDS, "rmd": RMD, "wsnt": WSN}
OURS = "urn:patientoverblik:xds"


def wsdl(row: Row, address: str) -> bytes:
    """The description of one transaction, asked at ``address``."""
    bound = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" '
        f'xmlns:s="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:a="http://www.w3.org/2007/05/addressing/metadata" '
        f'xmlns:o="{OURS}"{bound} targetNamespace="{OURS}" name="{row.operation}">\n'
        f"<w:types>{_types()}</w:types>\n{_messages(row)}\n{_port(row)}\n{_binding(row)}\n"
        f'<w:service name="{row.number}"><w:port name="{row.number}_port" binding="o:{row.number}_binding">'
        f"<s:address location={quoteattr(address)}/></w:port></w:service>\n</w:definitions>\n"
    ).encode()


@cache
def _types() -> str:
    folder = files(__package__).joinpath("schemas")
    return "".join(folder.joinpath(f"{name}.xsd").read_text(encoding="utf-8") for name in SCHEMAS)


def _messages(row: Row) -> str:
    return "".join(
        f'<w:message name="{row.operation}_{part}"><w:part name="body" element="{element}"/></w:message>'
        for part, element in (("in", row.request), ("out", row.response))
    )


def _port(row: Row) -> str:
    return (
        f'<w:portType name="{row.number}_type"><w:operation name="{row.operation}">'
        f'<w:input message="o:{row.operation}_in" a:Action="{row.action}"/>'
        f'<w:output message="o:{row.operation}_out" a:Action="{row.answer}"/></w:operation></w:portType>'
    )


def _binding(row: Row) -> str:
    return (
        f'<w:binding name="{row.number}_binding" type="o:{row.number}_type">'
        '<s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>'
        f'<w:operation name="{row.operation}"><s:operation soapAction="{row.action}" soapActionRequired="false"/>'
        '<w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation>'
        "</w:binding>"
    )
