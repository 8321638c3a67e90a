"""Indicators and targets at work: values from store and registers, judgement, outlook, breakdown.

`measuring.measure` reckons an indicator for a region up to a day, `judging.judge` says how a target stands
and why, `breakdown.consistency` whether the parts of a target come to the whole, `binding` turns an accepted
item of a document into a target, `reports` writes what was judged with both its citations: the document and
the data.
"""
