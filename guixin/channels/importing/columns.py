"""Which column is what: guessed from the headings, remembered from the last file like it, shown on the first rows."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.channels.importing.answers import AnswerRows
from guixin.channels.importing.cases import CaseRows
from guixin.channels.importing.customers import CustomerRows
from guixin.channels.importing.prices import PriceRows
from guixin.channels.importing.purchases import PurchaseRows
from guixin.channels.models import Import
from guixin.channels.sheets import BadRow, Fault, Sheet
from guixin.channels.sheets.guarding import theirs
from guixin.channels.sheets.mapping import ANSWER, ATTRIBUTE, NEEDED, Mapping, _plain, mapping_from
from guixin.listen.models import Wave
from guixin.understand.models import Attribute

PREVIEWED = 20


@dataclass(frozen=True)
class Field:
    """One of our fields on the page: its words, a note, and headings people give such a column."""

    name: str
    words: Any
    headings: tuple[str, ...]
    note: Any = ""


KINDS = {
    "投诉": "complaint", "咨询": "enquiry", "服务请求": "service_request", "建议": "suggestion", "表扬": "praise",
    "来访": "visit", "Complaint": "complaint", "Enquiry": "enquiry", "Service request": "service_request",
    "Suggestion": "suggestion", "Praise": "praise", "Visit": "visit",
}  # fmt: skip
SEVERITIES = {
    "轻微": "1", "一般": "2", "严重": "3", "重大": "4", "低": "1", "中": "2", "高": "3", "紧急": "4", "1": "1", "2": "2",
    "3": "3", "4": "4", "Minor": "1", "Normal": "2", "Serious": "3", "Critical": "4",
}  # fmt: skip
CHANNELS = {
    "电话": "phone", "邮件": "email", "网页": "web", "微信": "chat", "二维码": "qr", "来访": "visit", "Phone": "phone",
    "E-mail": "email", "Web": "web", "Chat": "chat", "QR": "qr", "In person": "visit",
}  # fmt: skip
PEOPLE = {
    "个人": "person",
    "企业": "company",
    "公司": "company",
    "单位": "company",
    "Person": "person",
    "Company": "company",
}
PURCHASES = {
    "购买": "sale", "销售": "sale", "订单": "sale", "退货": "return", "退款": "return", "撤单": "cancellation",
    "取消": "cancellation", "更正": "correction", "Purchase": "sale", "Sale": "sale", "Order": "sale", "Return": "return",
    "Refund": "return", "Cancellation": "cancellation", "Correction": "correction",
}  # fmt: skip
LIKELIHOODS = {
    "肯定不会": "1", "肯定不会买": "1", "可能不会": "2", "可能不会买": "2", "不一定": "3", "说不准": "3", "可能会": "4",
    "可能会买": "4", "肯定会": "5", "肯定会买": "5", "Surely not": "1", "Hardly": "2", "Perhaps": "3", "Probably": "4",
    "Surely": "5",
}  # fmt: skip
WORDS: dict[str, dict[str, dict[str, str]]] = {
    "cases": {"kind": KINDS, "severity": SEVERITIES, "channel": CHANNELS},
    "customers": {"kind": PEOPLE},
    "purchases": {"kind": PURCHASES},
    "prices": {"buys_cheap": LIKELIHOODS, "buys_expensive": LIKELIHOODS},
    "answers": {},
}

_NAME = ("姓名", "客户", "客户姓名", "客户名称", "名称", "联系人", "name", "customer", "customer name")
_PHONE = ("电话", "手机", "手机号", "手机号码", "联系电话", "电话号码", "phone", "mobile", "tel")
_EMAIL = ("邮箱", "电子邮箱", "邮件", "email", "e-mail", "mail")
FIELDS = {
    "cases": (
        Field("external_id", _("Number"), ("编号", "单号", "工单号", "个案编号", "序号", "number", "no", "id", "case"),
              _("A row with a number we have already is not taken in twice.")),
        Field("subject", _("Subject"), ("标题", "主题", "事由", "subject", "title", "summary")),
        Field("story", _("What happened"), ("内容", "描述", "详情", "问题描述", "投诉内容", "story", "description")),
        Field("kind", _("Kind"), ("类型", "个案类型", "kind", "type"), _("Complaint if blank.")),
        Field("customer_name", _("Customer"), _NAME),
        Field("phone", _("Phone"), _PHONE),
        Field("email", _("E-mail"), _EMAIL),
        Field("department", _("Department"), ("部门", "责任部门", "处理部门", "department", "team"),
              _("By name or code. Blank: the routing rules decide.")),
        Field("category", _("Category"), ("类别", "分类", "投诉类别", "category")),
        Field("severity", _("Severity"), ("严重程度", "级别", "优先级", "severity", "priority"),
              _("1 to 4, or the words “轻微”, “一般”, “严重”, “重大”.")),
        Field("channel", _("Channel"), ("渠道", "来源", "channel", "source")),
        Field("opened_at", _("Arrived at"), ("受理时间", "登记时间", "创建时间", "时间", "日期", "opened", "opened at", "created", "date"),
              _("For example 2026-03-06 17:00.")),
        Field("promised_at", _("Promised until"), ("承诺时间", "截止时间", "期限", "due", "promised", "deadline")),
        Field("closed_at", _("Closed at"), ("办结时间", "关闭时间", "完成时间", "closed", "closed at")),
        Field("closing_note", _("Result"), ("处理结果", "办理结果", "closing note", "resolution")),
    ),
    "customers": (
        Field("customer_name", _("Name"), (*_NAME, "公司", "公司名称", "company")),
        Field("kind", _("Person or company"), ("类型", "客户类型", "kind", "type"), _("Person if blank.")),
        Field("phone", _("Phone"), _PHONE, _("A column of text, so that no digit is lost.")),
        Field("second_phone", _("Second phone"), ("电话2", "备用电话", "座机", "固定电话", "second phone", "phone 2", "landline")),
        Field("email", _("E-mail"), _EMAIL),
        Field("wechat", pgettext_lazy("import", "WeChat"), ("微信", "微信号", "wechat")),
        Field("customer_number", _("Customer number"), ("客户编号", "客户号", "会员号", "编号", "customer number", "customer id", "id")),
        Field("organisation", _("Works for"), ("单位", "所属单位", "工作单位", "organisation", "organization", "employer")),
    ),
    "purchases": (
        Field("order", pgettext_lazy("purchase", "Order"), ("订单号", "订单编号", "单据号", "发票号", "invoiceno", "invoice no", "invoice", "order", "order id", "order number"),
              _("The number of the order, the invoice or the receipt.")),
        Field("line", pgettext_lazy("import", "Line number"), ("行号", "明细号", "line", "line id", "line number"),
              _("The source's own key of the line, if it has one. Without it a line is known by what stands in it.")),
        Field("bought_at", _("Bought at"), ("购买时间", "下单时间", "订单日期", "日期", "时间", "invoicedate", "date", "bought", "order date"),
              _("For example 2026-03-06 17:00.")),
        Field("customer_number", _("Customer number"), ("客户编号", "客户号", "会员号", "customerid", "customer id", "customer number"),
              _("A number we do not know yet makes a customer. A line without a customer is taken in and counted.")),
        Field("customer_name", _("Customer"), _NAME),
        Field("phone", _("Phone"), _PHONE),
        Field("email", _("E-mail"), _EMAIL),
        Field("product", _("Product code"), ("产品编码", "商品编码", "货号", "sku", "stockcode", "product", "product code", "item")),
        Field("product_name", _("Product name"), ("产品名称", "商品名称", "品名", "产品", "description", "product name")),
        Field("product_line", _("Product line"), ("产品线", "系列", "大类", "product line", "category")),
        Field("quantity", _("Quantity"), ("数量", "quantity", "qty"), _("1 if blank; negative for what came back.")),
        Field("unit_price", _("Unit price"), ("单价", "价格", "unitprice", "unit price", "price")),
        Field("amount", _("Amount of the line"), ("金额", "小计", "总价", "amount", "total"),
              _("If blank, the quantity times the unit price.")),
        Field("currency", _("Currency"), ("币种", "货币", "currency"), _("The firm's own if blank.")),
        Field("kind", _("Purchase or return"), ("类型", "单据类型", "kind", "type"),
              _("Purchase, return, cancellation or correction. If blank, a negative line is a return.")),
        Field("takes_back", _("Order taken back"), ("原订单号", "原单号", "original order"),
              _("For a return: the order it belongs to.")),
    ),
    "prices": (
        Field("respondent", _("Respondent"), ("受访者", "受访者编号", "问卷编号", "答卷编号", "序号", "编号", "respondent", "respondent id", "id"),
              _("The number of the questionnaire. With it a second reading adds nothing, and a second answer is named.")),
        Field("too_cheap", _("Too cheap"), ("太便宜", "过于便宜", "太便宜价格", "too cheap", "toocheap", "tch")),
        Field("cheap", _("Cheap"), ("便宜", "划算", "便宜价格", "cheap", "bargain", "ch")),
        Field("expensive", _("Expensive"), ("贵", "偏贵", "较贵", "贵价格", "expensive", "getting expensive", "ex")),
        Field("too_expensive", _("Too expensive"), ("太贵", "过于昂贵", "太贵价格", "too expensive", "tooexpensive", "tex")),
        Field("buys_cheap", _("Would buy at the cheap price"), ("便宜价购买意愿", "便宜购买意愿", "buys cheap", "pi cheap", "pi_cheap"),
              _("1 (surely not) to 5 (surely), or the words.")),
        Field("buys_expensive", _("Would buy at the expensive price"), ("贵价购买意愿", "贵购买意愿", "buys expensive", "pi expensive", "pi_expensive"),
              _("1 (surely not) to 5 (surely), or the words.")),
        Field("currency", _("Currency"), ("币种", "货币", "currency"), _("That of the study if blank; nothing is converted.")),
        Field("answered_at", _("Answered on"), ("答题时间", "填写时间", "日期", "时间", "answered", "date")),
        Field("customer_number", _("Customer number"), ("客户编号", "客户号", "会员号", "customer number", "customer id"),
              _("Ties the answer to a customer we know; blank: without a name.")),
        Field("phone", _("Phone"), _PHONE),
        Field("email", _("E-mail"), _EMAIL),
    ),
    "answers": (
        Field("respondent", _("Respondent"), ("受访者", "受访者编号", "问卷编号", "答卷编号", "序号", "编号", "respondent", "respondent id", "id"),
              _("The number of the response. With it a second reading adds nothing.")),
        Field("answered_at", _("Answered on"), ("答题时间", "填写时间", "提交时间", "日期", "时间", "answered", "date")),
        Field("case_number", pgettext_lazy("import", "Number of the case"), ("个案编号", "个案号", "case number"),
              _("Ties the answer to the case it is about.")),
        Field("customer_number", _("Customer number"), ("客户编号", "客户号", "会员号", "customer number", "customer id"),
              _("Ties the answer to a customer we know; blank: without a name.")),
        Field("phone", _("Phone"), _PHONE),
        Field("email", _("E-mail"), _EMAIL),
    ),
}  # fmt: skip


def fields_of(what: str, source: str = "") -> tuple[Field, ...]:
    """Ours; for customers those an administrator made up, called attribute-CODE; for answers the questions of the wave
    `source`, called answer-CODE."""
    if what == "answers":
        return (*_questions_of(source), *FIELDS[what])
    if what != "customers":
        return FIELDS[what]
    mine = (
        Field(
            f"{ATTRIBUTE}{each.code}", each.shown_name(get_language() or ""), (each.name, each.name_en, each.code),
            "、".join(each.choices),
        )
        for each in Attribute.objects.in_use()
    )  # fmt: skip
    return (*FIELDS[what], *mine)


def _questions_of(code: str) -> Iterator[Field]:
    wave = Wave.objects.select_related("version").filter(code=code).first()
    language = get_language() or ""
    for each in wave.version.sheet.questions if wave else ():
        yield Field(
            f"{ANSWER}{each.code}",
            each.shown_label(language),
            tuple(filter(None, (each.code, each.label, each.label_en))),
            each.code,
        )


def guess(what: str, headings: Sequence[str], source: str = "") -> dict[str, str]:
    """Field -> heading: the same word first (ours, as in our templates and exports, or a usual one), then a heading that
    contains one; each column is used once."""
    free = {_plain(headings[place]): headings[place] for place in theirs(headings)}
    found: dict[str, str] = {}
    for is_same in (True, False):
        for field in fields_of(what, source):
            if field.name in found:
                continue
            for word in filter(None, map(_plain, (str(field.words), *field.headings))):
                place = word if is_same else next((h for h in free if len(word) > 1 and word in h), None)
                if place in free:
                    found[field.name] = free.pop(place)
                    break
    return found


def what_it_holds(headings: Sequence[str]) -> str:
    """Answers about prices have all four; purchases have an order, a day and a sum; cases a subject or a story; names and phones alone are customers."""
    as_cases, as_customers = guess("cases", headings), guess("customers", headings)
    as_purchases = guess("purchases", headings)
    if set(NEEDED["prices"]) <= set(guess("prices", headings)):
        return "prices"
    if {"order", "bought_at"} <= set(as_purchases) and {"amount", "unit_price"} & set(as_purchases):
        return "purchases"
    is_cases = {"subject", "story", "opened_at", "severity", "category"} & set(as_cases)
    return "customers" if "customer_name" in as_customers and not is_cases else "cases"


def signature(headings: Sequence[str]) -> str:
    """The same for every file with these columns, ours with a result too."""
    return "\n".join(sorted(_plain(headings[place]) for place in theirs(headings)))


def remembered(what: str, headings: Sequence[str]) -> Import | None:
    """The latest import of a file with the same columns: its choice is proposed again."""
    runs = Import.objects.filter(what=what, headings=signature(headings), columns__isnull=False)
    return runs.exclude(state=Import.State.LEFT).order_by("-pk").first()


def table(what: str, chosen: Table[str, str], *, history: bool = False, source: str = "") -> dict:
    """The choice of a page as the table of a mapping (see sheets/mapping.py)."""
    columns: dict[str, Any] = {}
    for field in fields_of(what, source):
        if heading := chosen.get(field.name):
            rule: dict[str, Any] = {"column": heading}
            if words := WORDS[what].get(field.name):
                rule["values"] = words | {ours: ours for ours in words.values()}
            columns[field.name] = rule
    return {"what": what, "timezone": settings.TIME_ZONE, "history": history, "columns": columns}


def needed(what: str) -> tuple[str, ...]:
    return NEEDED[what]


@dataclass(frozen=True)
class Row:
    """A row as the preview shows it: what stands in the file for each chosen field, and what is wrong."""

    line: int
    values: list[str]
    problem: str = ""


def preview(
    sheet: Sheet, what: str, chosen: Table[str, str], *, history: bool = False, source: str = "preview"
) -> list[Row]:
    """The first rows, read and judged as the import would, with nothing kept. Raises NoSuchMapping, CannotBind."""
    mapping = mapping_from(table(what, chosen, history=history, source=source), source)
    read = mapping.bind(sheet.columns)
    places = [sheet.columns.index(heading) for heading in chosen.values() if heading]
    rows = []
    with transaction.atomic():  # a past department would be made
        judge = judge_of(what, mapping)
        for row in islice(sheet.rows(), PREVIEWED):
            if isinstance(row, BadRow):
                rows.append(Row(row.line, [row.raw[:200]], row.sentence))
                continue
            shown = [row.values[place][:200] for place in places]
            fields = read(row.values)
            if isinstance(fields, Fault):
                words = _words_of(what, fields.field, source)
                rows.append(Row(row.line, shown, f"{words}: {fields.reason}"))
                continue
            judged = judge(row.line, fields)
            rows.append(Row(row.line, shown, getattr(judged, "sentence", "")))
        transaction.set_rollback(True)
    return rows


def judge_of(what: str, mapping: Mapping) -> Callable[[int, dict], Any]:
    """What says of a row that can be read whether it can land."""
    if what == "customers":
        return CustomerRows(mapping).customer
    if what == "answers":
        return AnswerRows(mapping).line
    if what == "prices":
        return PriceRows(mapping).line
    return PurchaseRows(mapping).line if what == "purchases" else CaseRows(mapping).case


def _words_of(what: str, name: str, source: str) -> Any:
    return next((field.words for field in fields_of(what, source) if field.name == name), name)
