"""Fakes that keep the ports' promises, for our tests and for authors of plug-ins."""
