"""Measurements. Not part of the test run: figures mean something only on a machine that does nothing else."""
