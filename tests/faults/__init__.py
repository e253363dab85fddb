"""Faults: the gateway is killed, or its disk loses what was not synced, while machines work in it over TCP."""
