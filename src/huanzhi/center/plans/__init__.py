"""Plans 计划台账: documents that were read, their items under review, and the ledger of accepted measures.

`intake.take_in` keeps a document with what `huanzhi.plans` found in it, `reviewing.decide` accepts, edits or
rejects an item, `ledger.move` is the one door through which a measure goes on, `finishing` writes it off by
two people.
"""
