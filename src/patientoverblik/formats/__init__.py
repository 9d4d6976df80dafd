"""Bytes to the domain's words and back, by profiles that are data."""
