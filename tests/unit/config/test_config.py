"""The configuration: sources and their order, kinds, and what is said about mistakes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nfsgw.config import ConfigError, load
from nfsgw.config.document import as_data, default_file, document, in_force
from nfsgw.config.keys import KEYS, SECTIONS

ROOT = Path(__file__).resolve().parents[3]


def written(folder: Path, text: str) -> str:
    path = folder / "nfsgw.toml"
    path.write_text(text)
    return str(path)


# -- the table


def test_every_key_is_in_a_known_section_and_its_default_is_possible() -> None:
    assert {key.section for key in KEYS} == set(SECTIONS)
    for key in KEYS:
        shown = tomllib.loads(f"value = {key.kind.show(key.default)}")["value"]
        assert key.kind.from_toml(shown) == key.default, key.name


def test_names_and_variables_are_unique() -> None:
    assert len({key.name for key in KEYS}) == len({key.variable for key in KEYS}) == len(KEYS)


def test_the_documentation_is_the_one_that_the_table_makes() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text() == document()


def test_the_file_of_defaults_read_back_changes_nothing(tmp_path: Path) -> None:
    uncommented = "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in default_file().splitlines()
    )
    config = load(written(tmp_path, uncommented), {}, [])
    assert config.values == load(None, {}, []).values
    assert set(config.origins.values()) == {str(tmp_path / "nfsgw.toml")}


def test_what_is_shown_as_in_force_can_be_read_back(tmp_path: Path) -> None:
    config = load(None, {}, [("store.url", 's3://a"b\\c'), ("nfs.root_mode", "1777"), ("nfs.minor_versions", "2")])
    again = load(written(tmp_path, in_force(config)), {}, [])
    assert again.values == config.values


# -- sources


def test_later_sources_win(tmp_path: Path) -> None:
    path = written(tmp_path, "[server]\nport = 1\nmax_connections = 11\nlisten = '::'\n")
    environment = {"NFSGW_SERVER__PORT": "2", "NFSGW_SERVER__MAX_CONNECTIONS": "12", "NFSGW_PURE": "1", "HOME": "/"}
    config = load(path, environment, [("server.port", "3"), ("server.port", "4")])
    assert config.integer("server.port") == 4
    assert config.integer("server.max_connections") == 12
    assert config.text("server.listen") == "::"
    assert config.origins["server.port"] == "--set"
    assert config.origins["server.max_connections"] == "environment variable NFSGW_SERVER__MAX_CONNECTIONS"
    assert config.origins["server.listen"] == path
    assert config.origins["log.level"] == "default"


def test_variables_are_replaced_in_the_file_and_in_set_but_not_in_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, '[store]\nsecret_key = "${SECRET}"\nregion = "$${PLAIN}"\n[server]\nport = "${PORT}"\n')
    environment = {"SECRET": "a${b}", "PORT": "7", "NFSGW_STORE__ENDPOINT": "${SECRET}"}
    config = load(path, environment, [("store.access_key", "x${PORT}y")])
    assert config.text("store.secret_key") == "a${b}"
    assert config.text("store.region") == "${PLAIN}"
    assert config.text("store.endpoint") == "${SECRET}"
    assert config.text("store.access_key") == "x7y"
    assert config.integer("server.port") == 7


def test_a_credential_of_the_service_manager_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "store-key").write_text("s3cr${et}\n")
    path = written(tmp_path, '[store]\nsecret_key = "${credential:store-key}"\n')
    config = load(path, {"CREDENTIALS_DIRECTORY": str(tmp_path)}, [])
    assert config.text("store.secret_key") == "s3cr${et}"
    for environment, said in (
        ({}, "store.secret_key: the credential store-key is wanted, and CREDENTIALS_DIRECTORY is not set"),
        ({"CREDENTIALS_DIRECTORY": str(tmp_path / "none")}, "the credential store-key cannot be read in"),
    ):
        with pytest.raises(ConfigError, match=said):
            load(path, environment, [])


@pytest.mark.parametrize("name", ["", "../store-key", "/etc/passwd"])
def test_a_credential_is_a_file_of_the_credentials_directory_and_no_other(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="a credential cannot be called"):
        load(None, {"CREDENTIALS_DIRECTORY": str(tmp_path)}, [("store.secret_key", "${credential:" + name + "}")])


def test_secrets_are_not_shown() -> None:
    config = load(None, {}, [("store.secret_key", "very secret"), ("store.access_key", "AKIA")])
    assert "very secret" not in in_force(config)
    assert "AKIA" not in in_force(config)
    assert as_data(config)["store.secret_key"]["value"] == "***"
    assert as_data(load(None, {}, []))["store.secret_key"]["value"] == ""


# -- kinds


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("server.port", "0", 0),
        ("chunks.staging_limit", "64 GiB", 64 << 30),
        ("chunks.staging_limit", "20000000", 20_000_000),
        ("chunks.staging_limit", "1.5tib", 3 << 39),
        ("chunks.staging_limit", "100MB", 100_000_000),
        ("nfs.root_mode", "0o750", 0o750),
        ("nfs.root_mode", "1777", 0o1777),
        ("nfs.minor_versions", "2,1,1", (1, 2)),
        ("nfs.minor_versions", "[2]", (2,)),
        ("store.path_style", "yes", True),
        ("store.path_style", "false", False),
        ("chunks.flush_after", "0.5", 0.5),
        ("nfs.root_squash", "all", "all"),
    ],
)
def test_text_becomes_a_value(name: str, text: str, value: object) -> None:
    assert load(None, {}, [(name, text)]).values[name] == value


def test_values_of_a_file_have_toml_types(tmp_path: Path) -> None:
    text = (
        "[nfs]\nminor_versions = [2]\n[store]\npath_style = true\n[chunks]\nflush_after = 1\nstaging_limit = 16777216\n"
    )
    config = load(written(tmp_path, text), {}, [])
    assert config.integers("nfs.minor_versions") == (2,)
    assert config.flag("store.path_style") is True
    assert config.number("chunks.flush_after") == 1.0
    assert config.integer("chunks.staging_limit") == 1 << 24


# -- mistakes: one line that names the key, where it stands, and the mend


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("server.prot", "1", "--set: there is no key server.prot; did you mean server.port?"),
        ("port", "1", "there is no key port; did you mean server.port?"),
        ("chunks.lease_seconds", "1", "did you mean nfs.lease_seconds?"),
        ("x.y", "1", "there is no key x.y; `nfsgw config default` shows all"),
        ("server.port", "65536", "--set: server.port: 0 to 65535 is possible, not 65536"),
        ("server.port", "http", "server.port: a whole number is wanted, not 'http'"),
        ("server.port", "", "a whole number is wanted, not ''"),
        ("nfs.root_squash", "yes", "one of none, root, all is wanted, not 'yes'"),
        ("nfs.root_mode", "0888", 'an octal mode like "0755" is wanted'),
        ("nfs.root_mode", "17777", "an octal mode"),
        ("nfs.minor_versions", "3", "3 is not possible, only 0, 1, 2"),
        ("nfs.minor_versions", "", "whole numbers separated by commas"),
        ("chunks.staging_limit", "64 Gigs", "like \"64 GiB\", not '64 Gigs'"),
        ("chunks.staging_limit", "1 KiB", "16 MiB to"),
        ("chunks.flush_after", "soon", "a number of seconds is wanted, not 'soon'"),
        ("chunks.flush_after", "nan", "seconds are possible, not nan"),
        ("store.path_style", "maybe", "true or false is wanted, not 'maybe'"),
        (
            "store.secret_key",
            "${NFSGW_TEST_UNSET}",
            "the environment variable NFSGW_TEST_UNSET is not set",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_that_says_what_is_right(name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {}, [(name, text)])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sever]\nport = 1\n", "there is no section [sever]; did you mean server?"),
        ("server = 1\n", "write [server] on a line of its own"),
        ("[server]\nportt = 1\n", "did you mean server.port?"),
        ("[server]\nport = true\n", "server.port: integer is wanted"),
        ("[server]\nport = 1.5\n", "server.port: integer is wanted"),
        ("[server]\nlisten = 5\n", "server.listen: string is wanted"),
        ("[nfs]\nminor_versions = []\n", "at least one is wanted"),
        ("[nfs]\nroot_mode = 755\n", "nfs.root_mode: octal string is wanted"),
        ("[server\n", "is not TOML"),
        ("[log]\nlevel = '\udcff'\n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "nfsgw.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError) as caught:
        load(str(path), {}, [])
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_said() -> None:
    with pytest.raises(ConfigError, match=r"/nowhere/nfsgw\.toml: cannot be read: No such file"):
        load("/nowhere/nfsgw.toml", {}, [])


def test_a_misspelt_variable_is_said() -> None:
    with pytest.raises(ConfigError, match="NFSGW_SERVER__PROT: there is no such key; did you mean NFSGW_SERVER__PORT"):
        load(None, {"NFSGW_SERVER__PROT": "1"}, [])
