"""The test city 测试城市: simulated data with known truth. Everything from here is marked simulated."""
