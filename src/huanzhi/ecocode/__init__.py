"""一码: what is known of one enterprise, what it owes, and the code and grade that follow.

``grades``: code 环保码 and credit 环境信用 by rulebook · ``permits``: duties and actual emission ·
``disclosure`` · ``waste`` · ``quotas`` and ``tax``: accounts · ``services``: firms that serve enterprises.
They say what happened to an enterprise as `huanzhi.ecocode.occurrence.Occurrence`; ``grades`` judges it.
"""
