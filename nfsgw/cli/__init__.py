"""The command line: parses, loads the configuration, hands over to one module per command.

A command returns its exit code: 0 done, 1 it could not be done, 2 the configuration or the command line is wrong, 3 no
gateway is running. What goes wrong is one line on standard error, never a traceback; output for programs is on standard
output.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from nfsgw.config import Config, ConfigError, load

DONE = 0
FAILED = 1
WRONG = 2
NOT_RUNNING = 3

SHORT = {"data_dir": "data.dir", "listen": "server.listen", "port": "server.port", "store": "store.url"}


class Failure(Exception):
    """A command ends: one line for the operator and an exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except ConfigError as error:
        print(f"nfsgw: {error}", file=sys.stderr)
        return WRONG
    except Failure as failure:
        print(f"nfsgw: {failure}", file=sys.stderr)
        return failure.code
    except BrokenPipeError:
        # whoever read our output has gone; what is still buffered must not raise again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="nfsgw",
        description="An NFSv4.0, 4.1 and 4.2 gateway: one workspace for many machines, on SQLite and an object store.",
        epilog="Exit codes: 0 done; 1 it could not be done; 2 wrong configuration or command line; 3 no gateway runs.",
    )
    commands = root.add_subparsers(metavar="COMMAND", required=True)

    serve = command(commands, "serve", run_serve, "serve a data directory; an empty one is made ready first")
    configured(serve)
    serve.add_argument("--listen", metavar="ADDRESS", help="short for --set server.listen=ADDRESS")
    serve.add_argument("--port", metavar="PORT", help="short for --set server.port=PORT; 0 for any free one")
    serve.add_argument("--store", metavar="URL", help="short for --set store.url=URL")

    configured(command(commands, "init", run_init, "make a data directory ready without serving it"))

    config = command(commands, "config", None, "check, show or document the configuration")
    actions = config.add_subparsers(metavar="ACTION", required=True)
    configured(command(actions, "check", run_config_check, "say what is wrong with the configuration"))
    configured(command(actions, "show", run_config_show, "what is in force, and where each value comes from", True))
    command(actions, "default", run_config_default, "a configuration file with every key and its default")
    command(actions, "document", run_config_document, "docs/configuration.md")

    for name, about in (
        ("status", "how the running gateway does"),
        ("clients", "the clients it knows"),
        ("sessions", "their sessions"),
        ("opens", "the files they hold open"),
        ("locks", "the byte ranges they have locked"),
        ("delegations", "the files and directories that they may use without asking"),
    ):
        asking = command(commands, name, run_ask, about, True)
        configured(asking)
        asking.set_defaults(question=name)
        if name == "clients":
            orders = asking.add_subparsers(metavar="ACTION")
            evicting = command(orders, "evict", run_evict, "take all that a client holds from it, at once", True)
            configured(evicting)
            evicting.add_argument("client", metavar="CLIENT", help="its number, as `nfsgw clients` shows it")

    mounting = command(commands, "mount", run_mount, "mount a gateway's workspace on this machine")
    mounting.add_argument("source", metavar="GATEWAY[:PATH]", help="its name or address, and a directory of its tree")
    mounting.add_argument("directory", metavar="DIRECTORY", help="where")
    mounting.add_argument("--port", metavar="PORT", type=int, default=2049, help="of the gateway (2049)")
    mounting.add_argument("-o", metavar="OPTIONS", dest="more", default="", help="more mount options, which win")
    mounting.add_argument("--print", action="store_true", dest="only_print", help="say the command, do nothing")

    warming = command(commands, "warmup", run_warmup, "fetch what lies under a path before anybody reads it", True)
    configured(warming)
    warming.add_argument("path", metavar="PATH", help="a file or directory of the tree, as clients see it: /a/b")

    collecting = command(commands, "gc", run_gc, "find objects in the store that nothing refers to", True)
    configured(collecting)
    collecting.add_argument("--delete", action="store_true", help="delete them; without it they are only counted")
    collecting.add_argument(
        "--age", metavar="SECONDS", type=float, default=86400.0, help="spare what is younger than this (86400)"
    )

    checking = command(commands, "fsck", run_fsck, "check that tree, staging files and store agree", True)
    configured(checking)
    checking.add_argument("--deep", action="store_true", help="read every object and compare its checksum")
    checking.add_argument("--repair", action="store_true", help="mend what can be mended; the gateway must be stopped")
    checking.add_argument(
        "--accept-loss", action="store_true", help="with --repair: chunks whose bytes are lost become zeros"
    )

    saving = command(commands, "backup", run_backup, "copy the tree, and the bytes not uploaded yet, into one file")
    configured(saving)
    saving.add_argument("file", metavar="FILE", help="the file to make")

    restoring = command(commands, "restore", run_restore, "make a data directory of a backup")
    configured(restoring)
    restoring.add_argument("file", metavar="FILE", nargs="?", help="what `nfsgw backup` made")
    restoring.add_argument(
        "--in-place",
        action="store_true",
        help="instead of a FILE: what lies in the data directory is an older state, put back by other means",
    )
    restoring.add_argument("--replica", action="store_true", help="instead of a FILE: what Litestream has copied last")

    replicating = command(commands, "replicate", run_replicate, "run Litestream on the database, as configured")
    configured(replicating)
    replicating.add_argument("--show", action="store_true", help="print what Litestream would be told, and end")

    dumping = command(commands, "dump", run_dump, "write the whole tree into a tar archive")
    configured(dumping)
    dumping.add_argument("file", metavar="FILE", help="the archive to make; - for standard output")

    loading = command(commands, "load", run_load, "make a filesystem of a tar archive")
    configured(loading)
    loading.add_argument("file", metavar="FILE", help="the archive; - for standard input")

    command(commands, "version", run_version, "the version of nfsgw and of what it stands on", True)
    return root


