"""Invented people and the storyboard patient, delivered as documents by their owners."""
