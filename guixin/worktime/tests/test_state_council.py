"""The State Council's notice as it is really written, read as days."""

from datetime import date

from guixin.worktime.chinese_holidays import chinese_day_list
from guixin.worktime.state_council import read_notice, year_in

NOTICE_OF_2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日
"""


class TestTheNoticeOf2026:
    def test_is_read_whole(self):
        reading = read_notice(NOTICE_OF_2026, 2026)

        assert reading.leftovers == ()
        assert {(day.on, day.works) for day in reading.days} == {
            (each.day, each.works) for each in chinese_day_list(2026)
        }

    def test_names_its_year(self):
        assert year_in(NOTICE_OF_2026) == 2026

    def test_names_the_holiday_of_each_day(self):
        names = {day.on: day.name for day in read_notice(NOTICE_OF_2026, 2026).days}

        assert names[date(2026, 2, 14)] == "春节"


class TestASentence:
    def test_across_the_turn_of_the_year_keeps_the_days_of_the_year_asked_for(self):
        text = "元旦：2022年12月31日至2023年1月2日放假调休，共3天。"

        assert [day.on for day in read_notice(text, 2023).days] == [date(2023, 1, 1), date(2023, 1, 2)]

    def test_that_contradicts_its_count_or_weekday_is_handed_back_too(self):
        count = read_notice("元旦：1月1日至3日放假，共4天。", 2026)
        weekday = read_notice("元旦：1月1日（周五）放假。", 2026)

        assert len(count.days) == 3
        assert "number of days" in count.leftovers[0][1]
        assert len(weekday.days) == 1
        assert "weekday" in weekday.leftovers[0][1]

    def test_with_a_date_and_nothing_else_is_handed_back(self):
        reading = read_notice("端午节：另行通知，6月9日前后", 2026)

        assert reading.days == ()
        assert reading.leftovers[0][0].startswith("端午节")

    def test_with_no_such_day_is_handed_back(self):
        assert read_notice("2月30日放假", 2026).leftovers == (("2月30日放假", "no such day"),)
