"""When X happens, then Y: every cross-package consequence, readable from top to bottom."""

from guixin.channels import notices, staff_mail  # noqa: F401  staff_mail takes its place at the post office
from guixin.channels.mail import events as mail
from guixin.channels.mail import sending as sending_mail
from guixin.handbook import article_texts, writing
from guixin.handbook import events as handbook
from guixin.ledger import when, when_many
from guixin.listen import events as listen
from guixin.organisation import arranging, employing
from guixin.organisation import events as organisation
from guixin.promise import answering, communication, extending, moments, packages, reading, recalculating
from guixin.promise import authority_events as requests
from guixin.promise import escalating as raising
from guixin.promise import events as promise
from guixin.promise import proposal_events as proposals
from guixin.promise.holding import hold_by
from guixin.recover import events as recover
from guixin.recover import following as recoveries
from guixin.recover import second_failures
from guixin.serve import (
    broken_moments,
    case_texts,
    customer_facts,
    customers,
    deciding,
    emergencies,
    emergency_events,
    escalating,
    following_up,
    goodwill_events,
    intake,
    occasions,
    open_work,
    orders,
    orders_in_words,
    past,
    promises,
    snoozing,
    task_events,
    telling,
    terms,
    visit_deciding,
    visit_log,
)
from guixin.serve import call_back_events as calls
from guixin.serve import cause_events as causes
from guixin.serve import events as serve
from guixin.serve import problem_events as hard_problems
from guixin.understand import (
    contact_events,
    customer_texts,
    grade_events,
    knowledge_texts,
    record_facts,  # noqa: F401  what rules may ask of the record is offered
    segmenting,
    sharing,
    sorting,
    taking_in_purchases,
)
from guixin.understand import events as understand
from guixin.understand import knowledge_events as knowledge

# Not a consequence, but as far across: what promise calls a case id is locked where cases live.
hold_by(promises.hold_cases)
extending.subjects_by(deciding.subject_of_case_id)
moments.found_by(broken_moments.count_broken)

# What cases say about a customer is among what rules of segments may ask.
customer_facts.offer()

# Articles are filed under the firm's categories.
writing.categories_by(terms.is_category)

# What communication plans may speak of: a closed case too.
occasions.offer()

# What the one search finds.
article_texts.offer()
knowledge_texts.offer()
customer_texts.offer()
case_texts.offer()

# Who is asked before a department closes or a person leaves: where the work is.
arranging.ask_before_closing(open_work.keeps_open)
employing.ask_before_leaving(open_work.keeps_here)
segmenting.ask_before_withdrawing(packages.keep_their_segment)
segmenting.ask_before_withdrawing(communication.keep_their_segment)

# Working hours changed: every deadline counted in them is worked out again.
when(organisation.CalendarChanged, then=[recalculating.work_out_again])

# A promise nears its end, runs out, climbs: the rows people list show how high.
when(promise.ClockWarned, then=[notices.tell_holder])
when(promise.ClockBreached, then=[promises.show_level, notices.tell_authority])
when(promise.ClockEscalated, then=[promises.show_level, notices.tell_authority])
when(promise.ClockStuck, then=[notices.tell_coordinator])

# Deadlines moved: the queues sort by the new ones.
when(promise.ClockStopped, then=[promises.refresh_deadlines])
when(promise.ClockVoided, then=[promises.refresh_deadlines])
when(promise.ClockPaused, then=[promises.refresh_deadlines])
when(promise.ClockResumed, then=[promises.refresh_deadlines])
when(promise.ClockMoved, then=[promises.refresh_deadlines])

# A promise ended: nobody has to decide about it any more, and more time for it is asked for in vain.
when(promise.ClockStopped, then=[notices.tell_settled])
for _ended in (promise.ClockStopped, promise.ClockVoided):
    when(_ended, then=[raising.over_with_their_clocks, extending.expire_with_their_clocks])
when(promise.ExtensionExpired, then=[notices.tell_who_asked])

# An authority acted: its own promise to act is kept, or was late.
when(promise.EscalationActed, then=[escalating.stop_acting])

# The same complaint again goes to the next authority at once.
when(serve.CaseOpened, then=[telling.received, intake.link_repeats])

# An order number in what the customer tells: the purchase is found by itself.
when(serve.CaseOpened, then=[orders_in_words.name_what_is_told])
when(serve.CustomerAdded, then=[orders_in_words.name_what_is_added])

