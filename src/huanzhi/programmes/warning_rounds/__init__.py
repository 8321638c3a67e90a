"""Rounds of warnings 预警研判: regular work that holds rules over the store and raises what they find."""
