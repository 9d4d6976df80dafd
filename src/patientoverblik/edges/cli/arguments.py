"""The words of the command line, and their help."""

import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from typing import NoReturn

from patientoverblik import __version__
from patientoverblik.edges.cli.log import ACTS, FORMS
from patientoverblik.edges.cli.ports import QUERY, READING
from patientoverblik.edges.cli.token import KINDS
from patientoverblik.service.erase import GROUNDS
from patientoverblik.service.worklist import ORDER as KINDS_OF_WORK

ABOUT = "One overview of what every party plans for a patient: deliver documents, read them, look, and see why."
NUMBERS = (
    "A patient's number is never given on the command line:\n"
    "it is asked for, or read from standard input or --patient-file."
)
ENDINGS = "Exit codes: 0 fine, 1 faults were found, 2 could not be done."
_GIVEN = re.compile(r"(?<=unrecognized arguments): .*|(?<=invalid choice): '.*?'(?= \()", re.DOTALL)


class Words(ArgumentParser):
    """A parser that does not repeat what it was given: somebody may have typed a patient's number there."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the words that were given, and how it is meant; exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {_GIVEN.sub('', message)}\n{NUMBERS}\n")


def parser() -> ArgumentParser:
    """The parser of every command."""
    made = Words(
        prog="patientoverblik",
        description=ABOUT,
        epilog=f"{NUMBERS}\n{ENDINGS}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=__version__)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _for_files(commands)
    _for_patients(commands)
    _for_the_house(commands)
    _for_operators(commands)
    return made


def _for_files(commands: "_SubParsersAction[Words]") -> None:
    read = _command(commands, "read", "what a document says, and what was lost (no server, no database)")
    read.add_argument("file", metavar="FILE", help="a document; - for standard input")
    shape = read.add_mutually_exclusive_group()
    shape.add_argument("--losses", action="store_true", help="only the places that were lost, with the reason")
    anew = "write the document anew, in canonical form; one in FHIR by CPD-DK or APD-DK, and what they cannot carry"
    shape.add_argument("--as", dest="write_as", choices=["cda"], help=anew)
    check = _command(commands, "check", "everything that is wrong with a document, at once (no server, no database)")
    check.epilog = "Exit codes: 0 no error (warnings apart), 1 errors, 2 not readable."
    check.add_argument("file", metavar="FILE", help="a document; - for standard input")
    submit = _command(commands, "submit", "deliver documents; prints the receipt of each")
    submit.add_argument("files", metavar="FILE", nargs="+", help="documents to deliver; - for standard input")
    later = "the patient sees the documents from this day on, as 2026-12-01; professionals at once"
    submit.add_argument("--shown-from", metavar="DATE", default="", help=later)


def _for_patients(commands: "_SubParsersAction[Words]") -> None:
    _about_patient(commands, "show", "one patient's overview")
    find = _about_patient(commands, "find", "the documents that exist for the one who asks, newest first")
    find.add_argument("--after", metavar="CURSOR", default="", help="the next page, as the page before names it")
    retrieve = _about_patient(commands, "retrieve", "the bytes of one document, exactly as submitted")
    retrieve.add_argument("document", metavar="DOCUMENT", help="entryUUID, as find prints it, or uniqueId")
    retrieve.add_argument("--out", metavar="FILE", default="", help="write to a file instead of standard output")
    explain = _about_patient(commands, "explain", "where a line of the overview comes from")
    explain.add_argument("line", metavar="LINE", help="a line's id, as show prints it")
    access = _about_patient(commands, "explain-access", "which rule decides on the access, and what would change it")
    access.add_argument("--who", action="store_true", help="who can see the overview, and why (for the citizen)")
    access.add_argument("--document", metavar="DOCUMENT", default="", help="with --who: whether they see this document")
    handover = _about_patient(commands, "handover", "what an organisation is asked to take over, and its answer")
    handover.add_argument("what", choices=["list", "accept", "decline", "start"], help="list them, or answer one")
    handover.add_argument("line", metavar="LINE", nargs="?", default="", help="the line's id, as list prints it")
    handover.add_argument("--reason", metavar="TEXT", default="", help="what is said to who asks; needed to decline")
    replay = _about_patient(commands, "replay", "what a look showed")
    replay.add_argument("look", metavar="LOOK", help="a look's id, as show prints it")
    log = _about_patient(commands, "log", "who has looked at the patient, as the patient may read it")
    log.add_argument("--since", metavar="DATE", default="", help="from this day on, as 2026-11-23")
    log.add_argument("--until", metavar="DATE", default="", help="up to and with this day")
    log.add_argument("--organisation", metavar="NAME", default="", help="a part of its name, or its number")
    log.add_argument("--person", metavar="NAME", default="", help="a part of the name of who looked")
    log.add_argument("--act", choices=ACTS, default="", help="only this kind of look")
    log.add_argument("--overridden", action="store_true", help="only looks that set a block aside")
    log.add_argument("--after", metavar="CURSOR", default="", help="the next page, as the page before names it")
    log.add_argument("--form", choices=FORMS, default="text", help="all that fits, to take home")


def _for_the_house(commands: "_SubParsersAction[Words]") -> None:
    work = _command(commands, "worklist", "what is new, asked, due and written for an organisation's patients")
    work.add_argument("--as", dest="persona", default="", metavar="PERSONA", help="who asks; else the first")
    work.add_argument("--kind", choices=KINDS_OF_WORK, default="", help="only this kind")
    work.add_argument("--due", choices=("near", "past"), default="", help="only what is due soon, or overdue")
    work.add_argument("--unit", metavar="SYSTEM|ID", default="", help="only of this unit or team of the organisation")
    work.add_argument("--unread", action="store_true", help="only what the one who asks has not read")
    work.add_argument("--after", metavar="NUMBER", type=int, default=0, help="pass over so many")
    commands.add_parser("serve", help="serve the pages", description="Serve the pages.")
    demo = commands.add_parser("demo", help="load invented people and serve them")
    demo.description = "Load invented people and serve them; what is loaded already is not loaded again."
    demo.add_argument("--load-only", action="store_true", help="load, and do not serve")
    token = commands.add_parser("token", help="a token for a persona of the demo, made by the test issuer")
    token.description = "Make a token for a persona, about the first patient of the persona; only in the demo."
    token.epilog = "\n".join(f"{kind}: {told}" for kind, told in KINDS.items())
    token.formatter_class = RawDescriptionHelpFormatter
    named = "a persona of the demo; else the first"
    token.add_argument("--as", dest="persona", default="", metavar="PERSONA", help=named)
    token.add_argument("--kind", choices=list(KINDS), default="saml", help="what kind of token")
    asked = f"the transaction a SOAP header is for, as iti41; else {QUERY}"
    token.add_argument("--for", dest="transaction", metavar="TRANSACTION", default=QUERY, help=asked)
    token.add_argument("--scope", default=READING, help=f"what an access token is good for; else {READING}")
    token.add_argument("--out", metavar="FILE", default="", help="write to a file instead of standard output")
    told = commands.add_parser("register", help="take in what registers tell of people, one JSON object per line")
    told.description = "Take in what registers tell: birth, death, protection, custody, guardians, powers, relations."
    told.add_argument("file", metavar="FILE", help="a file, or - for standard input")


def _for_operators(commands: "_SubParsersAction[Words]") -> None:
    trail = _command(commands, "trail", "the security trail: verify it, seal it, remove what is too old, show its key")
    trail.epilog = "Exit codes of verify: 0 whole, 1 tampered with, 2 could not be verified."
    trail.add_argument(
        "what",
        choices=["verify", "seal", "remove-old", "key"],
        help="what to do",
    )
    migrate = _command(commands, "migrate", "bring the database's schema forward, while workers serve")
    migrate.add_argument("--dry-run", action="store_true", help="only tell the steps that are left")
    copy = _command(commands, "copy", "a whole database into an empty one, then read both again and compare")
    copy.add_argument("--from", dest="source", metavar="DATABASE", required=True, help="as in PATIENTOVERBLIK_DATABASE")
    copy.add_argument("--to", dest="target", metavar="DATABASE", required=True, help="empty, or a stopped copy")
    backup = _command(commands, "backup", "the whole database into a new file, while workers serve; read again at once")
    backup.add_argument("file", metavar="FILE", help="where to; it must not be there yet")
    restore = _command(commands, "restore", "a backup into an empty database, everything checked before and after")
    restore.add_argument("file", metavar="FILE", help="what backup wrote")
    erase = _command(commands, "erase", "take a patient's documents away for good; without --code nothing is changed")
    erase.epilog = f"{NUMBERS}\nExit code 2 also where what was erased may still be on the disk."
    erase.add_argument(
        "documents", metavar="DOCUMENT", nargs="*", help="entryUUID or uniqueId; else all of the patient"
    )
    erase.add_argument("--patient-file", default="", metavar="FILE", help="a file that holds the patient's number")
    erase.add_argument("--ground", choices=GROUNDS, default=GROUNDS[0], help="why; it stands in the security trail")
    erase.add_argument("--code", default="", metavar="CODE", help="take away what this code was told for")
    outbox = _command(commands, "outbox", "what waits to be told to other services, and what was given up")
    outbox.add_argument("--retry", metavar="FEED", default="", help="let what was given up be tried again")
    told = "how the sources stand, or note that some are there and had nothing to deliver"
    heartbeat = _command(commands, "heartbeat", told)
    there = "the id of one that is there and has delivered all it had; else every one is listed"
    heartbeat.add_argument("sources", metavar="SOURCE", nargs="*", help=there)
    sessions = _command(commands, "sessions", "who is logged in, and all sessions of one of them ended")
    sessions.add_argument("--end", metavar="SESSION", default="", help="end all sessions of whom this one is of")
    use = _command(commands, "use", "how the service is used, counted without anybody's identity")
    use.add_argument("--since", metavar="DATE", default="", help="from this day on, as 2026-11-23")
    _command(commands, "doctor", "whether the installation is in order; changes nothing")


def _command(commands: "_SubParsersAction[Words]", name: str, told: str) -> Words:
    made = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    made.formatter_class = RawDescriptionHelpFormatter
    made.add_argument("--json", action="store_true", help="answer as JSON")
    return made


def _about_patient(commands: "_SubParsersAction[Words]", name: str, told: str) -> Words:
    made = _command(commands, name, told)
    made.epilog = NUMBERS
    looks = f"who looks: a persona of the demo; else {'the patient' if name == 'log' else 'the first'}"
    made.add_argument("--as", dest="persona", default="", metavar="PERSONA", help=looks)
    made.add_argument("--patient-file", default="", metavar="FILE", help="a file that holds the patient's number")
    return made
