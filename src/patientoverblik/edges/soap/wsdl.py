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


def wsdl(rows: tuple[Row, ...], address: str) -> bytes:
    """The description of the transactions that are asked at ``address``."""
    name = rows[0].number
    bound = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" '
        f'xmlns:s="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:a="http://www.w3.org/2007/05/addressing/metadata" '
        f'xmlns:o="{OURS}"{bound} targetNamespace="{OURS}" name="{rows[0].operation}">\n'
        f"<w:types>{_types()}</w:types>\n{''.join(map(_messages, rows))}\n"
        f'<w:portType name="{name}_type">{"".join(map(_operation, rows))}</w:portType>\n'
        f'<w:binding name="{name}_binding" type="o:{name}_type">'
        '<s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>'
        f"{''.join(map(_bound, rows))}</w:binding>\n"
        f'<w:service name="{name}"><w:port name="{name}_port" binding="o:{name}_binding">'
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


def _operation(row: Row) -> str:
    return (
        f'<w:operation name="{row.operation}">'
        f'<w:input message="o:{row.operation}_in" a:Action="{row.action}"/>'
        f'<w:output message="o:{row.operation}_out" a:Action="{row.answer}"/></w:operation>'
    )


def _bound(row: Row) -> str:
    return (
        f'<w:operation name="{row.operation}"><s:operation soapAction="{row.action}" soapActionRequired="false"/>'
        '<w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation>'
    )
