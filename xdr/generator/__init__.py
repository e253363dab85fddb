"""Turns XDR interface definitions into the codecs of `nfsgw/wire/`.

Never needed at run time: the emitted modules are committed. `parser` reads a definition (RFC 4506, RFC 5531), `tree` is
what it says, `checks` refuses what cannot be emitted, `emitter` writes Python that mypyc compiles well.
"""
