"""A small C project is built with make: headers, a static library, a program; then incrementally, then cleaned."""

from pathlib import Path

from tests.kernel.scripts.checks import check, expect, forget, main, run

UNITS = 12
MAKEFILE = """\
UNITS := $(basename $(notdir $(wildcard src/*.c)))
CFLAGS := -O1 -Iinclude -MMD
program: obj/main.o libunits.a
\t$(CC) -o $@ obj/main.o -L. -lunits
libunits.a: $(filter-out obj/main.o,$(UNITS:%=obj/%.o))
\t$(AR) rcs $@ $^
obj/%.o: src/%.c | obj
\t$(CC) $(CFLAGS) -c -o $@ $<
obj:
\tmkdir obj
clean:
\trm -rf obj libunits.a program
-include $(wildcard obj/*.d)
.PHONY: clean
"""


project = Path()


@check("a build from nothing")
def first_build(work: Path) -> None:
    global project
    project = work
    for folder in ("src", "include"):
        (project / folder).mkdir()
    (project / "Makefile").write_text(MAKEFILE)
    (project / "include/one.h").write_text("#define ONE 1\n")
    for unit in range(UNITS):
        (project / f"include/unit{unit}.h").write_text(f"int unit{unit}(void);\n")
        include = '#include "one.h"\n' if unit == 0 else ""
        value = "ONE" if unit == 0 else "1"
        (project / f"src/unit{unit}.c").write_text(f"{include}int unit{unit}(void) {{ return {value}; }}\n")
    includes = "".join(f'#include "unit{unit}.h"\n' for unit in range(UNITS))
    total = " + ".join(f"unit{unit}()" for unit in range(UNITS))
    (project / "src/main.c").write_text(
        f'#include <stdio.h>\n{includes}int main(void) {{ printf("%d\\n", {total}); return 0; }}\n'
    )
    run("make", "-j4", cwd=project)
    expect(run("./program", cwd=project).strip(), str(UNITS), "what the program prints")


@check("nothing to do the second time")
def nothing(work: Path) -> None:
    forget()
    expect("up to date" in run("make", cwd=project), True, "make says that all is up to date")


@check("a changed header rebuilds what includes it")
def incremental(work: Path) -> None:
    (project / "include/one.h").write_text("#define ONE 100\n")
    said = run("make", cwd=project)
    compiled = [line for line in said.splitlines() if " -c " in line]
    expect(len(compiled), 1, f"units compiled, make said {said}")
    expect(run("./program", cwd=project).strip(), str(UNITS + 99), "what the program prints")


@check("make clean")
def clean(work: Path) -> None:
    run("make", "clean", cwd=project)
    expect(sorted(path.name for path in project.iterdir()), ["Makefile", "include", "src"], "what is left")


if __name__ == "__main__":
    main()
