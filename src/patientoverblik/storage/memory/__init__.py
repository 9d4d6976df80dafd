"""Storage in memory: slow, obvious, right. It is what every other storage must answer like (DESIGN 20)."""

from patientoverblik.storage.memory.storage import MemoryStorage

__all__ = ["MemoryStorage"]
