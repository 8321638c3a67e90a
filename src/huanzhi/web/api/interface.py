"""The API 接口: one place that names every operation and says what is wrong in one shape."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from huanzhi import __version__
from huanzhi.errors import HuanzhiError
from huanzhi.web.api import (
    accounts,
    air_cuts,
    assess,
    atlas,
    audit,
    bulletins,
    case_papers,
    cases,
    code_events,
    codes,
    codes_open,
    desk,
    devices,
    disclosure,
    disclosure_lists,
    draws,
    enterprise_files,
    enterprises,
    events,
    exchange,
    explain,
    hazards,
    imports,
    indicators,
    inspections,
    issue_board,
    issues,
    jobs,
    keys,
    live,
    matters,
    network,
    open_disclosure,
    open_reports,
    opinion,
    organisations,
    patrols,
    people,
    permit_duties,
    permit_holders,
    permit_key_lists,
    permit_reductions,
    permit_reports,
    permit_samples,
    petitions,
    places,
    plan_sheets,
    plans,
    portal,
    proposals,
    publications,
    push,
    quotas,
    rankings,
    rectification,
    rectification_following,
    rectification_intake,
    region_reports,
    regions,
    registers,
    reports,
    responsibility_audits,
    rewards,
    rights,
    roles,
    rulebooks,
    scoring,
    search,
    series,
    service_firms,
    session,
    sightings,
    standards,
    statements,
    statistics,
    tables,
    talks,
    targets,
    tax,
    tracing,
    warning_rules,
    warning_states,
    warnings,
    waste_approvals,
    waste_findings,
    waste_ledger,
    waste_licences,
    waste_manifests,
    waste_pickups,
)
from huanzhi.web.api.actors import signed_in
from huanzhi.web.api.errors import malformed, plain, refusal

ROUTERS = (
    assess.router,
    explain.router,
    imports.router,
    issue_board.router,
    issues.router,
    cases.router,
    case_papers.router,
    codes.router,
    code_events.router,
    codes_open.router,
    matters.router,
    rectification_following.router,
    rectification.router,
    rectification_intake.router,
    talks.router,
    tracing.router,
    bulletins.router,
    jobs.router,
    rankings.router,
    reports.router,
    search.router,
    standards.router,
    statistics.router,
    atlas.router,
    desk.router,
    events.router,
    live.router,
    network.router,
    push.router,
    series.router,
    session.router,
    roles.router,
    rights.router,
    proposals.router,
    people.router,
    keys.router,
    audit.router,
    regions.router,
    organisations.router,
    places.router,
    plans.router,
    plan_sheets.router,
    indicators.router,
    targets.router,
    scoring.router,
    enterprises.router,
    permit_duties.router,
    permit_holders.router,
    permit_key_lists.router,
    permit_reductions.router,
    permit_reports.router,
    permit_samples.router,
    enterprise_files.router,
    statements.router,
    tables.router,
    registers.router,
    rulebooks.router,
    devices.router,
    warning_rules.router,
    warning_states.router,
    air_cuts.router,
    warnings.router,
    inspections.router,
    draws.router,
    hazards.router,
    petitions.router,
    open_reports.router,
    rewards.router,
    opinion.router,
    patrols.router,
    sightings.router,
    waste_approvals.router,
    waste_findings.router,
    waste_ledger.router,
    waste_licences.router,
    waste_manifests.router,
    waste_pickups.router,
    disclosure.router,
    disclosure_lists.router,
    responsibility_audits.router,
    open_disclosure.router,
    exchange.router,
    service_firms.router,
    publications.router,
    region_reports.router,
    portal.router,
    accounts.router,
    quotas.router,
    tax.router,
)


class Interface(NinjaAPI):
    """The API; what is malformed in a request keeps what was given, so that the answer can name it."""

    def validation_error_from_error_contexts(self, error_contexts: list[Any]) -> ValidationError:
        """Return the faults as the framework does, each with its ``input``."""
        made = super().validation_error_from_error_contexts(error_contexts)
        given = [
            one.get("input")
            for context in error_contexts
            for one in context.pydantic_validation_error.errors(include_url=False)
        ]
        return ValidationError([{**one, "input": held} for one, held in zip(made.errors, given, strict=True)])


api = Interface(
    title="Huanzhi 环治", version=__version__, openapi_url="v1/openapi.json", docs_url=None, auth=signed_in
)
for router in ROUTERS:
    api.add_router("v1/", router)


@api.exception_handler(HuanzhiError)
def on_error(request: HttpRequest, error: HuanzhiError) -> HttpResponse:
    """Answer with an error."""
    return refusal(request, error)


@api.exception_handler(HttpError)
def on_plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer with what the framework refused."""
    return refusal(request, plain(error.status_code), error.status_code)


@api.exception_handler(ValidationError)
def on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer with what of a request is not as declared."""
    return refusal(request, malformed(error.errors))
