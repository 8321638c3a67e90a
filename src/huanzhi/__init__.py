"""Huanzhi 环治: the open platform that runs a city's environmental governance."""

__version__ = "0.1.0"
