"""Petitions 信访举报.

What citizens tell by telephone, web, WeChat or letter, from receipt to an answer and a rating.

`intake.receive` takes one in and keeps the informant apart, `moving.move` is the one door through which it
goes on,
`replying` answers by two people. What is known of an informant stands in `models.Informant`, sealed, for
its handlers
only; every other word is masked before it is kept.
"""
