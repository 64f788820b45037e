"""Every refusal a verb may raise, and whether the words typed were at fault (422) or the state of things (409)."""

from guixin.organisation.ladder import NoAuthority
from guixin.promise.escalating import AlreadyActed, MustLookAgain
from guixin.promise.extending import CannotExtend
from guixin.serve.changing import EditedMeanwhile
from guixin.serve.closing import CannotClose, CannotReopen
from guixin.serve.escalating import CannotEscalate
from guixin.serve.following_up import CannotFollowUp
from guixin.serve.handling import CannotHandle
from guixin.serve.intake import CannotOpen
from guixin.serve.merging import CannotMerge
from guixin.serve.replying import CannotReply
from guixin.serve.routing import CannotRoute, CaseIsClosed

REFUSALS: dict[type[Exception], int] = {
    AlreadyActed: 409,
    CannotClose: 409,
    CannotEscalate: 422,
    CannotExtend: 409,
    CannotFollowUp: 409,
    CannotHandle: 409,
    CannotMerge: 409,
    CannotOpen: 422,
    CannotReopen: 409,
    CannotReply: 422,
    CannotRoute: 422,
    CaseIsClosed: 409,
    EditedMeanwhile: 409,
    MustLookAgain: 422,
    NoAuthority: 409,
}
