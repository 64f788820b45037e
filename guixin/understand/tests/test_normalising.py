import pytest

from guixin.understand.identities import could_be, known, last_four, normalise


class TestNormalisingAPhone:
    @pytest.mark.parametrize(
        ("raw", "normal"),
        [
            ("13812345678", "+8613812345678"),
            ("138 1234 5678", "+8613812345678"),
            ("+86 138-1234-5678", "+8613812345678"),
            ("0086 13812345678", "+8613812345678"),
            ("(86)13812345678", "+8613812345678"),
            ("１３８１２３４５６７８", "+8613812345678"),
            ("tel:13812345678", "+8613812345678"),
            ("021-6888 1234", "+862168881234"),
            ("０２１-6888 1234转805", "+862168881234;805"),
            ("021-68881234-805", "+862168881234;805"),
            ("021-68881234 ext. 805", "+862168881234;805"),
            ("0532-88776655", "+8653288776655"),
            ("021-6888-1234-805", "+862168881234;805"),
            ("021-6888-1234", "+862168881234"),
            ("400-800-1234", "4008001234"),
            ("400 800 1234 转 2", "4008001234;2"),
            ("800-820-8820", "8008208820"),
            ("95555", "95555"),
            ("12315", "12315"),
            ("+44 7911 123456", "+447911123456"),
            ("+1 (202) 555-0123", "+12025550123"),
        ],
    )
    def test_writes_every_way_of_one_number_alike(self, raw, normal):
        assert normalise("phone", raw) == normal

    @pytest.mark.parametrize("raw", ["晚上打 王先生", "12", "call me", "---"])
    def test_keeps_what_it_cannot_understand(self, raw):
        assert normalise("phone", raw) == raw

    def test_reads_a_number_the_way_of_another_region(self):
        assert normalise("phone", "07911 123456", region="GB") == "+447911123456"

    def test_is_the_same_the_second_time(self):
        for raw in ("138 1234 5678", "021-68881234转805", "400-800-1234", "95555", "nonsense"):
            once = normalise("phone", raw)
            assert normalise("phone", once) == once


class TestNormalisingAnythingElse:
    def test_folds_an_address(self):
        assert normalise("email", " Wang.Fang@Example.COM ") == "wang.fang@example.com"
        assert normalise("email", "mailto:a@b.cn") == "a@b.cn"

    def test_folds_width_case_and_blanks(self):
        assert normalise("wechat", "Ｗang_Fang") == "wang_fang"
        assert normalise("order", "  SO　2026  1 ") == "so 2026 1"

    def test_keeps_an_eighteen_digit_number_whole(self):
        assert normalise("order", "110105194912310021") == "110105194912310021"

    def test_drops_the_empty_and_the_repeated(self):
        written = known(
            [("phone", "138 1234 5678"), ("phone", "13812345678"), ("email", " "), ("other", None)]
        )
        assert [(each.kind, each.raw, each.normal) for each in written] == [
            ("phone", "138 1234 5678", "+8613812345678")
        ]


class TestTheLastFourDigits:
    def test_are_those_before_the_extension(self):
        assert last_four("phone", "+862168881234;805") == "1234"
        assert last_four("phone", "95555") == "5555"
        assert last_four("phone", "晚上打") is None
        assert last_four("email", "a1234@b.cn") is None


class TestOneSearchBox:
    def test_thinks_of_every_kind(self):
        assert ("phone", "+8613812345678") in could_be("138 1234 5678")
        assert ("email", "a@b.cn") in could_be("A@B.cn")
        assert ("order", "so-1") in could_be("SO-1")
        assert could_be("  ") == []
