"""Issues 问题: whatever anyone or anything found, with a number, an owner, a deadline, evidence and an end.

`opening.open_issue` makes one, `moving.move` is the one door through which it goes on; the table of states is
``data/states.toml``. Other rooms of the center open issues and read them, and never touch their rows.
"""
