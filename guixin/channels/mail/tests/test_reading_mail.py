"""Odd mail: whatever comes, words come out or a reason."""

from base64 import b64encode

import pytest

from guixin.channels.mail import page_of_mail, quoting
from guixin.channels.mail.charsets import decoded
from guixin.channels.mail.headers import readable
from guixin.channels.mail.reading import Unreadable, read

WORDS = "您好，我买的热水器漏水，请尽快处理。"


class TestWords:
    @pytest.mark.parametrize(
        ("encoded", "said"),
        [
            ("gb18030", "gb2312"),
            ("gbk", "iso-8859-1"),
            ("gbk", "us-ascii"),
            ("gbk", "utf-8"),
            ("utf-8", "gb2312"),
            ("utf-8", "iso-8859-1"),
            ("utf-8", "no-such-charset"),
            ("big5", "big5"),
            ("hz", "hz-gb-2312"),
        ],
    )
    def test_are_read_whatever_the_label_says(self, encoded, said):
        words = WORDS if encoded != "big5" else "您好，熱水器漏水"

        assert decoded(words.encode(encoded), said) == words

    def test_in_iso_2022_cn_are_read_though_python_cannot(self):
        shifted = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "漏水".encode("gb2312")) + b"\x0f ok"

        assert decoded(shifted, "iso-2022-cn") == "漏水 ok"

    def test_of_nobody_knows_which_charset_are_still_words(self):
        assert decoded(bytes(range(256)), "x-unknown")

    def test_in_headers_are_read_though_a_character_is_cut_in_two(self):
        raw = "漏水了".encode("gbk")
        cut = " ".join(f"=?gb2312?B?{b64encode(part).decode()}?=" for part in (raw[:3], raw[3:]))

        assert readable(cut) == "漏水了"

    def test_in_headers_never_break_a_line(self):
        assert readable("=?utf-8?q?a=0D=0ABcc:_x?=") == "a Bcc: x"


class TestAnOddMail:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00" * 100,
            b"no header at all",
            b"From: <<<>>>\nTo: \nSubject: =?x?q?=",
            b"Content-Type: multipart/mixed\n\nno boundary",
            b'Content-Type: text/plain; charset="\x00"\n\nx',
            b"Content-Disposition: attachment; filename*=x''%ZZ\n\nx",
            b"From: a@b\rSubject: bare\r\rbody",
            b"From: a@b\nMessage-ID: <a\x00\xe4@b>\n\nx",
            b"From: Zhang <zh\xcbang@example.com>\nTo: <\xdc@example.com>\n\nx",
        ],
    )
    def test_gives_a_letter_a_database_can_hold(self, raw):
        letter = read(raw)

        said = (
            letter.sender,
            letter.sender_name,
            letter.subject,
            letter.message_id,
            letter.text,
            *letter.answers,
            *letter.recipients,
        )
        assert "\x00" not in "".join(said)
        assert "".join(said).encode() is not None

    def test_from_an_address_in_chinese_has_a_sender(self):
        assert read("From: 张三 <张三@例子.cn>\n\nx".encode()).sender == "张三@例子.cn"

    def test_of_fifty_levels_is_read(self):
        letter = read(_nested(50))

        assert letter.text == "deep"

    def test_of_a_thousand_levels_says_why_not(self):
        with pytest.raises(Unreadable) as why:
            read(_nested(1000))

        assert why.value.reason == "too_deep"

    def test_in_html_alone_is_words_without_its_scripts(self):
        raw = b"From: a@b.c\nContent-Type: text/html\n\n<style>x</style><p>Hi<br>there<script>alert(1)</script></p>"

        assert read(raw).text == "Hi\nthere"


class TestWhatIsQuoted:
    @pytest.mark.parametrize(
        "quotation",
        [
            "> 您好\n> 谢谢",
            "On Wed, 4 Mar 2026, Service wrote:\n> Hello",
            '在 2026-03-04 11:00:00，"客服" <service@guixin.test> 写道：\n您好',
            "------------------ 原始邮件 ------------------\n发件人: 客服",
            "-----Original Message-----\nFrom: Service",
            "发件人： 客服\n发送时间： 2026年3月4日\n收件人： 张三\n主题： 门坏了\n\n您好",
        ],
    )
    def test_is_told_from_what_is_new(self, quotation):
        own, quoted = quoting.split(f"周五可以。\n\n{quotation}")

        assert own == "周五可以。"
        assert quoted == quotation

    def test_between_the_lines_stays_in_place(self):
        words = "> 哪天？\n周五。\n> 几点？\n九点。"

        assert quoting.split(words) == (words, "")

    def test_is_all_there_is_when_nothing_is_new(self):
        assert quoting.split("> 转给你们") == ("> 转给你们", "")


class TestAPageInAMail:
    def test_keeps_no_script_no_link_and_fetches_no_picture(self):
        html = '<p onclick=x>a<img src="http://t.example/1.gif" alt="logo"><a href="javascript:x">b</a><svg onload=x></p>'

        clean = page_of_mail.cleaned(html)

        assert "t.example" not in clean
        assert not any(word in clean for word in ("onclick", "javascript", "svg", "onload", "href"))
        assert "t.example/1.gif" in page_of_mail.cleaned(html, images=True)


def _nested(levels: int) -> bytes:
    lines = ["From: a@b.c"]
    for level in range(levels):
        lines += [f"Content-Type: multipart/mixed; boundary=b{level}", "", f"--b{level}"]
    lines += ["Content-Type: text/plain", "", "deep"]
    lines += [f"--b{level}--" for level in reversed(range(levels))]
    return "\n".join(lines).encode()
