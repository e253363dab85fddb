"""The configuration: one table of keys, and what a file, the environment and the command line make of it.

`keys` is the only place that knows a key, its kind, its default and its bounds; documentation, `nfsgw config` and all
checks are made from it. Nothing here knows what a value is used for.
"""

from nfsgw.config.load import Config, ConfigError, load

__all__ = ["Config", "ConfigError", "load"]
