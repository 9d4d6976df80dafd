"""Measurements against floors: the same server returning the same bytes after one storage read is 1.0 (DESIGN, Speed).

Only ratios compare between machines. Nothing here is tuned to the data: every request goes to another patient.
"""
