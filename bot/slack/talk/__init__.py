"""Answers brokers: what they write, press and fill in, for their clients and for what was referred to them."""
