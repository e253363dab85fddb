"""The long random run: many requests of several machines at once against a gateway, its history checked against a
sequential model. README.md says how it is run."""
