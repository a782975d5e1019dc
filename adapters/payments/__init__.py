"""Payments outside the process: the provider's client, and a provider of our own to talk to."""
