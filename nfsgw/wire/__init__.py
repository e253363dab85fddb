"""XDR codecs, emitted by `python -m xdr.generate` from `xdr/`: not to be edited by hand.

`runtime` reads and writes primitive values, `rpc`, `nfs4` and `nfs4_cb` are the protocols. Nothing here imports
anything else of the project.
"""
