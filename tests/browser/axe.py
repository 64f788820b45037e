"""What axe finds on a page, asking of colours only what was not asked before.

Contrast is most of what axe takes time for, and most words of a page stand in the colours of the page before. A set of
colours is what a word's contrast depends on: its colour, size and weight and the backgrounds it stands on, out to the
first that covers whatever lies below. What axe let pass once in this set is not asked again, in whichever theme or
width; everything whose set cannot be told for certain is asked each time.
"""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
EVERY_RULE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
ALL_BUT_TARGETS = {**EVERY_RULE, "rules": {"target-size": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# What may be otherwise at another width although the same is shown.
OF_WIDTH = {
    "runOnly": {
        "type": "rule",
        "values": [
            "color-contrast",
            "scrollable-region-focusable",
            "link-in-text-block",
            "avoid-inline-spacing",
        ],
    }
}

# A bar that sticks to an edge covers now one target and now another, each in full view once somebody scrolls; what has the
# focus is looked at by focus.py.
_LOOK = """async ([rules, passed]) => {
  for (const each of document.querySelectorAll("main *")) {
    if (getComputedStyle(each).position === "sticky") each.style.position = "relative";
  }
  const known = new Set(passed), sets = new Map(), styles = new Map(), boxes = new Map();
  const style = (each) => styles.get(each) ?? styles.set(each, getComputedStyle(each)).get(each);
  const box = (each) => boxes.get(each) ?? boxes.set(each, each.getBoundingClientRect()).get(each);
  const clear = (each) => /^rgba\\(.*, 0\\)$/.test(style(each).backgroundColor) && style(each).backgroundImage === "none";
  const all = [...document.querySelectorAll("body, body *")].filter((each) => each.checkVisibility());
  const grounds = all.filter((each) => !clear(each));
  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const holds = (one, other) => one.left <= other.left + 1 && one.right >= other.right - 1 && one.top <= other.top + 1 && one.bottom >= other.bottom - 1;

  const setOf = (word, here) => {
    if (grounds.some((each) => !each.contains(word) && meet(box(each), here))) return null;
    const { color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth } = style(word);
    const said = [color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth];
    let covered = false;
    for (let each = word; each; each = each.parentElement) {
      const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, overflow } = style(each);
      if (filter !== "none" || mixBlendMode !== "normal") return null;
      if (!covered && !clear(each)) {
        if (backgroundImage !== "none" || !(overflow !== "visible" || each === document.body || holds(box(each), here))) return null;
        said.push(backgroundColor);
        covered = backgroundColor.startsWith("rgb(");
      }
      if (opacity !== "1") {
        said.push(opacity);
        covered = false;
      }
    }
    return covered ? said.join(" ") : null;
  };
  const range = document.createRange();
  const drawn = (each) => {
    if (each.matches("input, select, textarea")) return box(each);
    if (![...each.childNodes].some((one) => one.nodeType === 3 && one.data.trim())) return null;
    range.selectNodeContents(each);
    return range.getClientRects().length ? range.getBoundingClientRect() : null;
  };
  for (const each of document.querySelectorAll("[data-asked]")) each.removeAttribute("data-asked");
  for (const each of all) {
    const here = drawn(each);
    const set = here && setOf(each, here);
    if (here && !(set && known.has(set))) each.setAttribute("data-asked", "");
    if (set) sets.set(each, set);
  }

  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-asked]" }] });
  // Which element is meant is known only while axe reports.
  const report = (found, _options, done) => done({
    violations: found.flatMap(({ id, violations }) => violations.map(({ node }) =>
      `${id}: ${node.selector.join(" ")} ${node.element.outerHTML.slice(0, 120)}`)),
    passed: found.filter(({ id }) => id === "color-contrast").flatMap(({ passes }) => passes.map(({ node }) => sets.get(node.element)))
      .filter((each) => each && !known.has(each)),
  });
  return axe.run(document, { ...rules, preload: false, reporter: report });
}"""


class Axe:
    """Looks at pages, each of which must have SCRIPT in it, and remembers the sets of colours it let pass."""

    def __init__(self) -> None:
        self.passed: set[str] = set()

    def __call__(self, tab: Page, rules: dict) -> list[str]:
        """What is wrong with this page as it is now, by these rules."""
        found = tab.evaluate(_LOOK, [rules, sorted(self.passed)])
        self.passed.update(found["passed"])
        return found["violations"]
