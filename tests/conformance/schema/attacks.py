"""Hostile documents, made when asked for."""

from collections.abc import Callable, Mapping

START = '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
EMPTY = f"{START}/>"
BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
TWIN = '<templateId root="1.2.208.184.15.1"/>'
HEAD = f'{START}><templateId root="1.2.208.184.15.1"/>'


def document(inner: str) -> bytes:
    return f"{START}>{inner}</ClinicalDocument>".encode()


def doctype(subset: str, inner: str = "") -> bytes:
    return f"<!DOCTYPE ClinicalDocument {subset}>".encode() + document(inner)


def nested(depth: int) -> bytes:
    return document("<component>" * depth + "</component>" * depth)


ATTACKS: Mapping[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blank": lambda: b" \r\n\t ",
    "not-xml": lambda: b"MSH|^~\\&|EPJ|Hospital|",
    "json": lambda: b'{"plan": "Bundle"}',
    "json-too-deep": lambda: b"[" * 1_000_000,
    "json-cut-off": lambda: b'{"resourceType": "Bundle", "entry": [',
    "pdf": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "cut-off": lambda: document("<title>Plan</title>")[:-9],
    "two-roots": lambda: (EMPTY + EMPTY).encode(),
    "doctype": lambda: doctype("", "<title>x</title>"),
    "doctype-after-comment": lambda: b"<!-- a plan -->\n" + doctype('[<!ENTITY a "b">]', "<title>&a;</title>"),
    "doctype-in-utf-16": lambda: doctype('[<!ENTITY a "b">]', "<title>&a;</title>").decode().encode("utf-16"),
    "billion-laughs": lambda: doctype(f'[<!ENTITY l0 "ha">{BILLION}]', "<title>&l9;</title>"),
    "quadratic-blow-up": lambda: doctype(f'[<!ENTITY a "{"x" * 100_000}">]', f"<title>{'&a;' * 50_000}</title>"),
    "external-entity": lambda: doctype('[<!ENTITY a SYSTEM "file:///etc/hostname">]', "<title>&a;</title>"),
    "parameter-entity": lambda: doctype('[<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]'),
    "external-dtd": lambda: doctype('SYSTEM "file:///etc/hostname"'),
    "depth-bomb": lambda: nested(100_000),
    "just-too-deep": lambda: nested(200),
    "attribute-bomb": lambda: f'{START} id="{"x" * 11_000_000}"/>'.encode(),
    "text-bomb": lambda: document(f"<title>{'x' * 11_000_000}</title>"),
    "fifty-megabytes": lambda: document("<title>x</title>" * 3_200_000),
    "encoding-not-what-it-says": lambda: b'<?xml version="1.0" encoding="UTF-16"?>' + EMPTY.encode(),
    "encoding-unknown": lambda: b'<?xml version="1.0" encoding="X-KLINGON"?>' + EMPTY.encode(),
    "encoding-utf-7": lambda: b'<?xml version="1.0" encoding="UTF-7"?>' + EMPTY.encode(),
    "undeclared-latin-1": lambda: "<title>Sår på ø</title>".encode("latin-1"),
    "zero-bytes": lambda: b"\x00" * 1000,
    "many-siblings": lambda: f"{HEAD}{'<title/>' * 400_000}</ClinicalDocument>".encode(),
    "many-twins": lambda: f"{HEAD}{TWIN * 200_000}</ClinicalDocument>".encode(),
    "many-foreigners": lambda: document('<x:y xmlns:x="urn:x"/>' * 200_000),
    "stylesheet-and-processing-instruction": lambda: (
        b'<?xml-stylesheet href="http://example.invalid/a.xsl"?>' + EMPTY.encode()
    ),
    "schema-location": lambda: f'{START} xsi:schemaLocation="urn:hl7-org:v3 http://example.invalid/CDA.xsd"/>'.encode(),
}
