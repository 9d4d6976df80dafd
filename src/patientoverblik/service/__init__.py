"""The few acts every door calls: deliver, look, retrieve, replay."""
