"""A site with the shipped knowledge, and headless Chromium to look at it."""

import json
import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from comparisons.editing.roles import CONTRIBUTOR
from comparisons.web.computed import Computed

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but these is looked up, so nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    # A page that still scrolls would move under the pointer.
    "--force-prefers-reduced-motion",
]
# Stops page scripts only; those that Selenium sends still run.
WITHOUT_SCRIPTS = "--blink-settings=scriptEnabled=false"
# Nobody presses Tab more often than this before giving up.
MOST_TABS = 80
# Read before any test database takes its place.
REAL_DATABASE = settings.DATABASES["default"]["NAME"]
EDITORS = ("Ada", "Grace")
CONTRIBUTOR_NAME = "Cy"


@pytest.fixture(scope="package", autouse=True)
def worked_out_once():
    """What takes seconds to work out is worked out once; no test here judges it."""
    known = {}

    def answer(computed, *args, **_):
        key = computed, args
        if key not in known:
            known[key] = computed._work(*args)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Computed, "__call__", answer)
        yield


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker, insert_shipped):
    """The address of a server with the shipped knowledge.

    It outlives the tests, because emptying and filling the database for each of
    them would take longer than they do.
    """
    # pytest-django makes one only if some test says that it needs it, and the
    # database is emptied at the end.
    if connection.settings_dict["NAME"] == REAL_DATABASE:
        pytest.fail("There is no test database: mark the test with django_db.")
    plain_http = override_settings(
        ALLOWED_HOSTS=["127.0.0.1"],
        CSRF_COOKIE_NAME="csrftoken",
        CSRF_COOKIE_SECURE=False,
        SECURE_SSL_REDIRECT=False,
        SESSION_COOKIE_NAME="sessionid",
        SESSION_COOKIE_SECURE=False,
        STORAGES=settings.STORAGES
        | {
            "staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            }
        },
        # Otherwise WhiteNoise warns that staticfiles/ is missing.
        WHITENOISE_AUTOREFRESH=True,
    )
    with django_db_blocker.unblock(), plain_http:
        try:
            insert_shipped(with_history=True)
            server = LiveServer("127.0.0.1")
            yield server.url
            server.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def sign_in(site, django_db_blocker):
    """Give a browser the session of an editor: ``sign_in(browser, "Grace")``.

    The sessions are stored before the transaction of any test, so that the server
    sees them.
    """
    cookies = {}
    with django_db_blocker.unblock():
        for name in (*EDITORS, CONTRIBUTOR_NAME):
            editor = get_user_model().objects.create_user(
                name, first_name=name, is_staff=True, is_superuser=name in EDITORS
            )
            if name == CONTRIBUTOR_NAME:
                editor.groups.set(Group.objects.filter(name=CONTRIBUTOR))
            client = Client()
            client.force_login(editor)
            cookies[name] = {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "path": "/",
            }

    def sign_in(browser, name=EDITORS[0]):
        # A cookie can be set only where it belongs.
        browser.get(f"{site}/healthz")
        browser.add_cookie(cookies[name])

    return sign_in


@pytest.fixture(scope="session")
def programs():
    """The paths of Chromium and its driver."""
    chromium = _first_of("chromium", "chromium-browser", "google-chrome")
    driver = _first_of("chromedriver", "chromium.chromedriver")
    if not (chromium and driver):
        missing = "Chromium" if not chromium else "chromedriver"
        reason = f"{missing} is not installed, so no page can be looked at."
        if os.environ.get("CI"):
            pytest.fail(f"{reason} On CI it has to be.")
        pytest.skip(reason)
    return chromium, driver


@pytest.fixture(scope="package")
def start_browser(programs, tmp_path_factory):
    """Start Chromium once for each set of flags, and stop all of them at the end."""
    started = {}

    def start(*flags):
        if flags not in started:
            profile = tmp_path_factory.mktemp("chromium")
            started[flags] = _start(*programs, f"--user-data-dir={profile}", *flags)
        return started[flags]

    with pytest.MonkeyPatch.context() as patch:
        # Selenium's manager would fetch a driver and report that it did.
        patch.setenv("SE_OFFLINE", "true")
        patch.setenv("SE_AVOID_STATS", "true")
        yield start
        for browser in started.values():
            browser.quit()


@pytest.fixture
def browser(site, start_browser):
    """Chromium, 1280 pixels wide, as it comes."""
    return fresh(start_browser())


