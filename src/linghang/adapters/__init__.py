"""One file a vendor, each keeping one port's promise. Only the switchboard (``app.py``) names them."""
