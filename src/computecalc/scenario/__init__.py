"""Scenarios: what users write, merged, checked, and resolved into inputs."""
