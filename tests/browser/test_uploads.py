"""S5: whatever is uploaded, nothing of it runs in the page of whoever looks at it."""

import io
import re

import httpx
import pytest
from PIL import Image

A_CASE = """
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import intake
from guixin.serve.models import Case
now = database_now()
case = intake.open_case(intake.Arrival(kind="complaint", subject="附件", channel="phone"), now=now,
                        by=Person.objects.get(name="顾盼"))
print(case.number, case.tracking_token())
"""
HOLD = "window.__ran = (window.__ran || 0) + 1; document.title = 'RAN'; fetch('/ran');"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{HOLD}"><script>{HOLD}</script></svg>'
HTML = f'<!doctype html><title>x</title><script>{HOLD}</script><img src=x onerror="{HOLD}">'
XHTML = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>{HOLD}</script></html>'
MHT = f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n{HTML}\r\n--b--"


def picture(kind: str, **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, kind, **more)
    return out.getvalue()


def files() -> list[tuple[str, bytes, str]]:
    gif = b"GIF89a/*" + b"\x00" * 8 + f"*/=1;{HOLD}".encode()
    return [
        ("a.js", HOLD.encode(), "text/javascript"),
        ("a.html", HTML.encode(), "text/html"),
        ("a.svg", SVG.encode(), "image/svg+xml"),
        ("a.xhtml", XHTML.encode(), "application/xhtml+xml"),
        ("a.mht", MHT.encode(), "multipart/related"),
        ("photo.jpg", HTML.encode(), "image/jpeg"),
        ("photo.png", SVG.encode(), "image/png"),
        ("tail.jpg", picture("JPEG") + HTML.encode(), "image/jpeg"),
        ("comment.jpg", picture("JPEG", comment=HTML.encode()), "image/jpeg"),
        ("both.gif", gif, "image/gif"),
        ("pdf.html", b"%PDF-1.4\n" + HTML.encode(), "text/html"),
        ("zip.html", b"PK\x03\x04" + HTML.encode(), "text/html"),
        ("bom.html", b"\xff\xfe" + HTML.encode("utf-16-le"), "text/html"),
        ("x\u202egpj.html", HTML.encode(), "text/html"),
        ("x\u200b.svg", SVG.encode(), "image/svg+xml"),
        ("../../../x.html", HTML.encode(), "text/html"),
        ("“><img src=x onerror=document.title='RAN'>.html", HTML.encode(), "text/html"),
        ("<script>document.title='RAN'</script>.txt", b"text", "text/plain"),
        ("长" * 100 + ".html", HTML.encode(), "text/html"),
    ]


@pytest.fixture(scope="module")
def uploaded(the_house) -> tuple[str, str]:
    """Every file, sent by the customer with nothing but the private link; number and token of the case."""
    number, token = the_house.run(A_CASE).split()
    with httpx.Client(base_url=the_house.address, timeout=60) as client:
        link = f"/track/{number}/{token}"
        for at in range(0, len(files()), 10):
            form = client.get(link).text
            answer = client.post(
                f"{link}/attachments",
                data={
                    "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)[1],
                    "body": "看",
                },
                files=[("attachments", file) for file in files()[at : at + 10]],
            )
            assert answer.status_code == 302, answer.text
    return number, token


def ran(page) -> bool:
    return bool(page.evaluate("window.__ran || 0")) or page.title() == "RAN"


class TestAnUploadedFile:
    def test_runs_nothing_where_it_is_listed(self, visit, uploaded):
        number, token = uploaded
        for path, who in ((f"/cases/{number}", "顾盼"), (f"/track/{number}/{token}", "")):
            page = visit(path, as_=who)
            page.wait_for_load_state("networkidle") if not who else page.wait_for_timeout(800)
            assert not ran(page)

    def test_is_saved_and_never_opened(self, visit, uploaded):
        page = visit(f"/cases/{uploaded[0]}", as_="顾盼")
        links = sorted(set(page.locator("a.attachment-name").evaluate_all("all => all.map(one => one.href)")))
        assert len(links) == len(files())
        asked = []
        page.context.on("request", lambda request: asked.append(request.url))

        for link in links:
            with page.expect_download() as saving:
                # As somebody does who opens the address itself: it is saved, and the page stays where it was.
                page.evaluate("where => { location.href = where }", link)
            assert saving.value.url == link
            name = saving.value.suggested_filename
            assert "/" not in name
            assert not re.search("[\u200b\u202e<>]", name)
        assert not ran(page)
        assert not any(url.endswith("/ran") for url in asked)

    def test_is_no_script_no_style_and_no_frame_of_a_page(self, visit, uploaded):
        page = visit(f"/cases/{uploaded[0]}", as_="顾盼")
        links = page.locator("a.attachment-name").evaluate_all("all => all.map(one => one.href)")

        loaded = page.evaluate(
            """async (links) => {
                let loaded = 0;
                for (const link of new Set(links)) for (const [tag, name] of
                        [["script", "src"], ["iframe", "src"], ["object", "data"], ["embed", "src"]]) {
                    const made = document.createElement(tag);
                    if (tag === "script") made.onload = () => { loaded += 1; };
                    made[name] = link;
                    document.body.append(made);
                }
                await new Promise((done) => setTimeout(done, 2500));
                return loaded;
            }""",
            links,
        )

        assert loaded == 0
        assert not ran(page)

    def test_of_ours_is_shown_as_a_small_picture(self, visit, uploaded):
        page = visit(f"/cases/{uploaded[0]}", as_="顾盼")
        page.locator(".attachment-picture img").first.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.attachment-picture img').naturalWidth > 0")

        big = page.context.new_page()
        answer = big.goto(page.locator(".attachment-picture").first.get_attribute("href"))
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"

    def test_would_be_noticed_if_it_ran(self, visit, uploaded):
        """The positive control: the same page, opened as what it says it is, runs."""
        page = visit(f"/track/{uploaded[0]}/{uploaded[1]}")
        other = page.context.new_page()
        other.route("**/control", lambda route: route.fulfill(body=HTML, content_type="text/html"))
        other.goto("/control")

        assert ran(other)
