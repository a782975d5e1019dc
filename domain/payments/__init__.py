"""Payments: what a provider can answer and what follows from it; no IO."""
