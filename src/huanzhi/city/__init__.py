"""The test city 测试城市: simulated data with known truth. Everything from here is marked simulated.

Every value of the city is a pure function of seed and time: a moment can be had without the moments before
it, the same seed gives the same values, frames and truth.
"""
