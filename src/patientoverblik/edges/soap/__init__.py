"""The XDS.b door: today's systems deliver, find and fetch as they do at the national service (IHE ITI TF-2)."""
