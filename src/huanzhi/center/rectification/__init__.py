"""Rectification 督察整改: problems that inspections fed back, as tasks from the plan to the write-off.

`opening.open_task` makes a task and its issue, `moving.move` is the one door through which both go on: the
task drives, its issue follows. The table of states is ``data/states.toml``.
"""
