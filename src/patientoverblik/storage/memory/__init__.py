"""Storage in memory: slow, obvious, right."""
