import pytest

from comparisons.addresses import normalise

PAGE = "https://docs.example/guide?a=1&b=2"


@pytest.mark.parametrize(
    "same",
    [
        "http://docs.example/guide?a=1&b=2",
        "https://DOCS.example:443/guide/?b=2&a=1",
        " https://docs.example/guide?a=1&b=2#install ",
        "https://docs.example/x/../%67uide?a=1&b=2",
        f"{PAGE}&utm_source=letter&FBCLID=1",
    ],
)
def test_ways_to_write_one_address_are_one(same):
    assert normalise(same) == normalise(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://docs.example/Guide?a=1&b=2",
        "https://www.docs.example/guide?a=1&b=2",
        "https://docs.example:8000/guide?a=1&b=2",
        "https://docs.example/guide?a=1&b=3",
        "https://docs.example/gu%2Fide?a=1&b=2",
        f"{PAGE}#/install",
        f"{PAGE}#!install",
    ],
)
def test_other_pages_stay_apart(other):
    assert normalise(other) != normalise(PAGE)


def test_host_in_any_script_is_one():
    assert normalise("https://Bücher.example/") == normalise(
        "http://xn--bcher-kva.example"
    )


@pytest.mark.parametrize(
    "odd",
    ["", "no address", "ftp://a.example/", "https://[::1", "https://a.example:x/"],
)
def test_what_is_no_web_address_stays_as_it_is(odd):
    assert normalise(odd) == odd


def test_normalising_again_changes_nothing():
    once = normalise(PAGE)

    assert normalise(f"https://{once}") == once