@pytest.fixture(params=["scripts", "no scripts"])
def any_browser(request, site, start_browser):
    """Chromium with page scripts, then without."""
    flags = [WITHOUT_SCRIPTS] if request.param == "no scripts" else []
    return fresh(start_browser(*flags))


# What the tests say to a browser


def fresh(browser):
    """Return ``browser`` without cookies or history, on a page of its usual size."""
    browser.get("about:blank")
    # Once it holds 50 pages, Chromium drops one that a test may go back to.
    browser.execute_cdp_cmd("Page.resetNavigationHistory", {})
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    look_at(browser, width=1280)
    for log in ("browser", "performance"):
        browser.get_log(log)
    return browser


def look_at(browser, *, width, height=844, scheme="light"):
    """Give the page this size, for a reader who prefers this colour scheme."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {
            "features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]
        },
    )


def find(browser, css):
    return browser.find_element(By.CSS_SELECTOR, css)


def find_all(browser, css):
    return browser.find_elements(By.CSS_SELECTOR, css)


def in_the_middle(browser, element):
    """Scroll to ``element`` as people do, out from under what stays in view."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    return element


def shown(browser, css):
    """Return the first element at ``css`` that can be seen."""
    return next(part for part in find_all(browser, css) if part.is_displayed())


def follow(browser, element):
    """Click ``element`` and wait for the page that it leads to."""
    before = find(browser, "html")
    element.click()
    arrive(browser, before)


def arrive(browser, before):
    """Wait until another page than that of the element ``before`` is there."""
    waiting(browser).until(staleness_of(before))
    wait_until(
        browser,
        lambda: browser.execute_script("return document.readyState === 'complete'"),
    )


def wait_for(browser, css):
    """Return the element at ``css`` once the reader can see it."""

    def visible(browser):
        return next((el for el in find_all(browser, css) if el.is_displayed()), None)

    return waiting(browser).until(visible)


def wait_until(browser, holds):
    """Wait until ``holds()``."""
    waiting(browser).until(lambda _: holds())


def waiting(browser, seconds=30):
    """Look twenty times a second, where Selenium looks twice."""
    # Between two pages chromedriver may fail to say which of them it is on.
    ignored = [WebDriverException]
    return WebDriverWait(browser, seconds, 0.05, ignored_exceptions=ignored)


def unfold(browser, parts="details"):
    """Open all that is folded away, of what the selector ``parts`` names."""
    browser.execute_script(
        "document.querySelectorAll(arguments[0]).forEach(part => part.open = true)",
        parts,
    )


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def press_together(browser, held, key):
    ActionChains(browser).key_down(held).send_keys(key).key_up(held).perform()


def copy(browser, site, text):
    """Copy ``text``, as a reader does with the address of a page."""
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": site, "permissions": ["clipboardReadWrite"]},
    )
    browser.get(f"{site}/healthz")
    browser.execute_async_script(
        "navigator.clipboard.writeText(arguments[0]).then(arguments[1])", text
    )


def focused(browser):
    return browser.switch_to.active_element


def tab_to(browser, css):
    """Press Tab until the element at ``css`` has the focus."""
    wanted = find(browser, css)
    for _ in range(MOST_TABS):
        press(browser, Keys.TAB)
        if focused(browser) == wanted:
            return
    pytest.fail(f"{css} cannot be reached with the Tab key.")


def is_in_view(browser, element):
    """Return whether at least the upper edge of ``element`` is in the window."""
    return browser.execute_script(
        "const {top, left} = arguments[0].getBoundingClientRect();"
        "return 0 <= top && top < innerHeight && 0 <= left && left < innerWidth",
        element,
    )


def requested_hosts(browser):
    """Return the hosts that were asked for anything since the last call."""
    messages = [
        json.loads(entry["message"])["message"]
        for entry in browser.get_log("performance")
    ]
    addresses = [
        urlsplit(message["params"].get("request", message["params"])["url"])
        for message in messages
        if message["method"]
        in {"Network.requestWillBeSent", "Network.webSocketCreated"}
    ]
    # Chromium's own pages, and pictures that stand in the stylesheet.
    local = {"about", "blob", "chrome", "chrome-extension", "data"}
    return {address.netloc for address in addresses if address.scheme not in local}


def _first_of(*names):
    return next(filter(None, map(shutil.which, names)), None)


def _start(chromium, driver, *flags):
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, *flags):
        options.add_argument(flag)
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    # A given path keeps Selenium from looking for a driver to download.
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.set_page_load_timeout(30)
    browser.set_script_timeout(60)
    return browser
