"""Accounts 账户: double entry for what is held, moved, frozen and used up: quotas, waste, carbon.

Every transaction 交易 is a set of postings that sum to nothing for each commodity, so that all accounts of
a scheme together always hold nothing: what was issued stands as a debt of the account that issued it. An
account has a free part and a frozen part; neither is ever negative, but for accounts that issue for ever.
Transactions are never changed: a wrong one is turned back by a new one. The same receipt is posted once.

`posting.post` is the one door, `posting.reverse` its way back, `reading.balances` what stood on a day,
`checking.check` recounts everything. Who may post is asked by the room that posts.
"""
