"""git works in the mount: init, commit, branch and merge, clone, gc, fsck."""

from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, parameter, run

FILES = parameter("files", 300)
repository = Path()


def git(where: Path, *words: str) -> str:
    """A git command in the repository `where`."""
    return run("git", "-c", "init.defaultBranch=main", "-c", "gc.auto=0", *words, cwd=where)


@check("init and commits")
def commits(work: Path) -> None:
    global repository
    repository = work / "origin"
    repository.mkdir()
    git(repository, "init", "-q")
    for number in range(FILES):
        folder = repository / f"folder {number % 9}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(f"line {number}\n" * (number % 50 + 1))
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "one")
    for number in range(0, FILES, 3):
        (repository / f"folder {number % 9}" / f"{number}.txt").write_text(f"changed {number}\n")
    git(repository, "commit", "-qam", "two")
    git(repository, "mv", "folder 1", "moved")
    git(repository, "commit", "-qm", "three")
    expect(git(repository, "status", "--porcelain"), "", "status after the commits")
    expect(git(repository, "rev-list", "--count", "HEAD").strip(), "3", "commits")


@check("branch and merge")
def merge(work: Path) -> None:
    git(repository, "checkout", "-qb", "side")
    (repository / "side.txt").write_text("side\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "side")
    git(repository, "checkout", "-q", "main")
    expect((repository / "side.txt").exists(), False, "a file of the other branch")
    git(repository, "merge", "-q", "--no-ff", "-m", "merged", "side")
    expect((repository / "side.txt").read_text(), "side\n", "the merged file")


@check("clone")
def clone(work: Path) -> None:
    git(work, "clone", "-q", "--no-hardlinks", str(repository), "copied")
    git(work, "clone", "-q", str(repository), "linked")
    forget()
    for name in ("copied", "linked"):
        run("diff", "-r", "-x", ".git", str(repository), str(work / name))
        git(work / name, "fsck", "--full", "--strict")


@check("gc, then fsck")
def gc(work: Path) -> None:
    git(repository, "gc", "-q", "--prune=now")
    forget()
    git(repository, "fsck", "--full", "--strict")
    expect(git(repository, "status", "--porcelain"), "", "status after gc")
    packs = list((repository / ".git/objects/pack").glob("*.pack"))
    expect(len(packs), 1, "packs after gc")


if __name__ == "__main__":
    main()
