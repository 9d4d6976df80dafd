"""The engine of FHIR profiles: TOML lines compiled once into readers and writers of JSON objects, both ways."""
