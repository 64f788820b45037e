"""What the ledger calls by its code is shown by its name: the one it has now, as the reader writes it."""

from collections.abc import Callable

from django.db.models import Model
from django.utils.translation import get_language, gettext

from guixin.ledger.wording import shown_by
from guixin.organisation.revisions import cached_until_changed
from guixin.web.languages import for_reader


def shown_by_name(
    fact: str, model: Callable[[], type[Model]], revision: str, *, of: str = "", name: str = "name"
) -> None:
    """Say that a fact is the code of such a noun, or several codes, in events whose kind begins with `of`.

    model      gives the model, which may not be defined yet
    revision   the configuration that moves when a name changes (organisation/revisions.py)
    name       the field of the name; the English one is called the same with `_en`, where there is one
    """

    @cached_until_changed(revision)
    def names() -> dict[str, tuple[str, str]]:
        table = model()
        fields = {field.name for field in table._meta.get_fields()}
        wanted = ["code", name, *([f"{name}_en"] if f"{name}_en" in fields else [])]
        return {
            code: (shown, *english, "")[:2]
            for code, shown, *english in table._default_manager.values_list(*wanted)
        }

    def words(codes: str) -> str:
        known, language = names(), get_language() or "zh-hans"
        return gettext(", ").join(
            for_reader(known[code][0], language, known[code][1]) if code in known else code
            for code in codes.split(", ")
        )

    shown_by(fact, words, of=of)
