"""A manager at a screen: what he sees and what he clicks, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.product import until

SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@contextmanager
def sitting_manager(chromium: str, chromedriver: str, profile: Path, width: int) -> Iterator[Manager]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    try:
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 720}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        yield Manager(driver)
    finally:
        driver.quit()


@dataclass(frozen=True)
class Manager:
    driver: webdriver.Chrome

    def open(self, url: str) -> None:
        self.driver.get(url)

    def click(self, css: str, text: str = "") -> None:
        until(lambda: self._try_click(css, text), f"{css} {text} to click")

    def submit(self, css: str, text: str = "") -> None:
        """Click and wait for the page that comes then."""
        self.remember_page()
        self.click(css, text)
        until(lambda: not self.is_same_page(), f"the page after {css} {text}")

    def fill(self, css: str, value: str) -> None:
        field = self.driver.find_element(By.CSS_SELECTOR, css)
        if field.get_attribute("type") == "date":  # typing follows the machine's locale
            self.driver.execute_script("arguments[0].value = arguments[1]", field, value)
        else:
            field.clear()
            field.send_keys(value)

    def drag(self, css: str, target: str) -> None:
        find = self.driver.find_element
        source, to = find(By.CSS_SELECTOR, css), find(By.CSS_SELECTOR, target)
        ActionChains(self.driver).drag_and_drop(source, to).perform()

    def text(self, css: str) -> str:
        """What is to be read there, "" where there is nothing."""
        return "\n".join(self._read(css))

    def see(self, css: str, text: str = "") -> None:
        until(lambda: any(text in each for each in self._read(css)), f"{css} to say {text!r}")

    def remember_page(self) -> None:
        self.driver.execute_script("window.remembered = true")

    def is_same_page(self) -> bool:
        """Whether all that came since `remember_page` came by itself, without a page being loaded."""
        return bool(self.driver.execute_script("return window.remembered === true"))

    def overflow_px(self) -> int:
        """How far the page is wider than the screen."""
        script = "return document.documentElement.scrollWidth - window.innerWidth"
        return int(self.driver.execute_script(script))

    def complaints(self) -> list[str]:
        """Errors in the browser's console."""
        return [str(each["message"]) for each in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def _find(self, css: str, text: str) -> WebElement | None:
        found = self.driver.find_elements(By.CSS_SELECTOR, css)
        return next((each for each in found if text in each.text), None)

    def _try_click(self, css: str, text: str) -> bool:
        try:
            found = self._find(css, text)
            if found is None:
                return False
            script = "arguments[0].scrollIntoView({block: 'center', inline: 'center'})"
            self.driver.execute_script(script, found)
            found.click()
        except StaleElementReferenceException:  # that part of the page has just renewed itself
            return False
        return True

    def _read(self, css: str) -> list[str]:
        try:
            return [each.text for each in self.driver.find_elements(By.CSS_SELECTOR, css)]
        except StaleElementReferenceException:
            return []
