"""A survey somebody else made: other headings, another scale, other values that mean no answer, another encoding."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from guixin.channels.importing import other_surveys
from guixin.channels.sheets import open_sheet
from guixin.listen.models import Questionnaire, Wave

HEAD = "受访者;送货（期望）;送货（感受）;总体满意度;性别;意见"
ROWS = [
    f"R{n};6;{3 + n % 4};{'-99' if n == 5 else 2 + n % 4};{'男女'[n % 2]};第{n}条意见，说来话长，不止二十个字，请看"
    for n in range(40)
]
ASKS = """
missing = ["-99"]
usual = { low = 1, high = 7 }
respondent = "受访者"
paths = [["送货", "满意"]]
questions = [
  { code = "hoped", column = "送货（期望）", label = "送货", expectation_of = "found" },
  { code = "found", column = "送货（感受）", label = "送货", dimension = "送货" },
  { code = "whole", label = "总体满意度", dimension = "满意", high = 5 },
  { code = "sex", label = "性别", kind = "choice", choices = ["男", "女"], values = { m = "男" } },
  { code = "again", label = "再来吗" },
]
"""  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "调查.csv"
    path.write_bytes("\n".join([HEAD, *ROWS, "R40;6;9;5;M;"]).encode("gbk"))
    return path


def told(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("survey_results", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
class TestTheFileOfAnotherSurvey:
    def test_says_what_it_says_and_leaves_nothing(self, file, tmp_path):
        (tmp_path / "asks.toml").write_text(ASKS, encoding="utf-8")
        out, err = told("--file", str(file), "--asks", str(tmp_path / "asks.toml"))
        assert "41 responses" in out
        assert "whole                n     40  mean 3.55" in out  # (39 of 2 to 5, less one of 2; and a 5)
        assert "送货: perceived less expected -1.5000" in out
        assert "dissatisfied 30, satisfied 10, delighted 0" in out
        assert "columns that answer no question: 意见" in err
        assert "questions without a column: again" in err
        assert "line 42" in err  # a nine of seven
        assert not Wave.objects.exists()

    def test_says_a_pair_that_stands_alone(self, file, tmp_path):
        (tmp_path / "asks.toml").write_text(
            ASKS.replace(', dimension = "送货"', "").replace('["送货", "满意"]', "")
        )
        out, _err = told("--file", str(file), "--asks", str(tmp_path / "asks.toml"))
        assert "found: perceived less expected -1.5000" in out

    def test_is_asked_by_a_questionnaire_there_is(self, file):
        with pytest.raises(CommandError, match="servqual"):
            told("--file", str(file), "--asks", "nowhere")
        with pytest.raises(CommandError, match="No column answers"):
            told("--file", str(file), "--asks", "after-complaint")
        assert not Questionnaire.objects.exists()


def test_a_sketch_can_be_used_as_it_is(file, tmp_path):
    sketched = other_surveys.sketch(open_sheet(file))
    (tmp_path / "asks.toml").write_text(sketched, encoding="utf-8")
    survey = other_surveys.survey_of(str(tmp_path / "asks.toml"))
    asked = {each.label: each for each in survey.asks.questions}
    assert survey.missing == ("-99",)
    assert asked["送货（期望）"].expectation_of == asked["送货（感受）"].code
    assert (asked["总体满意度"].low, asked["总体满意度"].high) == (1, 7)  # one nine of 120 points
    assert asked["性别"].choices == ("M", "女", "男")
    assert (asked["意见"].kind, "受访者" in asked) == ("text", False)
    assert other_surveys.bind(survey, open_sheet(file).columns).unanswered == []
