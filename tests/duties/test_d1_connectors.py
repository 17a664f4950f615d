"""D1: social media are many, and new ones keep coming: a new network is one name and one module."""

from __future__ import annotations

import inspect
import pkgutil

import pytest

from uppsikt import connectors
from uppsikt.connectors import base, registry

SHARED = {"answers", "base", "registry", "words"}
PROMISES = ["check", "follows", "pull", "refetch", "reply", "find_sent"]


def test_d1_every_network_on_the_list_is_a_module_and_every_module_is_on_the_list() -> None:
    found = {module.name for module in pkgutil.iter_modules(connectors.__path__)}
    assert found - SHARED == set(registry.NETWORKS)


def test_d1_blogs_are_on_the_list() -> None:
    assert "wordpress" in registry.NETWORKS


def test_d1_blogs_podcasts_and_video_blogs_of_any_make_are_read_by_their_feeds_when_nothing_else_fits() -> None:
    assert registry.NETWORKS.index("feed") > registry.NETWORKS.index("wordpress")


@pytest.mark.parametrize("name", registry.NETWORKS)
def test_d1_each_network_recognises_its_own_and_keeps_every_promise_of_a_connector(name: str) -> None:
    network = registry.network(name)
    assert callable(network.recognise)
    made = network.CONNECTOR
    assert made.network == name  # type: ignore[attr-defined]
    for promise in PROMISES:
        asked = list(inspect.signature(getattr(base.Connector, promise)).parameters)
        assert list(inspect.signature(getattr(made, promise)).parameters) == asked, promise


def test_d1_a_network_that_is_not_on_the_list_is_told() -> None:
    with pytest.raises(base.Permanent) as caught:
        registry.network("../etc")
    assert caught.value.code == "unknown_network"
