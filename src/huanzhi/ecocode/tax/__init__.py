"""Environmental tax 环境保护税 by enterprise and quarter: draft, confirmation, review, exchange.

`drafting` computes a draft of a quarter from quantities (online monitoring, or a sheet), `declaring` lets the
enterprise confirm or amend it with reasons, `reviewing` holds it against online data and makes the list of
differences, `exporting` the file for the tax office. The arithmetic is `huanzhi.assess.tax`. Rates that a
city adds stand in `TaxRate`.
"""
