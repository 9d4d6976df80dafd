"""Settings, wiring and console entry: the only room that knows everyone."""
