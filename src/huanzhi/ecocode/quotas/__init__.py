"""Emission quotas 排污权: what an enterprise may emit of a pollutant by the year, and how it changes hands.

A quota is a yearly amount [t/a] with a term. `dealing` drafts deals (initial grant, transfer, sale from the
reserve, buy-back), which are carried out when a second person approved them. `pledging` freezes what is
pledged to a bank. `expiring` takes away what is past its term. `position` holds quota against permit and
actual emission. The accounts themselves are `huanzhi.library.accounts`, scheme ``quota``.
"""