# What a case says is found by its words at once; what comes by the thousand, when a worker has read it.
for _said in (serve.CaseOpened, serve.CaseChanged, serve.CaseClosed, serve.CaseReopened, serve.CasesMerged):
    when(_said, then=[case_texts.keep_found])
for _past in (past.PastCaseTaken, past.PastCaseClosed, past.PastStep):
    when(_past, then=[case_texts.find_later])

for _written in (
    handbook.ArticleBegun, handbook.ArticleRevised, handbook.ArticlePublished, handbook.ArticleWithdrawn,
    handbook.ArticleRated,
):  # fmt: skip
    when(_written, then=[article_texts.keep_found])

# Closed is not the end: the system has the customer asked.
when(serve.CaseClosed, then=[emergencies.end_with_the_case, telling.closed, following_up.schedule])
when(serve.CaseReopened, then=[telling.reopened])

# More time is asked for and decided: the authority hears, then who asked, and the customer the new date.
when(promise.ExtensionAsked, then=[notices.tell_who_decides])
when(promise.ExtensionDecided, then=[notices.tell_who_asked, telling.extended])

when(promise.ExtensionPassedUp, then=[notices.tell_who_decides])

# Something is above a limit: who may decide it hears, then who asked, and what was asked for happens.
when(requests.AuthorityAsked, then=[notices.tell_who_is_asked])
when(requests.AuthorityPassedUp, then=[notices.tell_who_is_asked])
when(requests.AuthorityAskedBack, then=[notices.tell_who_has_the_word])
when(
    requests.AuthorityDecided,
    then=[
        deciding.settle_goodwill, emergencies.settle_emergencies, visit_deciding.settle_visits,
        notices.tell_who_asked_for_it,
    ],
)  # fmt: skip
when(
    requests.AuthorityWithdrawn,
    then=[deciding.settle_goodwill, emergencies.settle_emergencies, visit_deciding.settle_visits],
)

# Those who do the work propose: the owner hears, and who proposed hears back. Each month each department states.
when(proposals.ChangeProposed, then=[notices.tell_reviewer])
when(proposals.TrialBegun, then=[notices.tell_who_proposed])
when(proposals.TrialEnded, then=[notices.tell_both_about_a_trial])
when(proposals.ProposalDecided, then=[notices.tell_who_proposed])
when(proposals.StatementDue, then=[notices.tell_who_states])

# A customer is to be made whole: whoever has a step hears. What was promised reached the customer: that step of their recovery is done. The recovery goes where its case goes.
for _planned in (recover.RecoveryBegun, recover.RecoveryFaultJudged, recover.RecoveryStepGiven):
    when(_planned, then=[notices.tell_who_makes_whole])
when(goodwill_events.GoodwillHandedOver, then=[recoveries.step_is_given])
when(serve.CasesMerged, then=[recoveries.follow_the_case])
when(serve.OwnerChanged, then=[recoveries.follow_the_owner])
when(serve.CaseReopened, then=[second_failures.raise_running])

# A survey wave begins by itself: whoever answers for it hears.
when(listen.WaveBegunByItself, then=[notices.tell_who_answers_for_the_wave])

# The emergency path: those concerned hear at once; a closed case is none any more; its user hears the review.
when(emergency_events.EmergencyBegun, then=[notices.tell_of_an_emergency, telling.emergency])
when(emergency_events.EmergencyReviewed, then=[notices.tell_who_took_the_path])

# Work goes to departments and comes back; the customer sees who is at work.
for _settled in (
    task_events.TaskQuestionAnswered,
    task_events.ResultReturned,
    task_events.TaskSentBack,
    task_events.TaskWithdrawn,
):
    when(_settled, then=[notices.forget_questions])
when(serve.CaseUnrouted, then=[notices.tell_coordinator])

# A hard problem goes to an expert, who hears; the conclusion comes back to who asked and to the owner.
for _sent in (
    hard_problems.HardProblemAsked,
    hard_problems.HardProblemPassedOn,
    hard_problems.HardProblemWithdrawn,
):
    when(_sent, then=[notices.tell_expert])
