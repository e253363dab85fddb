"""Power loss: what the gateway does to its disk is recorded, and a disk is made as it may be found after a cut."""
