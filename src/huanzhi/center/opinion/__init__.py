"""Public opinion 舆情.

What media and people write, its grade, who answers until when, and what was answered.
"""
