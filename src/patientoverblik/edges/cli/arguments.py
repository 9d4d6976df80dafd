"""The words of the command line, and their help."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction

from patientoverblik import __version__

ABOUT = "One overview of what every party plans for a patient: deliver documents, read them, look, and see why."
NUMBERS = (
    "A patient's number is never given on the command line: "
    "it is asked for, or read from standard input or --patient-file."
)


def parser() -> ArgumentParser:
    """The parser of every command."""
    made = ArgumentParser(
        prog="patientoverblik", description=ABOUT, epilog=NUMBERS, formatter_class=RawDescriptionHelpFormatter
    )
    made.add_argument("--version", action="version", version=__version__)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _for_files(commands)
    _for_patients(commands)
    _for_the_house(commands)
    return made


def _for_files(commands: "_SubParsersAction[ArgumentParser]") -> None:
    read = _command(commands, "read", "what a document says, and what was lost (no server, no database)")
    read.add_argument("file", metavar="FILE", help="a document; - for standard input")
    read.add_argument("--losses", action="store_true", help="only the places that were lost, with the reason")
    read.add_argument(
        "--as", dest="write_as", choices=["cda"], help="write the document anew, in canonical form"
    )
    check = _command(commands, "check", "everything that is wrong with a document, at once (no server, no database)")
    check.add_argument("file", metavar="FILE", help="a document; - for standard input")
    submit = _command(commands, "submit", "deliver documents; prints the receipt of each")
    submit.add_argument("files", metavar="FILE", nargs="+", help="documents to deliver")


def _for_patients(commands: "_SubParsersAction[ArgumentParser]") -> None:
    _about_patient(commands, "show", "one patient's overview")
    _about_patient(commands, "find", "the documents that exist for the one who asks")
    retrieve = _about_patient(commands, "retrieve", "the bytes of one document, exactly as submitted")
    retrieve.add_argument("document", metavar="DOCUMENT", help="entryUUID or uniqueId")
    retrieve.add_argument("--out", metavar="FILE", default="", help="write to a file instead of standard output")
    explain = _about_patient(commands, "explain", "where a line of the overview comes from")
    explain.add_argument("line", metavar="LINE", help="a line's id, as show prints it")
    replay = _about_patient(commands, "replay", "what a look showed")
    replay.add_argument("look", metavar="LOOK", help="a look's id, as show prints it")


def _for_the_house(commands: "_SubParsersAction[ArgumentParser]") -> None:
    _command(commands, "serve", "serve the pages")
    demo = _command(commands, "demo", "load invented people and serve them")
    demo.add_argument("--load-only", action="store_true", help="load, and do not serve")
    _command(commands, "doctor", "whether the installation is in order")


def _command(commands: "_SubParsersAction[ArgumentParser]", name: str, told: str) -> ArgumentParser:
    made = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    made.add_argument("--json", action="store_true", help="answer as JSON")
    return made


def _about_patient(commands: "_SubParsersAction[ArgumentParser]", name: str, told: str) -> ArgumentParser:
    made = _command(commands, name, told)
    made.epilog = NUMBERS
    made.add_argument("--as", dest="persona", default="", metavar="PERSONA", help="who looks (a persona of the demo)")
    made.add_argument("--patient-file", default="", metavar="FILE", help="a file that holds the patient's number")
    return made
