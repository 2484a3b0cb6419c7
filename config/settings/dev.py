"""Settings of a shop on one machine: the default of script/server."""

from config.settings.base import *  # noqa: F403
