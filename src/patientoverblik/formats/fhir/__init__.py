"""FHIR R4 resources as data-neutral values."""
