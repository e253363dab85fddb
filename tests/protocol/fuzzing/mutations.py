"""What happens to a valid message on its way: bytes, words, lengths, fields. Pure functions of bytes and chance.

Where a mutation falls decides how far it gets: most are aimed at the arguments of one operation, so that those before
it still run and it is really tried.
"""

from __future__ import annotations

from random import Random

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
KINDS = 9
FLIP, BYTE, WORD, NEAR, CUT, DROP, REPEAT, INSERT, SWAP = range(KINDS)
GENTLE = (FLIP, BYTE, WORD, WORD, NEAR, NEAR)  # the layout stays

# What is aimed at.
LAST, ONE, BODY, ALL = range(4)
AIMS = (LAST, LAST, LAST, LAST, ONE, ONE, BODY, ALL)


def mutated(message: bytes, chance: Random, start: int = 0, end: int = 1 << 30) -> bytes:
    """One to three mutations between `start` and `end`."""
    body = bytearray(message[start:end])
    gentle = chance.random() < 0.7
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if len(body) >= 4:
            change(body, chance.choice(GENTLE) if gentle else chance.randrange(KINDS), chance)
    return message[:start] + bytes(body) + message[end:]


def compound_mutated(message: bytes, starts: list[int], chance: Random) -> bytes:
    """`starts`: where in the message its operations begin, SEQUENCE as the first; and its end."""
    aim = chance.choice(AIMS)
    if aim == ALL:
        return mutated(message, chance, starts[0] - 12)
    if aim == BODY:
        return mutated(message, chance, starts[1])
    place = len(starts) - 2 if aim == LAST else chance.randrange(len(starts) - 1)
    begin = starts[place]
    if starts[place + 1] - begin > 4 and chance.random() < 0.9:
        begin += 4  # the operation stays what it is, its arguments change
    return mutated(message, chance, begin, starts[place + 1])


def change(body: bytearray, what: int, chance: Random) -> None:
    at = chance.randrange(len(body))
    word = min(at, len(body) - 4) & ~3
    if what == FLIP:
        body[at] ^= 1 << chance.randrange(8)
    elif what == BYTE:
        body[at] = chance.randrange(256)
    elif what == WORD:
        body[word : word + 4] = chance.choice(WORDS).to_bytes(4, "big")
    elif what == NEAR:
        near = int.from_bytes(body[word : word + 4], "big") + chance.randint(-8, 8)
        body[word : word + 4] = (near & 0xFFFFFFFF).to_bytes(4, "big")
    elif what == CUT:
        del body[at:]
    elif what == DROP:
        del body[word : word + 4 * chance.randint(1, 8)]
    elif what == REPEAT:
        body[word:word] = body[word : word + 4 * chance.randint(1, 32)]
    elif what == INSERT:
        body[word:word] = chance.choice(WORDS).to_bytes(4, "big") * chance.randint(1, 3)
    elif what == SWAP:
        other = chance.randrange(len(body) - 3) & ~3
        body[word : word + 4], body[other : other + 4] = body[other : other + 4], body[word : word + 4]
