from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guixin.handbook import reading
from guixin.handbook.html_tree import plain_text
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article
from guixin.handbook.tests import make
from guixin.handbook.tests.make import NOON
from guixin.handbook.to_markdown import as_markdown

FILE = "3f2a1b4c-0000-4000-8000-000000000001"


class TestAText:
    def test_is_shown_as_markdown(self):
        assert rendered("先**涂蜡**\n再拉") == "<p>先<strong>涂蜡</strong><br>\n再拉</p>\n"

    @pytest.mark.parametrize(
        "evil",
        [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
            '<a href="javascript:alert(1)">x</a>', "<svg onload=alert(1)></svg>", "<iframe src=//x></iframe>",
            "<style>*{display:none}</style>", '<p style="position:fixed" onclick="x()">x</p>',
            '<img src="https://spy.example/p.png">', '<a href="attached:../../admin">x</a>',
            "<form action=/sign-out><button>x</button></form>",
        ],
    )  # fmt: skip
    def test_can_do_no_harm(self, evil):
        shown = rendered(evil).lower()

        bad = ("<script", "onerror", "onload", "onclick", "style", "<iframe", "src=", "<form", "attached")
        for each in (*bad, 'href="javascript'):
            assert each not in shown

    def test_shows_pictures_of_its_own_only(self):
        shown = rendered(f"![图](attached:{FILE})", files_at="/answers/files/")

        assert f'src="/answers/files/{FILE}/preview"' in shown

    def test_leaves_out_no_level_of_headings(self):
        assert "<h3>大</h3>" in rendered("# 大\n\n### 小")
        assert "<h4>小</h4>" in rendered("# 大\n\n### 小")

    def test_reads_well_in_a_mail(self):
        said = plain_text(rendered("请看：\n\n1. 蜡\n2. 再拉\n\n[说明](https://x.example/a)"))

        assert said == "请看：\n\n1. 蜡\n2. 再拉\n\n说明 (https://x.example/a)"

    @pytest.mark.parametrize(
        ("markdown", "said"),
        [
            ("- **蜡**\n- ~~油~~再拉", "• 蜡\n• 再拉"),
            ("| 尺码 | 长度 |\n| --- | --- |\n| 5 号 | `60` 厘米 |\n| 8 号 | |", "尺码：5 号；长度：60 厘米\n尺码：8 号"),
            ("| Size | Length |\n| --- | --- |\n| 5 | 60 cm |", "Size: 5; Length: 60 cm"),
            ("<table><tr><th colspan=2>尺码</th></tr><tr><td>5 号</td><td>60</td></tr></table>", "尺码\n5 号；60"),
        ],
    )  # fmt: skip
    def test_has_no_marks_of_markdown_in_it(self, markdown, said):
        assert plain_text(rendered(markdown)) == said


class TestHtml:
    @pytest.mark.parametrize(
        ("html", "markdown"),
        [
            ("<h1>标题</h1><p>甲<b>乙</b>丙</p>", "# 标题\n\n甲**乙**丙"),
            ("<ul><li>甲<ol><li>乙</li></ol></li><li>丙</li></ul>", "- 甲\n  1. 乙\n- 丙"),
            ("<p>1. 不是列表 * 星 _下_</p>", "1\\. 不是列表 \\* 星 \\_下\\_"),
            ("<table><tr><th>号</th><th>宽</th></tr><tr><td>3</td><td>5</td></tr></table>",
             "| 号 | 宽 |\n| --- | --- |\n| 3 | 5 |"),
            ("<p>甲<strong>“乙”</strong>丙</p>", "甲<strong>“乙”</strong>丙"),
        ],
    )  # fmt: skip
    def test_becomes_markdown_where_markdown_can_say_it(self, html, markdown):
        assert as_markdown(html) == markdown

    @pytest.mark.parametrize(
        "html",
        [
            '<table><tr><td colspan="2">合并</td></tr><tr><td>a</td><td>b|c</td></tr></table>',
            "<p>&lt;script&gt; &amp;amp; C:\\路径 `码`</p>", "<pre>a\n\n  b\n```</pre>", "<p>a &lt;b@c.de&gt;</p>",
            "<blockquote><p>甲</p><p>乙</p></blockquote>", "<dl><dt>甲</dt><dd>乙</dd></dl>", "<p># 甲</p><p>- 乙</p>",
            "<ul><li><p>甲</p><p>乙</p></li></ul><p>完</p>", "<p>甲<br>乙</p><p>  </p>", "<div>散<p>段</p>落</div>",
            "<p><em> 甲 </em><del>乙</del><code>x*y</code></p>", "<ol start='3'><li>三</li></ol>",
        ],
    )  # fmt: skip
    def test_loses_no_word_whatever_it_holds(self, html):
        def words(shown: str) -> str:
            return "".join(plain_text(shown).split())

        from guixin.handbook.markup import clean

        assert words(rendered(as_markdown(html))) == words(clean(html))


def upload(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def word_file(*paragraphs: str) -> bytes:
    """The least a Word file can be."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return held.getvalue()


@pytest.mark.django_db
class TestImportedFiles:
    def test_become_drafts_and_a_broken_one_stops_no_other(self):
        files = [
            upload("退货.md", "# 退货政策\n\n七天内可退。"),
            upload("坏的.docx", b"PK\x03\x04 not really"),
            upload("保养.docx", word_file("拉链保养", "请用软布。")),
            upload("old.doc", b"\xd0\xcf\x11\xe0"),
            upload(
                "gbk.html",
                "<meta charset=gb2312><title>x</title><h1>洗涤</h1><p>冷水。</p>".encode("gb18030"),
            ),
        ]

        found = reading.take_in(files, by=make.li(), now=NOON, kind="policy")

        assert [bool(each.article) for each in found] == [True, False, True, False, True]
        assert "is broken" in found[1].refusal
        assert "save it as .docx" in found[3].refusal
        titles = [each.article.title_zh for each in found if each.article]
        assert titles == ["退货政策", "保养", "洗涤"]
        assert found[2].article.text_zh == "拉链保养\n\n请用软布。"
        assert {each.state for each in Article.objects.all()} == {"draft"}

    def test_keep_the_file_itself_and_its_pictures(self):
        from base64 import b64encode

        from PIL import Image

        held = BytesIO()
        Image.new("RGB", (4, 4), "red").save(held, "PNG")
        html = f'<h1>图</h1><p>看<img alt="红" src="data:image/png;base64,{b64encode(held.getvalue()).decode()}"></p>'

        (found,) = reading.take_in([upload("图.html", html)], by=make.li(), now=NOON, kind="article")

        picture, original = found.article.files.order_by("at")
        assert picture.is_picture
        assert original.name == "图.html"
        assert f"![红](attached:{picture.pk})" in found.article.text_zh

    def test_in_two_languages_are_one_article(self):
        files = [upload("wax.zh.md", "# 上蜡\n\n用蜡。"), upload("wax.en.md", "# Waxing\n\nUse wax.")]

        (found,) = reading.take_in(files, by=make.li(), now=NOON, kind="article")

        assert (found.article.title_zh, found.article.title_en) == ("上蜡", "Waxing")
        assert (found.article.text_zh, found.article.text_en) == ("用蜡。", "Use wax.")
