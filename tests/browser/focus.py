"""Where the focus is and whether one can see it: what axe cannot know (WCAG 2.4.7 and 2.4.11)."""

from playwright.sync_api import Page

# The element with the focus, if one cannot see it: outside the window, or with something above it at all its corners.
_UNSEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = at.matches("[type=checkbox], [type=radio]") ? (at.closest("label") ?? at) : at;
  const box = shown.getBoundingClientRect();
  const name = at.outerHTML.slice(0, 100);
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  if (right - left < 1 || bottom - top < 1) return `outside the window: ${name}`;
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  const free = points.some(([x, y]) => {
    const there = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
    return there && (shown.contains(there) || there.contains(shown) || there.closest("label")?.control === at);
  });
  if (!free) return `covered: ${name}`;
  const style = getComputedStyle(at);
  const around = getComputedStyle(shown);
  const ring = (each) => (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2) || each.boxShadow !== "none";
  const edge = at.matches("svg a") && at.querySelector("rect");  // in a drawing the ring is the edge of its box
  if (edge && parseFloat(getComputedStyle(edge).strokeWidth) >= 3) return null;
  return at.matches("main") || ring(style) || ring(around) ? null : `no ring: ${name}`;
}"""
# What is swapped in or scrolled to may take a frame or two; what is still unseen then stays so.
_STILL_UNSEEN = f"""async () => {{
  const unseen = {_UNSEEN};
  for (let frame = 0; frame < 30; frame += 1) {{
    if (!unseen()) return null;
    await new Promise((done) => requestAnimationFrame(done));
  }}
  return unseen();
}}"""


def unseen(page: Page) -> str | None:
    """Why the focus cannot be seen; None if it can, or if nothing has it."""
    return page.evaluate(_STILL_UNSEEN)
