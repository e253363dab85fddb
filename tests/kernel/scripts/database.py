"""SQLite in the mount, several processes writing at once: no transaction is lost, none is seen half."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.kernel.scripts.checks import check, ended, expect, forget, in_child, main, parameter, run

WRITERS = 4
EACH = parameter("transactions", 40)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that begins transactions itself, and waits long for its turn."""
    return sqlite3.connect(path, timeout=120, isolation_level=None)


def prepare(path: Path, journal: str) -> None:
    """Two accounts that together always have 1000, and a log of transfers."""
    with closing(connect(path)) as database:
        found = database.execute(f"pragma journal_mode={journal}").fetchone()[0]
        expect(found, journal, "journal mode")
        database.execute("create table account(name text primary key, amount integer not null)")
        database.execute("create table transfer(writer integer, number integer, primary key(writer, number))")
        database.execute("insert into account values('a', 500), ('b', 500)")


def transfer(path: Path, writer: int) -> None:
    """EACH transactions, every one checking that it sees a whole state."""
    with closing(connect(path)) as database:
        for number in range(EACH):
            database.execute("begin immediate")
            total = database.execute("select sum(amount) from account").fetchone()[0]
            expect(total, 1000, "the sum inside a transaction")
            database.execute("update account set amount = amount - 1 where name = 'a'")
            database.execute("update account set amount = amount + 1 where name = 'b'")
            database.execute("insert into transfer values(?, ?)", (writer, number))
            database.execute("commit")


def concurrent(path: Path, journal: str) -> None:
    """WRITERS processes at once, then the state as the server has it."""
    prepare(path, journal)
    ended([in_child(transfer, path, writer) for writer in range(WRITERS)])
    forget()
    with closing(connect(path)) as database:
        expect(database.execute("pragma integrity_check").fetchall(), [("ok",)], "integrity")
        expect(database.execute("select count(*) from transfer").fetchone()[0], WRITERS * EACH, "transfers")
        found = database.execute("select amount from account order by name").fetchall()
        expect(found, [(500 - WRITERS * EACH,), (500 + WRITERS * EACH,)], "amounts")


@check("rollback journal, four writers")
def rollback(work: Path) -> None:
    concurrent(work / "rollback.db", "delete")


@check("write-ahead log, four writers of one machine")
def write_ahead(work: Path) -> None:
    concurrent(work / "wal.db", "wal")


@check("the sqlite3 program, vacuum and a big transaction")
def program(work: Path) -> None:
    many = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)"
    script = f"create table t(a, b); {many} insert into t select x, hex(randomblob(50)) from n; create index i on t(b);"
    run("sqlite3", str(work / "big.db"), stdin=script)
    run("sqlite3", str(work / "big.db"), stdin="delete from t where a % 2; vacuum;")
    forget()
    found = run("sqlite3", str(work / "big.db"), stdin="pragma integrity_check; select count(*) from t;")
    expect(found.split(), ["ok", "10000"], "the database")


if __name__ == "__main__":
    main()
