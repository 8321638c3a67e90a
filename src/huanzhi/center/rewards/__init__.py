"""Rewards 举报奖励: what a verified report earns by the rulebook of its place, paid by a code without a name.

One person applies, another approves, a third pays out; whoever reported is known to none of them by this.
"""
