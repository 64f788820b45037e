"""The measure itself, on passages made up here: it must be able to say that a search is bad."""

import json

import pytest
from django.core.management import CommandError, call_command

from guixin.search import measuring
from guixin.search.models import Document

pytestmark = pytest.mark.django_db

PASSAGES = [
    ("a", "退房", "退房请在中午十二点以前，逾时按半天收费。"),
    ("b", "押金", "押金在退房时当面退还，银行卡三个工作日内到账。"),
    ("c", "早餐", "早餐每天七点到十点，地点在二楼餐厅。"),
]


class TestMeasuring:
    def test_counts_what_is_first_and_what_is_found_at_all(self):
        questions = [
            ("几点以前要退房", "a"),
            ("押金什么时候到账", "b"),
            ("餐厅在几楼", "c"),
            ("有没有停车场", "c"),
        ]

        figures = measuring.measure(questions, PASSAGES)

        assert (figures.questions, figures.passages) == (4, 3)
        assert (figures.recall_1, figures.recall_10, figures.mrr_10) == (0.75, 0.75, 0.75)
        assert not Document.objects.exists()

    def test_compares_what_is_found_with_what_is_there(self):
        counted = measuring.count_containing(["退房", "没有"], [text for *_key, text in PASSAGES])

        assert counted == {"退房": (2, 2), "没有": (0, 0)}

    def test_reads_files(self, tmp_path, capsys):
        passages, questions = tmp_path / "passages.jsonl", tmp_path / "questions.csv"
        passages.write_text(
            "\n".join(
                json.dumps({"doc_id": key, "title": title, "text": text}) for key, title, text in PASSAGES
            )
        )
        questions.write_text("query_id,query,doc_id\n1,早餐在哪里,c\n")

        call_command("measure_retrieval", str(passages), str(questions), "--words", "押金", "--json")

        said = json.loads(capsys.readouterr().out)
        assert (said["recall_1"], said["押金"]) == (1.0, {"found": 1, "contain it": 1})

    def test_says_what_a_file_lacks(self, tmp_path):
        passages = tmp_path / "passages.csv"
        passages.write_text("a,b\n1,2\n")

        with pytest.raises(CommandError, match="has none of: text"):
            call_command("measure_retrieval", str(passages), "--words", "x")
