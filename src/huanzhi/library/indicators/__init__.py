"""Indicators and targets 指标与目标: what is reckoned how, the values, the targets with frozen paths.

`registry.definitions` gives every indicator, shipped ones and those of the city; `names.candidates` finds
which one a name of a document means; `reporting` takes figures given by hand; `targets` and `paths` hold
what is to be reached; `scores` the assessment 考核. How a figure comes out of the store or the registers is
the work of `huanzhi.programmes.indicators`.
"""
