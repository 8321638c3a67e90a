"""Watching 值守: rules held over the newest minutes of every series; what they see becomes warnings."""
