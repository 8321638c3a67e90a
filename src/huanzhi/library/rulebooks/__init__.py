"""Rulebooks of a place 规则簿: drafts and published versions that go before the shipped ones.

A draft is written from the version in force, its worked examples are run, one person proposes it and another
publishes it, from a day on. `holding.in_force` finds what holds on a day at a place.
"""
