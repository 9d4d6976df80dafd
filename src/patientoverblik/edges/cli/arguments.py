"""The words of the command line, and their help."""

import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from typing import NoReturn

from patientoverblik import __version__

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
    return made


def _for_files(commands: "_SubParsersAction[Words]") -> None:
    read = _command(commands, "read", "what a document says, and what was lost (no server, no database)")
    read.add_argument("file", metavar="FILE", help="a document; - for standard input")
    shape = read.add_mutually_exclusive_group()
    shape.add_argument("--losses", action="store_true", help="only the places that were lost, with the reason")
    shape.add_argument("--as", dest="write_as", choices=["cda"], help="write the document anew, in canonical form")
    check = _command(commands, "check", "everything that is wrong with a document, at once (no server, no database)")
    check.epilog = "Exit codes: 0 no error (warnings apart), 1 errors, 2 not readable."
    check.add_argument("file", metavar="FILE", help="a document; - for standard input")
    submit = _command(commands, "submit", "deliver documents; prints the receipt of each")
    submit.add_argument("files", metavar="FILE", nargs="+", help="documents to deliver; - for standard input")


def _for_patients(commands: "_SubParsersAction[Words]") -> None:
    _about_patient(commands, "show", "one patient's overview")
    find = _about_patient(commands, "find", "the documents that exist for the one who asks, newest first")
    find.add_argument("--after", metavar="CURSOR", default="", help="the next page, as the page before names it")
    retrieve = _about_patient(commands, "retrieve", "the bytes of one document, exactly as submitted")
    retrieve.add_argument("document", metavar="DOCUMENT", help="entryUUID or uniqueId, as find prints it")
    retrieve.add_argument("--out", metavar="FILE", default="", help="write to a file instead of standard output")
    explain = _about_patient(commands, "explain", "where a line of the overview comes from")
    explain.add_argument("line", metavar="LINE", help="a line's id, as show prints it")
    replay = _about_patient(commands, "replay", "what a look showed")
    replay.add_argument("look", metavar="LOOK", help="a look's id, as show prints it")


def _for_the_house(commands: "_SubParsersAction[Words]") -> None:
    commands.add_parser("serve", help="serve the pages", description="Serve the pages.")
    demo = commands.add_parser("demo", help="load invented people and serve them")
    demo.description = "Load invented people and serve them; what is loaded already is not loaded again."
    demo.add_argument("--load-only", action="store_true", help="load, and do not serve")
    _command(commands, "doctor", "whether the installation is in order; changes nothing")


def _command(commands: "_SubParsersAction[Words]", name: str, told: str) -> Words:
    made = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    made.formatter_class = RawDescriptionHelpFormatter
    made.add_argument("--json", action="store_true", help="answer as JSON")
    return made


def _about_patient(commands: "_SubParsersAction[Words]", name: str, told: str) -> Words:
    made = _command(commands, name, told)
    made.epilog = NUMBERS
    made.add_argument("--as", dest="persona", default="", metavar="PERSONA", help="who looks (a persona of the demo)")
    made.add_argument("--patient-file", default="", metavar="FILE", help="a file that holds the patient's number")
    return made
