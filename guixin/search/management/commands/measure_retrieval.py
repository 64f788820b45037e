"""`guixin measure_retrieval`: is the right passage among the first? And is every text found that has a word in it?"""

import json as to_json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.search import measuring


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Ask questions whose passage is known, or words, and say how often the search finds it. Leaves nothing behind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("passages", type=Path, help="JSON lines or CSV: doc_id, title, text (or review)")
        parser.add_argument("questions", type=Path, nargs="?", help="JSON lines or CSV: query, doc_id")
        parser.add_argument(
            "--words", nargs="+", metavar="WORD", help="how many passages have it, and are found"
        )
        parser.add_argument(
            "--suggest", action="store_true", help="ask as a text that is being written, not as a search"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *, passages: Path, questions: Path | None, words: list[str] | None, suggest: bool, json: bool, **options
    ) -> None:  # fmt: skip
        if questions is None and not words:
            raise CommandError("Give questions, or --words.")
        numbers: dict[str, object] = {}
        try:
            texts = measuring.read_passages(passages)
            if questions is not None:
                asked = measuring.read_questions(questions)
                numbers |= asdict(measuring.measure(asked, texts, by_suggesting=suggest))
        except (OSError, ValueError) as wrong:
            raise CommandError(str(wrong)) from wrong
        for word, (found, there) in measuring.count_containing(
            words or [], [f"{title}\n{text}" for _key, title, text in texts]
        ).items():
            numbers[word] = {"found": found, "contain it": there}
        if json:
            self.stdout.write(to_json.dumps(numbers, ensure_ascii=False))
            return
        for name, number in numbers.items():
            shown = f"{number:.4f}" if isinstance(number, float) else number
            self.stdout.write(f"{name:12} {shown}")
