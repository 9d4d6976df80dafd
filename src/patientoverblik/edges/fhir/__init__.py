"""The FHIR R4 door: documents by IHE MHD and what they say as resources, at one base URL."""
