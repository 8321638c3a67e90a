"""Registers 登记簿: things off the daily loop, declared by a JSON Schema.

A declaration (draft 2020-12, with annotations that begin with ``x-``) gives the form, the table, the filters,
the layer of the map, sheets in and out, due dates, history and rights; see ``docs/registers.md``.
"""
