"""Who is logged in, and until when."""

import pytest

from alliance_sim.web.logins import IDLE, Logins
from alliance_sim.web.tokens import Key, digest_of


class World:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.keys = [Key(digest_of("hers"), "t-aaaaaa"), Key(digest_of("general"), None)]
        self.logins = Logins(lambda: self.keys, lambda: self.seconds)


@pytest.fixture
def world() -> World:
    return World()


def test_a_token_opens_a_login_of_its_own_each_time(world):
    first, second = world.logins.open("hers"), world.logins.open("hers")
    assert first.cookie != second.cookie
    assert len(first.cookie) >= 43
    assert world.logins.find(first.cookie) is first
    assert first.trainee == "t-aaaaaa"
    assert world.logins.open("general").trainee is None
    assert world.logins.open("other") is None
    assert world.logins.find("") is None
    assert world.logins.find("other") is None


def test_a_login_that_is_closed_is_closed(world):
    first, second = world.logins.open("hers"), world.logins.open("hers")
    world.logins.close(first)
    world.logins.close(first)
    assert world.logins.find(first.cookie) is None
    assert not world.logins.stands(first)
    assert world.logins.find(second.cookie) is second


def test_use_keeps_a_login_and_idleness_ends_it(world):
    login, idle = world.logins.open("hers"), world.logins.open("hers")
    for _ in range(3):
        world.seconds += IDLE - 1
        assert world.logins.find(login.cookie) is login
    assert world.logins.find(idle.cookie) is None
    world.seconds += IDLE - 1
    world.logins.touch(login)
    world.seconds += IDLE
    assert world.logins.stands(login)
    world.seconds += 1
    assert not world.logins.stands(login)


def test_another_token_of_the_same_person_ends_the_logins_of_the_old(world):
    login = world.logins.open("hers")
    world.keys[0] = Key(digest_of("hers anew"), "t-aaaaaa")
    assert not world.logins.stands(login)
    assert world.logins.find(login.cookie) is None


def test_old_logins_are_forgotten(world):
    for _ in range(10):
        world.logins.open("hers")
    world.seconds += IDLE + 1
    world.logins.open("hers")
    assert len(world.logins._open) == 1