def command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int] | None,
    about: str,
    json: bool = False,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    if run is not None:
        added.set_defaults(run=run)
    if json:
        added.add_argument("--json", action="store_true", help="for programs")
    return added


def configured(added: argparse.ArgumentParser) -> None:
    added.add_argument("--config", metavar="FILE", help="a TOML file")
    added.add_argument("--data-dir", metavar="DIR", help="short for --set data.dir=DIR")
    added.add_argument(
        "--set", metavar="SECTION.KEY=VALUE", action="append", default=[], help="set any key; may be repeated"
    )


def configuration(options: argparse.Namespace) -> Config:
    """The configuration that the options ask for. ConfigError."""
    settings: list[tuple[str, str]] = []
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set {text}: write it as --set section.key=value")
        settings.append((name.strip(), value))
    for option, key in SHORT.items():
        value = getattr(options, option, None)
        if value is not None:
            settings.append((key, value))
    return load(options.config, os.environ, settings)


def run_serve(options: argparse.Namespace) -> int:
    from nfsgw.cli.serve import serve

    return serve(configuration(options), lambda: configuration(options))


def run_init(options: argparse.Namespace) -> int:
    from nfsgw.cli.serve import init

    return init(configuration(options))


def run_config_check(options: argparse.Namespace) -> int:
    configuration(options)
    print("the configuration is in order")
    return DONE


def run_config_show(options: argparse.Namespace) -> int:
    from nfsgw.cli.show import in_json
    from nfsgw.config.document import as_data, in_force

    config = configuration(options)
    print(in_json(as_data(config)) if options.json else in_force(config))
    return DONE


def run_config_default(options: argparse.Namespace) -> int:
    from nfsgw.config.document import default_file

    print(default_file())
    return DONE


def run_config_document(options: argparse.Namespace) -> int:
    from nfsgw.config.document import document

    print(document(), end="")
    return DONE


def run_ask(options: argparse.Namespace) -> int:
    from nfsgw.cli.show import asked

    print(asked(configuration(options), options.question, options.json))
    return DONE


def run_evict(options: argparse.Namespace) -> int:
    from nfsgw.cli.show import asked

    print(asked(configuration(options), "evict", options.json, client=options.client))
    return DONE


def run_mount(options: argparse.Namespace) -> int:
    from nfsgw.client.mount import CannotMount, mount

    more = [option for option in options.more.split(",") if option]
    try:
        mount(options.source, options.directory, options.port, more, options.only_print, print)
    except CannotMount as error:
        raise Failure(str(error)) from error
    return DONE


def run_warmup(options: argparse.Namespace) -> int:
    from nfsgw.cli.warm import warmup

    return warmup(configuration(options), options.path, options.json)


def run_gc(options: argparse.Namespace) -> int:
    from nfsgw.cli.maintain import gc

    return gc(configuration(options), options.delete, options.age, options.json)


def run_fsck(options: argparse.Namespace) -> int:
    from nfsgw.cli.maintain import fsck

    config = configuration(options)
    if options.accept_loss and not options.repair:
        raise Failure("--accept-loss is of use with --repair only", WRONG)
    return fsck(config, options.deep, options.repair, options.accept_loss, options.json)


def run_backup(options: argparse.Namespace) -> int:
    from nfsgw.cli.maintain import backup

    return backup(configuration(options), options.file)


def run_restore(options: argparse.Namespace) -> int:
    from nfsgw.cli.maintain import declare_restored, restore
    from nfsgw.cli.replicate import restore_replica

    config = configuration(options)
    if options.in_place + options.replica + (options.file is not None) != 1:
        raise Failure("one of FILE, --replica and --in-place", WRONG)
    if options.replica:
        return restore_replica(config)
    return declare_restored(config) if options.in_place else restore(config, options.file)


def run_replicate(options: argparse.Namespace) -> int:
    from nfsgw.cli.replicate import replicate

    return replicate(configuration(options), options.show)


def run_dump(options: argparse.Namespace) -> int:
    from nfsgw.cli.carry import dump

    return dump(configuration(options), options.file)


def run_load(options: argparse.Namespace) -> int:
    from nfsgw.cli.carry import load

    return load(configuration(options), options.file)


def run_version(options: argparse.Namespace) -> int:
    from nfsgw.cli.show import version

    print(version(options.json))
    return DONE
