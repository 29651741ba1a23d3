"""The home process: the one owner of an installation's stores, reached by a local socket."""
