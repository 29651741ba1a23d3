"""Tests on two real ClickHouse nodes (`make test-cluster`)."""
