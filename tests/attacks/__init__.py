"""Attacks on the system as a whole: each test is something that somebody could try, and what holds it."""
