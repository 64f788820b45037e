"""Replay: a ladder to try, as people write it. The replay itself runs in tests/test_public_data.py."""

import pytest

from guixin.channels.replaying.course import CannotReplay, LadderTerms


class TestALadderToTry:
    def test_is_read_as_people_write_it(self):
        assert LadderTerms.parse("80%, 0h, 24h, 3d") == LadderTerms(80, (1440, 4320))
        assert LadderTerms.parse("0h") == LadderTerms(None, ())

    @pytest.mark.parametrize("text", ["", "80%", "24h,72h", "0h,72h,24h", "100%,0h", "0h,soon", "0"])
    def test_is_refused_in_words_when_it_makes_no_sense(self, text):
        with pytest.raises(CannotReplay, match="adder"):
            LadderTerms.parse(text)
