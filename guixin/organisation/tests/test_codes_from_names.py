from guixin.organisation.pinyin import free_code


def nothing_is_taken(_code):
    return False


class TestACodeForSomethingNew:
    def test_is_its_english_name(self):
        assert free_code("重点客户", "Key accounts!", nothing_is_taken, otherwise="x") == "key-accounts"

    def test_is_spelt_where_it_has_none(self):
        assert free_code("重点客户", "", nothing_is_taken, otherwise="x") == "zhongdiankehu"
        assert free_code("重点客户", "—", nothing_is_taken, otherwise="x") == "zhongdiankehu"

    def test_is_numbered_where_it_is_taken(self):
        assert free_code("", "Key", {"key", "key-2"}.__contains__, otherwise="x") == "key-3"

    def test_stands_below_another(self):
        assert free_code("色差", "", nothing_is_taken, otherwise="word", under="quality") == "quality/secha"

    def test_without_a_letter_is_what_it_is(self):
        assert free_code("！", "", nothing_is_taken, otherwise="segment") == "segment"
