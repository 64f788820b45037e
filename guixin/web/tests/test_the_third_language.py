from babel.messages.catalog import Catalog

from guixin.web import translations
from guixin.web.languages import for_reader, in_traditional


class TestTraditionalChinese:
    def test_is_written_with_the_words_used_there(self):
        assert in_traditional("服务标准和短信台账，投诉质量") == "服務標準和簡訊台帳，投訴品質"

    def test_leaves_placeholders_alone(self):
        assert in_traditional("已升级至%(name)s，还有 {n} 件") == "已升級至%(name)s，還有 {n} 件"

    def test_follows_the_simplified_catalogue_except_where_it_says_otherwise(self):
        simplified, exceptions = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hant")
        simplified.add("Send", "发送")
        simplified.add("Case", "个案")
        exceptions.add("Case", "案件")

        turned = translations.traditional(simplified, exceptions)

        assert (turned.get("Send").string, turned.get("Case").string) == ("傳送", "案件")

    def test_exceptions_are_of_messages_that_still_exist(self):
        from babel.messages.pofile import read_po

        own = translations.LOCALE / "zh_Hant" / "LC_MESSAGES" / "django.po"
        with own.open("rb") as file:
            said = {message.id for message in read_po(file) if message.id}

        assert said <= {message.id for message in translations.collect()}


class TestTheFirmsOwnWords:
    def test_are_english_only_where_the_firm_gave_english(self):
        assert for_reader("售后部", "en", "After-sales") == "After-sales"
        assert for_reader("售后部", "en") == "售后部"

    def test_are_turned_for_a_reader_of_traditional(self):
        assert for_reader("质量部", "zh-hant", "Quality") == "品質部"
