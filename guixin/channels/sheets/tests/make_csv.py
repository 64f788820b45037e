"""A CSV of any size whose good and bad lines are known: the ground truth for the line reader (M6, R13).

python -m guixin.channels.sheets.tests.make_csv 1000000    makes it, reads it and says whether all is right
"""

import io
import random
import sys
import tempfile
import time

COLUMNS = (
    "编号", "类型", "标题", "内容", "姓名", "电话", "邮箱", "部门", "类别", "金额", "受理时间", "备注",
)  # fmt: skip
KINDS = ("unclosed_quote", "too_few_columns", "too_many_columns", "undecodable")
_STORIES = (
    "屏幕闪烁，开机后约两分钟出现",
    "Delivery came two days late, box was open",
    'The 5" pipe leaks',
    'She said "never again" and hung up',
    "第一行\n第二行\n\n第四行",
    "1, 2 and 3 are broken\n101000295613, again",
    "",
)


def _written(value: str, random_: random.Random) -> str:
    if '"' in value and "," not in value and not value.startswith('"') and random_.random() < 0.5:
        return value  # a stray quotation mark inside an unquoted field
    if any(mark in value for mark in ',"\n') or random_.random() < 0.05:
        return '"' + value.replace('"', '""') + '"'
    return value


def make_csv(out, rows: int, *, seed: int = 6, bad_share: float = 0.01, encoding: str = "utf-8", end="\n"):
    """Write `rows` rows to the binary file `out`; returns ({line: values}, {line: reason}).

    A quotation mark is left open in any column, the last one too, where the next stray one would close it.
    """
    random_ = random.Random(seed)
    good, bad, line = {}, {}, 2
    out.write((",".join(COLUMNS) + "\n").encode(encoding))
    for number in range(rows):
        values = [
            f"{101000000000 + number}", "投诉", f"案件 {number % 977}", random_.choice(_STORIES),
            random_.choice("王李陈赵") + "女士", f"138{random_.randrange(10**8):08d}", f"c{number}@example.com",
            "售后部", "产品 > 屏幕", f"{random_.randrange(10**6) / 100:.2f}",
            f"2026-03-{1 + number % 28:02d} {number % 24:02d}:{number % 60:02d}:00",
            random_.choice(("", "已回电", 'size 5"', "11010519900307123X")),
        ]  # fmt: skip
        if random_.random() >= bad_share:
            raw = ",".join(_written(value, random_) for value in values).encode(encoding)
            good[line] = values
        else:
            kind = random_.choice(KINDS)
            values[3] = values[3].replace("\n", " ").replace('"', "'").replace(",", " ")
            values[11] = values[11].replace('"', "")
            if kind == "unclosed_quote":
                at = random_.randrange(len(values))
                values[at] = '"' + values[at]
            elif kind == "too_few_columns":
                del values[random_.randrange(3, 12) :]
            elif kind == "too_many_columns":
                values[3:3] = ["one", "more"]
            raw = ",".join(values).encode(encoding)
            if kind == "undecodable":
                at = raw.index(b",138")
                raw = (
                    raw[:at]
                    + random_.choice((b"\xff\xfe", b"\xe5\xb1", b"\xf5")[: 3 if encoding == "utf-8" else 1])
                    + raw[at:]
                )
            bad[line] = kind
        line += raw.count(b"\n") + 1
        out.write(raw.replace(b"\n", end.encode()) + end.encode())
    return good, bad


def differences(sheet, good: dict, bad: dict) -> list[str]:
    """What a reading of the sheet got wrong; reads it once, row by row."""
    from guixin.channels.sheets import BadRow

    wrong, left_good, left_bad = [], set(good), dict(bad)
    for row in sheet.rows():
        if row.__class__ is BadRow:
            if left_bad.pop(row.line, None) != row.reason:
                wrong.append(f"line {row.line} taken for bad: {row.reason} {row.raw[:80]}")
        elif good.get(row.line) != row.values:
            wrong.append(f"line {row.line} read as {row.values}")
        else:
            left_good.discard(row.line)
    wrong += [f"good line {line} lost" for line in sorted(left_good)]
    return wrong + [f"bad line {line} ({kind}) not told" for line, kind in left_bad.items()]


if __name__ == "__main__":
    from guixin.channels.sheets import open_sheet

    with tempfile.TemporaryFile() as file:
        with io.BufferedWriter(io.FileIO(file.fileno(), "wb", closefd=False)) as out:
            good, bad = make_csv(out, int(sys.argv[1]))
        began = time.perf_counter()
        count = sum(1 for _ in open_sheet(file).rows())
        took = time.perf_counter() - began
        wrong = differences(open_sheet(file), good, bad)
        print(f"{count:,} lines in {took:.1f} s; {len(good):,} good, {len(bad):,} bad, {len(wrong)} wrong")
        print("\n".join(wrong[:20]))
        sys.exit(bool(wrong))
