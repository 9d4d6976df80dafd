"""The doors: they translate wire and call, and nothing else."""
