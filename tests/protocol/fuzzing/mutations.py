"""What happens to a valid message on its way: bytes, words, lengths, whole operations. Pure functions of bytes.

A mutation is three small numbers, so that hypothesis can draw and shrink it: what, where (a fraction of the message),
and a value.
"""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    0,
    1,
    2,
    3,
    4,
    5,
    8,
    16,
    255,
    256,
    4096,
    0x7FFF,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
WHERE = 1 << 12

FLIP, BYTE, WORD, NEAR, NUMBER, CUT, DROP, REPEAT, INSERT, SWAP = range(10)

Mutation = tuple[int, int, int]

mutations = st.lists(
    st.tuples(st.integers(FLIP, SWAP), st.integers(0, WHERE - 1), st.integers(0, 255)), min_size=1, max_size=4
)


def mutated(message: bytes, changes: list[Mutation], start: int = 0) -> bytes:
    """The bytes before `start` stay as they are."""
    head, body = message[:start], bytearray(message[start:])
    for what, where, value in changes:
        if len(body) < 4:
            break
        change(body, what, where, value)
    return head + bytes(body)


def change(body: bytearray, what: int, where: int, value: int) -> None:
    at = where * len(body) // WHERE
    word = at & ~3 if at + 4 <= len(body) else (len(body) - 4) & ~3
    if what == FLIP:
        body[at] ^= 1 << (value & 7)
    elif what == BYTE:
        body[at] = value
    elif what == WORD:
        body[word : word + 4] = WORDS[value % len(WORDS)].to_bytes(4, "big")
    elif what == NEAR:
        near = int.from_bytes(body[word : word + 4], "big") + (value % 17) - 8
        body[word : word + 4] = (near & 0xFFFFFFFF).to_bytes(4, "big")
    elif what == NUMBER:  # of an operation, as it may be
        body[word : word + 4] = (value % 80).to_bytes(4, "big")
    elif what == CUT:
        del body[at:]
    elif what == DROP:
        del body[word : word + 4 * (1 + value % 8)]
    elif what == REPEAT:
        body[word:word] = body[word : word + 4 * (1 + value % 32)]
    elif what == INSERT:
        body[word:word] = WORDS[value % len(WORDS)].to_bytes(4, "big") * (1 + value % 3)
    elif what == SWAP:
        other = (value * len(body) // 256) & ~3
        if other + 4 <= len(body):
            body[word : word + 4], body[other : other + 4] = body[other : other + 4], body[word : word + 4]