when(hard_problems.HardProblemAnswered, then=[notices.tell_who_asked_the_expert])
when(serve.CaseEscalated, then=[notices.tell_authority])
when(task_events.TaskGiven, then=[notices.tell_department])
when(task_events.TaskAccepted, then=[telling.accepted])
when(task_events.TaskHandedOver, then=[notices.tell_handler])
when(serve.Instructed, then=[notices.tell_all_at_work])
when(task_events.TaskQuestionAsked, then=[notices.tell_owner])
when(task_events.TaskQuestionAnswered, then=[notices.tell_handler])
when(task_events.TaskSentBack, then=[notices.tell_owner])
when(task_events.ResultReturned, then=[telling.result_is_in, notices.tell_owner])
when(serve.OwnerChanged, then=[notices.tell_new_owner, visit_log.go_with_the_owner])
when(serve.WorkReceived, then=[notices.tell_receiver])
when(serve.CustomerUrged, then=[notices.tell_all_at_work])
when(serve.CustomerAdded, then=[notices.tell_all_at_work])

# What is said by e-mail leaves as a mail; whose mail came back, or was kept unverified, hears of it.
when(serve.CustomerTold, then=[sending_mail.post_replies])
for _trouble in (mail.MailCameBack, mail.MailNotSent, mail.MailFromUnverified):
    when(_trouble, then=[notices.tell_owner])

# A call promised to a customer was tried in vain as often as the line tries: the page of their case tells them.
when(calls.CallBackGivenUp, then=[telling.could_not_reach])

# More cases than chance explains: who answers for them hears at once.
when(causes.SurgeRaised, then=[notices.tell_of_a_surge])

# Two customers are one, or two again: their cases follow.
when(
    understand.CustomersMerged,
    then=[customers.carry_cases, taking_in_purchases.carry_purchases, answering.tell_once],
)
when(
    understand.CustomersMergeUndone,
    then=[
        customers.return_cases, taking_in_purchases.return_purchases, orders.part_with_strangers, answering.tell_both,
    ],
)  # fmt: skip

# Something changed about a customer: a worker looks which segments they are in now.
for _moved in (
    understand.CustomerChanged, grade_events.CustomerGraded, understand.CustomersMerged, understand.CustomersMergeUndone,
    understand.IdentitySplitOff, understand.CustomerTakenIn, understand.CustomerDescribed, contact_events.ContactMade,
    contact_events.ContactMissed, understand.NeedNoted, understand.NeedEnded,
):  # fmt: skip
    when(_moved, then=[sorting.sort_concerned])
when_many(sorting.sort_concerned, instead=sorting.ask_for_round)

# A planned contact was missed: its owner hears of it, then the next authority above them.
when(contact_events.ContactMissed, then=[notices.tell_authority])
when(contact_events.ContactRaised, then=[notices.tell_authority])

# A department must know something: its people hear, its head answers for their reading it, until all who are there have.
when(knowledge.KnowledgeShared, then=[reading.begin, notices.tell_readers])
when(knowledge.KnowledgeRead, then=[notices.forget_what_was_read])
when(knowledge.KnowledgeShareOver, then=[reading.end, notices.forget_what_is_over])
for _left in (organisation.PersonLeft, organisation.PostEnded):
    when(_left, then=[sharing.settle_without])

# A note calls a colleague; a reply that was held could not leave.
when(serve.ColleagueMentioned, then=[notices.tell_mentioned])
when(serve.ReplyNotSent, then=[notices.tell_writer])

# A case that its owner put to sleep wakes when something happens, and its owner hears that its time has come.
for _heard in (serve.CustomerAdded, serve.CustomerUrged, serve.CustomerAnswered):
    when(_heard, then=[snoozing.wake_for_customer])
for _came in (
    task_events.TaskQuestionAsked, task_events.TaskSentBack, task_events.ResultReturned, serve.Instructed, serve.CaseEscalated,
    serve.CaseUnrouted,
):  # fmt: skip
    when(_came, then=[snoozing.wake_for_department])
for _over in (serve.OwnerChanged, serve.CaseClosed, serve.CasesMerged):
    when(_over, then=[snoozing.forget])
when(serve.CaseWoken, then=[notices.tell_woken])

# Whoever watches a case hears what happens on it.
for what in (
    serve.CustomerTold, serve.CustomerAdded, serve.CustomerUrged, task_events.ResultReturned, serve.CaseEscalated,
    serve.OwnerChanged, serve.CaseClosed, serve.CaseReopened,
):  # fmt: skip
    when(what, then=[notices.tell_watchers])
