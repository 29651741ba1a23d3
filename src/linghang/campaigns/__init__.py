"""The spine: the campaign document with its sections, versions, package and outcomes."""
