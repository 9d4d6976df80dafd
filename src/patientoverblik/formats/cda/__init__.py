"""CDA by profiles as data: parse, read, write."""
