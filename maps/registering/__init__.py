"""Registering a merchant, step by step."""
