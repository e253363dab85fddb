"""Gateways that follow one another on one folder."""

from __future__ import annotations

from tests.protocol.machines import House, Machine


class Town:
    """The house that stands now, and those that stood before."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def crash(self) -> House:
        await self.house.crash()
        self.house = await self.house.restarted()
        return self.house


async def joined(town: Town, name: str) -> Machine:
    machine = Machine(town.house, name)
    await machine.join()
    return machine
