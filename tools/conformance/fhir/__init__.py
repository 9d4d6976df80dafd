"""HL7's own validator judges what the FHIR door emits."""
