"""Migrations of the tables of work."""
