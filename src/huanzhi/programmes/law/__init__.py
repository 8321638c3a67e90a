"""The law to look at 标准查阅: standards, editions and parameters as people read, search and compare them."""
