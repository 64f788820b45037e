"""The filters of lists as the description of the API shows them. What they mean is decided in `serve.filtering`,
which also refuses names and values it does not know."""

from ninja import Schema
from pydantic import Field

Words = list[str]
SEVERAL = "May be given several times: any of them."


class ListFilters(Schema):
    kind: Words = Field([], description=SEVERAL)
    severity: Words = Field([], description="1 (minor) to 4 (critical). " + SEVERAL)
    level: str = Field("", description="Escalated to this level or above.")
    department: Words = Field([], description="Codes; `mine`: those of the caller. " + SEVERAL)
    owner: Words = Field([], description="Logins; `me`. " + SEVERAL)
    category: Words = Field([], description="Codes; what lies below belongs to it. " + SEVERAL)
    channel: Words = Field([], description=SEVERAL)
    grade: Words = Field([], description=SEVERAL)
    form: Words = Field([], description="Codes of forms that were filled in. " + SEVERAL)
    due: str = Field("", description="late, 30m, 2h, today, 24h or 7d; late ones are always among them.")
    opened_from: str = Field("", alias="from", description="First day of opening, as 2026-03-04.")
    opened_to: str = Field("", alias="to", description="Last day of opening.")
    q: str = Field("", description="Words in the subject.")
    sort: str = Field("", description="deadline, newest, or level (escalated ones only).")


class CaseFilters(ListFilters):
    state: Words = Field([], description="open, waiting or answered. " + SEVERAL)


class TaskFilters(ListFilters):
    state: Words = Field([], description="given or accepted. " + SEVERAL)
    handler: Words = Field([], description="Logins; `me`, `nobody`. " + SEVERAL)
