"""Clients of others' making that drive the running service, where what they are built with can be had."""
