"""What to try next from the command line, as commands that work as they stand."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from patientoverblik.app.running import DEMO_DATABASE
from patientoverblik.app.settings import PREFIX, Settings
from patientoverblik.demo.storyboard import NUMBER

_SLOT = '<Slot name="$XDSDocumentEntry{}"><ValueList><Value>{}</Value></ValueList></Slot>'
FIND_DOCUMENTS = (
    '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"><q:ResponseOption/>'
    '<AdhocQuery xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" '
    'id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">'
    + _SLOT.format("PatientId", f"{NUMBER}^^^&amp;1.2.208.176.1.2&amp;ISO")
    + _SLOT.format("Status", "(urn:oasis:names:tc:ebxml-regrep:StatusType:Approved)")
    + "</AdhocQuery></q:AdhocQueryRequest>"
)


def say_examples(settings: Settings) -> None:
    """Print commands that look into the demo."""
    sys.stdout.write("Or look from the command line:\n")
    for example in examples(settings):
        sys.stdout.write(f"  {example}\n")
    sys.stdout.flush()


def examples(settings: Settings) -> Iterator[str]:
    """Commands with the settings that they need where the demo was moved."""
    yield from (f"export {name}={shlex.quote(value)}" for name, value in _moved(settings))
    program = _program()
    yield f"echo {NUMBER} | {program} show"
    yield f"echo {NUMBER} | {program} show --as nancy"
    yield f"echo {NUMBER} | {program} find"
    yield f"{program} token --as egen-laege --kind saml"
    yield _call(settings, f"{program} token --as egen-laege --kind jwt")
    yield soap_call(settings, f"{program} token --as egen-laege --kind saml")
    yield f"{program} --help"


def _call(settings: Settings, token: str) -> str:
    """A call of the JSON door with a token, the number in its body."""
    asked = f'echo \'{{"patient": "{NUMBER}"}}\' | curl -s {settings.origin}/api/overblik --data-binary @-'
    return f'{asked} -H "Authorization: Bearer $({token})"'


def soap_call(settings: Settings, header: str) -> str:
    """A query of the XDS.b door (ITI-18 FindDocuments) with a signed header."""
    return (
        f"(echo '<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">'; {header}; "
        f"echo '<s:Body>{FIND_DOCUMENTS}</s:Body></s:Envelope>') | curl -s {settings.origin}/ddsregistry "
        "-H 'Content-Type: application/soap+xml' --data-binary @-"
    )


def _moved(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.database != DEMO_DATABASE:
        yield f"{PREFIX}DATABASE", settings.database
        yield f"{PREFIX}DEMO", "true"


def _program() -> str:
    """How this program was called, as short as it can be said from here."""
    if shutil.which("patientoverblik"):
        return "patientoverblik"
    called = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if called.name == "patientoverblik" else "python -m patientoverblik"
