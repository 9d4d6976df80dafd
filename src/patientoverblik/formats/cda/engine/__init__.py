"""The mapping engine: profiles of data compiled to a reader and a writer (DESIGN decision 7)."""
