"""Publications 信息公开: what is made public, by two people, with its versions and its corrections."""
