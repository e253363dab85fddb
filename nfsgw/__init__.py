"""nfsgw: an NFSv4.0, 4.1 and 4.2 gateway on SQLite and S3."""

__version__ = "0.1.0"
