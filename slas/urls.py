"""Agreements, under /workspace/<organisation>/."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from slas import urls_returns
from slas.views import agreements, beginning, clause_acts, clauses, documents, ink, signing, standing, uptake

app_name = "slas"

of_clause: list[URLPattern | URLResolver] = [
    path("", clauses.clause, name="clause"),
    path("change/", clause_acts.change, name="clause_change"),
    path("reword/", clause_acts.reword, name="clause_reword"),
    path("leave-out/", clause_acts.leave_out, name="clause_leave_out"),
    path("discard/", clause_acts.discard, name="clause_discard"),
    re_path(r"^(?P<act>propose|accept|reject|withdraw)/$", clause_acts.answer, name="clause_answer"),
]

one_agreement: list[URLPattern | URLResolver] = [
    path("", agreements.agreement, name="agreement"),
    path("change/", beginning.change, name="agreement_change"),
    path("send/", agreements.send, name="agreement_send"),
    path("reopen/", agreements.reopen, name="agreement_reopen"),
    path("abandon/", agreements.abandon, name="agreement_abandon"),
    path("confirm/", signing.confirm, name="agreement_confirm"),
    path("sign/", signing.sign, name="agreement_sign"),
    path("text/", signing.whole, name="agreement_whole"),
    path("text.json", signing.text_json, name="agreement_text"),
    path("agreement.pdf", documents.document, name="agreement_document"),
    path("notes/", signing.notes, name="notes"),
    path("standing/", standing.standing, name="agreement_standing"),
    path("standing/unchanged/", standing.unchanged, name="agreement_unchanged"),
    path("standing/notice/", standing.notice, name="agreement_notice"),
    path("standing/notice/take-back/", standing.take_back, name="agreement_notice_back"),
    path("ink/", ink.record, name="agreement_ink"),
    path("ink/change/", ink.change, name="ink_change"),
    path("ink/confirm/", ink.confirm, name="ink_confirm"),
    path("ink/return/", ink.send_back, name="ink_return"),
    path("ink/file/", ink.file, name="ink_file"),
    *urls_returns.of_agreement,
    path("clauses/", clauses.clauses, name="clauses"),
    path("clauses/accept/", clauses.accept_many, name="clauses_accept"),
    path("clauses/propose/", clauses.propose_all, name="clauses_propose"),
    path("clauses/add/", clause_acts.add, name="clause_add"),
    path("clauses/<slug:key>/", include(of_clause)),
]

urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", beginning.begin, name="agreement_new"),
    *urls_returns.of_organisation,
    path("agreements/ink/", ink.new, name="ink_new"),
    path("agreements/uptake/", uptake.uptake, name="uptake"),
    path("agreements/uptake/table.csv", uptake.table, name="uptake_csv"),
    path("agreements/none/", uptake.none, name="no_agreement"),
    path("agreements/none/<int:word>/end/", uptake.end_none, name="no_agreement_end"),
    path("agreements/<slug:reference>/", include(one_agreement)),
]
