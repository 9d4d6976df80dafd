"""MedCom's schematron as an oracle: compiled once by Saxon-HE in a folder of its own, asked for the number of its errors.

The compiled style sheet reads ``include/voc-*.xml`` beside itself, so it is made in a folder that links to the shared one.
"""

from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

SVRL = "http://purl.oclc.org/dsdl/svrl"
STEPS = ["iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl"]
SETTINGS = {"allow-foreign": "false", "diagnose": "no", "generate-paths": "yes"}


class Oracle:
    """One compiled set of schematron rules; the processor must live as long as it."""

    def __init__(self, processor: PySaxonProcessor, shared: Path, name: str, folder: Path) -> None:
        self.processor = processor
        self.executable = compiled(processor, shared / "data/cda/schematron", name, folder)

    def failures(self, document: bytes) -> list[tuple[str, str]]:
        """Place and text of every failed assertion of role error."""
        node = self.processor.parse_xml(xml_text=document.decode())
        report = etree.fromstring(self.executable.transform_to_string(xdm_node=node).encode())
        failed = report.iter(f"{{{SVRL}}}failed-assert")
        return [
            (one.get("location", ""), "".join(one.itertext()).strip()) for one in failed if one.get("role") == "error"
        ]


def compiled(processor: PySaxonProcessor, schematron: Path, name: str, folder: Path) -> PyXsltExecutable:
    """The rules as a style sheet: includes resolved, abstract rules expanded, translated to XSLT 2."""
    (folder / "include").symlink_to(schematron / "art-decor/include")
    source = schematron / "art-decor" / f"{name}.sch"
    xslt = processor.new_xslt30_processor()
    for step in STEPS:
        target = folder / f"{name}-{step}.xml"
        program = xslt.compile_stylesheet(stylesheet_file=str(schematron / "iso-skeleton" / step))
        if step == STEPS[-1]:
            for key, value in SETTINGS.items():
                program.set_parameter(key, processor.make_string_value(value))
        program.transform_to_file(source_file=str(source), output_file=str(target))
        source = target
    return xslt.compile_stylesheet(stylesheet_file=str(source))
