"""The centre 一中心: warnings, and the issues that they become."""
