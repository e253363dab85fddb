"""What each layer is told of the configuration: its own settings object, filled from the keys.

The layers do not know the configuration; this is the one place where key and setting meet.
"""

from __future__ import annotations

from typing import Final

from nfsgw.chunks.settings import ChunkSettings
from nfsgw.chunks.stores import StoreOptions
from nfsgw.config import Config
from nfsgw.datadir import DataDirectory
from nfsgw.namespace.settings import NamespaceSettings
from nfsgw.nfs4.settings import ROOT_SQUASH_ALL, ROOT_SQUASH_NONE, ROOT_SQUASH_ROOT, EngineSettings
from nfsgw.nfs4.state.settings import StateSettings

SQUASH: Final = {"none": ROOT_SQUASH_NONE, "root": ROOT_SQUASH_ROOT, "all": ROOT_SQUASH_ALL}


def namespace_settings(config: Config) -> NamespaceSettings:
    settings = NamespaceSettings()
    settings.cache_inodes = config.integer("namespace.cache_inodes")
    settings.cache_entries = config.integer("namespace.cache_entries")
    settings.reserve_bytes = config.integer("namespace.free_space_reserve")
    settings.database_cache_bytes = config.integer("namespace.database_cache")
    if config.text("replication.url"):
        settings.checkpoint_pages = 0  # Litestream writes the log back when it has copied it
    settings.root_uid = config.integer("nfs.root_uid")
    settings.root_gid = config.integer("nfs.root_gid")
    settings.root_mode = config.integer("nfs.root_mode")
    return settings


def fill_chunk_settings(settings: ChunkSettings, config: Config) -> None:
    settings.durability = config.text("chunks.durability")
    settings.flush_after = config.number("chunks.flush_after")
    settings.upload_after = config.number("chunks.upload_after")
    settings.pack_after = config.number("chunks.pack_after")
    settings.staging_limit = config.integer("chunks.staging_limit")
    settings.dirty_limit = config.integer("chunks.dirty_limit")
    settings.cache_limit = config.integer("chunks.cache_limit")
    settings.disk_reserve = config.integer("chunks.disk_reserve")
    settings.hold_writers = config.number("chunks.hold_writers")
    settings.memory_bytes = config.integer("chunks.memory")
    settings.open_files = config.integer("chunks.open_files")
    settings.sync_threads = config.integer("chunks.sync_threads")
    settings.upload_concurrency = config.integer("chunks.upload_concurrency")
    settings.fetch_concurrency = config.integer("chunks.fetch_concurrency")
    settings.read_ahead = config.integer("chunks.read_ahead")
    settings.dead_age = config.number("chunks.dead_age")
    settings.sweep_every = config.number("chunks.sweep_every")
    settings.capacity = config.integer("store.capacity")


def store_options(config: Config) -> StoreOptions:
    options = StoreOptions()
    options.endpoint = config.text("store.endpoint")
    options.region = config.text("store.region")
    options.access_key = config.text("store.access_key")
    options.secret_key = config.text("store.secret_key")
    options.path_style = config.flag("store.path_style")
    options.concurrency = config.integer("store.concurrency")
    options.connect_timeout = config.number("store.connect_timeout")
    options.read_timeout = config.number("store.read_timeout")
    options.hedge_after = config.number("store.hedge_after")
    options.attempts = config.integer("store.attempts")
    return options


def store_url(config: Config, directory: DataDirectory) -> str:
    return config.text("store.url") or f"file://{directory.objects}"


def engine_settings(config: Config, names: NamespaceSettings) -> EngineSettings:
    settings = EngineSettings()
    settings.minor_versions = frozenset(config.integers("nfs.minor_versions"))
    settings.lease_seconds = config.integer("nfs.lease_seconds")
    settings.grace_seconds = config.integer("nfs.grace_seconds")
    settings.root_squash = SQUASH[config.text("nfs.root_squash")]
    settings.anonymous_uid = config.integer("nfs.anonymous_uid")
    settings.anonymous_gid = config.integer("nfs.anonymous_gid")
    settings.owner_domain = config.text("nfs.owner_domain").encode()
    settings.max_file_size = names.max_file_size
    settings.max_link = names.max_links
    return settings


def state_settings(config: Config, fsid: int) -> StateSettings:
    """The server owner is the filesystem's: the same over restarts, another for every other gateway."""
    settings = StateSettings()
    settings.lease_seconds = float(config.integer("nfs.lease_seconds"))
    settings.grace_seconds = float(config.integer("nfs.grace_seconds"))
    settings.courtesy_seconds = config.number("nfs.courtesy_seconds")
    settings.delegations = config.flag("nfs.delegations")
    settings.directory_delegations = config.flag("nfs.directory_delegations")
    settings.recall_wait = config.number("nfs.recall_wait")
    settings.max_delegations = config.integer("nfs.max_delegations")
    settings.max_delegations_per_client = config.integer("nfs.max_delegations_per_client")
    settings.server_owner = b"nfsgw-%016x" % fsid
    settings.server_scope = settings.server_owner
    return settings
