"""Scripts and pictures are kept by the browser until they change, and words go out compressed."""

import gzip

from django.templatetags.static import static
from django.test import Client

SCRIPT = "web/js/live.js"


def fetched(address: str, **headers: str):
    return Client().get(address, headers=headers)


class TestAStaticFile:
    def test_is_kept_for_a_year_under_the_address_of_its_version(self):
        address = static(SCRIPT)

        assert "?v=" in address
        assert "immutable" in fetched(address)["Cache-Control"]

    def test_is_not_kept_under_an_older_one(self):
        assert "immutable" not in fetched(f"/static/{SCRIPT}?v=older")["Cache-Control"]
        assert "immutable" not in fetched(f"/static/{SCRIPT}")["Cache-Control"]

    def test_goes_out_compressed_to_who_can_read_it(self):
        answer = fetched(static(SCRIPT), accept_encoding="gzip")

        assert answer["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.getvalue()) == fetched(static(SCRIPT)).getvalue()

    def test_without_a_file_has_its_plain_address(self):
        assert static("web/js/none.js") == "/static/web/js/none.js"
