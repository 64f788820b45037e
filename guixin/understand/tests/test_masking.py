import pytest

from guixin.understand.masking import mask, mask_email, mask_id, mask_name, mask_phone


class TestMaskingAName:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("张三", "张*"),
            ("张小明", "张**"),
            ("欧阳锋", "欧阳*"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳", "欧*"),  # two characters are a surname of one and a given name
            ("张", "张*"),
            ("张 三", "张*"),
            ("阿卜杜拉·买买提", "阿***·**"),
            ("John Smith", "J. S****"),
            ("Mary Ann O'Neill", "M. A. O******"),
            ("Madonna", "M******"),
            ("X", "X*"),
            ("", ""),
            (None, ""),
        ],
    )
    def test_keeps_what_is_needed_to_recognise_it(self, name, shown):
        assert mask_name(name) == shown


class TestMaskingAPhone:
    @pytest.mark.parametrize(
        ("phone", "shown"),
        [
            ("+8613812345678", "138****5678"),
            ("13812345678", "138****5678"),
            ("+862168881234;805", "216***1234;**"),
            ("+447911123456", "+44******3456"),
            ("4008001234", "400***1234"),
            ("95555", "*****"),
            ("", ""),
            (None, ""),
        ],
    )
    def test_keeps_the_first_three_and_the_last_four(self, phone, shown):
        assert mask_phone(phone) == shown

    @pytest.mark.parametrize(
        "phone", ["+8613812345678", "+447911123456", "+862168881234;805", "+12025550123"]
    )
    def test_never_shows_more_than_seven_digits(self, phone):
        assert sum(c.isdigit() for c in mask_phone(phone)) <= 7


class TestMaskingAnythingElse:
    def test_hides_the_length_of_a_mailbox(self):
        assert mask_email("wang.fang@example.com") == mask_email("w@example.com") == "w***@example.com"
        assert mask_email("no address") == "no******ss"
        assert mask_email("@example.com") == "***@example.com"

    def test_hides_the_middle_of_an_identity_card(self):
        assert mask_id("11010519491231002X") == "11**************2X"
        assert mask_id("short") == "*****"

    def test_leaves_an_order_number_readable(self):
        assert mask("order", "so-2026-0001") == "so-2026-0001"
        assert mask("wechat", "wang_fang_88") == "wa********88"
        assert mask("something new", "12345678") == "12****78"
