"""What is counted, and how it is told.

`counts.py` and `timings.py` are what the working parts add to; `catalogue.py` is the one list of all metrics and of
where each is read; `collector.py` does so when somebody asks.
"""
