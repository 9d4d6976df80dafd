"""MedCom's schematron as an oracle, run by Saxon; its compiled form must lie beside the vocabulary it reads."""

import shutil
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

from tests.conftest import SHARED

FOLDER = SHARED / "data/cda/schematron"
STEPS = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def oracle(name: str, work: Path) -> Callable[[bytes], list[str]]:
    """What a schematron set (``slim-cpd``, ``slim-apd``) says of a document: the texts of its failed assertions."""
    shutil.copytree(FOLDER / "art-decor", work, dirs_exist_ok=True)
    processor = PySaxonProcessor(license=False)
    xslt = processor.new_xslt30_processor()
    for word, value in (("allow-foreign", "false"), ("diagnose", "no"), ("generate-paths", "yes")):
        xslt.set_parameter(word, processor.make_string_value(value))
    source = work / f"{name}.sch"
    for number, step in enumerate(STEPS):
        made = work / f"{name}-{number}.xsl"
        compiled = xslt.compile_stylesheet(stylesheet_file=str(FOLDER / "iso-skeleton" / step))
        compiled.transform_to_file(source_file=str(source), output_file=str(made))
        source = made
    rules = xslt.compile_stylesheet(stylesheet_file=str(source))

    def judge(document: bytes) -> list[str]:
        path = work / "document.xml"
        path.write_bytes(document)
        report = etree.fromstring(rules.transform_to_string(source_file=str(path)).encode())
        failed = (
            " ".join(one.itertext()).strip()
            for one in report.iter(f"{SVRL}failed-assert")
            if one.get("role") == "error"
        )
        return [one for one in failed if "activated but is not declared" not in one]

    return judge
