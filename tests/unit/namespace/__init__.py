"""Tests of nfsgw.namespace."""
