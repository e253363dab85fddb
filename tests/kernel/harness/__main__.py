"""The harness by hand: `python -m tests.kernel.harness build|kernels|run|cleanup`.

`run` boots guests, mounts, runs scripts and shell text in every guest at once, one after the other, and prints what
they print with the guest's number before it. Its exit status is the first one that is not 0.
"""

import argparse
import os
import subprocess
import sys
import time

from tests.kernel.harness.build import build
from tests.kernel.harness.errors import HarnessError
from tests.kernel.harness.fleet import MOUNT, Action, Fleet
from tests.kernel.harness.network import abandoned, remove
from tests.kernel.harness.processes import end_session

STARTED = time.monotonic()
MARK = {"out": "", "err": "! ", "log": "# "}


def show(guest: int, kind: str, line: str) -> None:
    """A line of a guest's output."""
    print(f"{time.monotonic() - STARTED:7.2f} [{guest}] {MARK[kind]}{line}", flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.kernel.harness", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="make relay, kernels and image now")
    commands.add_parser("kernels", help="list the kernels")
    commands.add_parser("cleanup", help="end what a killed harness has left behind")
    run = commands.add_parser("run", help="boot guests and run something in them")
    run.add_argument("--server-port", type=int, default=2049, metavar="P", help="the server's port on 127.0.0.1")
    run.add_argument("--clients", type=int, default=1, metavar="N")
    run.add_argument("--kernel", default="trixie", help="suite or version (trixie)")
    run.add_argument("--opts", default=MOUNT, help="mount options (the recipe of the product)")
    run.add_argument("--no-mount", action="store_true")
    run.add_argument("--memory", type=int, default=512, metavar="MIB")
    run.add_argument("--param", action="append", default=[], metavar="MODULE.NAME=VALUE", help="a module parameter")
    run.add_argument("--do", action="append", default=[], metavar="NAME=CMD", help="for hostctl do NAME")
    run.add_argument("--timeout", type=float, default=600, metavar="S", help="of each script")
    run.add_argument("--keep-going", action="store_true", help="run the next script after a failure too")
    run.add_argument("--cmd", action="append", default=[], metavar="TEXT", help="bash to run after the scripts")
    run.add_argument(
        "scripts", nargs="*", metavar="SCRIPT", help="name in tests/kernel/scripts, with arguments in quotes"
    )
    return parser.parse_args()


def shell_action(command: str) -> Action:
    """A host command as something that guests may ask for."""

    def act(*args: str) -> str:
        done = subprocess.run(
            ("bash", "-c", command, "do", *args), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return act


def run(args: argparse.Namespace) -> int:
    """Boots, mounts, runs. Returns the exit status."""
    status = 0
    with Fleet(args.server_port, args.clients, args.kernel, args.memory, watch=show) as fleet:
        show(0, "log", f"Linux {fleet.kernel.version}, {args.clients} guests up")
        for word in args.do:
            name, _, command = word.partition("=")
            fleet.actions[name] = shell_action(command)
        if not args.no_mount:
            for index, options in enumerate(fleet.mount(args.opts, dict(word.split("=", 1) for word in args.param))):
                show(index, "log", options)
        for words in [*(script.split() for script in args.scripts), *([text] for text in args.cmd)]:
            is_shell = len(words) == 1 and words[0] in args.cmd
            jobs = [
                machine.start(["bash", "-c", words[0]]) if is_shell else machine.start_script(*words)
                for machine in fleet
            ]
            for index, job in enumerate(jobs):
                result = job.wait(args.timeout)
                show(index, "log", f"{words[0].splitlines()[0]}: exit {result.status} after {result.seconds:.2f} s")
                status = status or result.status
            if status and not args.keep_going:
                break
        if not args.no_mount:
            fleet.unmount()
    return status


def cleanup() -> int:
    """Ends the guests of harnesses that were killed."""
    for namespace in abandoned():
        for process in remove(namespace):
            try:
                end_session(os.getsid(process))
            except ProcessLookupError:
                continue
        print(f"removed {namespace}")
    return 0


def main() -> int:
    """Returns the exit status: 2 when the harness itself could not do its work."""
    args = arguments()
    try:
        if args.command == "cleanup":
            return cleanup()
        if args.command == "run":
            return run(args)
        for kernel in build().kernels:
            print(f"{kernel.suite:10} Linux {kernel.version}")
    except (HarnessError, LookupError) as problem:
        print(f"tests.kernel.harness: {problem}", file=sys.stderr)
        return 2
    except AssertionError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


sys.exit(main())
