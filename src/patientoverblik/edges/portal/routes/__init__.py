"""The pages' addresses, one file for each errand."""
