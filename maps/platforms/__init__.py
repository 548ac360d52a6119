"""Platforms as pages show them: beside an answer, in their list, and each by itself. People are sent to their sites."""
