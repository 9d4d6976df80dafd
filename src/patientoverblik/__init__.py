"""Samlet patientoverblik: one overview of what every party plans for a patient."""

__version__ = "0.1.0"
