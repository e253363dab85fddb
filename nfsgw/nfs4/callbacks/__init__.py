"""The back channel: what the gateway asks of its clients. RFC 8881, 2.10.3.1 and 20."""
