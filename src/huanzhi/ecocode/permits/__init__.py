"""Permits 排污许可: duties and their calendar, execution reports, self-monitoring, key-polluter lists.

Enterprises, outlets, permits and limits themselves are of `huanzhi.library.enterprises`. What left an outlet
is reckoned by `huanzhi.programmes.emission` and kept here by month.
"""
