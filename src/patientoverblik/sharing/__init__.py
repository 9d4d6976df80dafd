"""The registry and repository: submit, find, retrieve, replace, deprecate."""
