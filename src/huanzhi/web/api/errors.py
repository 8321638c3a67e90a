"""Errors in HTTP: one JSON shape, in the reader's language.

The shape is that of `HuanzhiError.as_dict`: ``error`` (stable word), ``message``, the place as far as it is
known (``row``, ``column``, ``value``), ``expected``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse

from huanzhi.errors import HuanzhiError, InputError, StandardError, StoreError
from huanzhi.messages import Language, using

STATUS: dict[type[HuanzhiError], int] = {InputError: 422, StandardError: 422, StoreError: 503}
"""HTTP status of each branch of errors."""

SPECIAL = {
    "web_api.csrf": 403,
    "web_api.throttled": 429,
    "people.wrong_password": 401,
    "people.change_password": 403,
    "people.locked": 429,
    "people.no_person": 404,
    "people.no_grant": 404,
    "keys.none": 404,
    "rights.no_kind": 404,
    "rewards.none": 404,
    "rewards.no_bounty": 404,
    "rewards.wrong_code": 404,
    "rewards.same_person": 403,
    "rewards.no_code": 409,
    "rewards.already": 409,
    "rewards.not_now": 409,
    "rewards.too_late": 409,
    "opinion.none": 404,
    "publications.none": 404,
    "publications.no_report": 404,
    "publications.no_chart": 404,
    "publications.no_dataset": 404,
    "publications.not_now": 409,
    "publications.draft_open": 409,
    "publications.same": 409,
    "publications.changed_since": 409,
    "publications.report_there": 409,
    "publications.report_done": 409,
    "publications.same_person": 409,
    "center_plans.none": 404,
    "permits.none": 404,
    "warnings.no_cut": 404,
    "warnings.no_episode": 404,
    "warnings.cut_unbegun": 409,
    "warnings.cut_noted": 409,
    "warnings.cut_over": 409,
    "grades.none": 404,
    "grades.no_enterprise": 404,
    "permits.not_now": 409,
    "permits.too_early": 409,
    "permits.still_open": 409,
    "permits.unanswered": 409,
    "permits.no_notice": 409,
    "permits.same_person": 403,
    "opinion.not_now": 409,
    "petitions.none": 404,
    "petitions.no_file": 404,
    "petitions.no_code": 404,
    "petitions.no_letter": 409,
    "petitions.no_issue": 409,
    "petitions.objection_over": 409,
    "petitions.no_review": 409,
    "petitions.rated": 409,
    "petitions.acceptance": 409,
    "petitions.too_large": 413,
    "petitions.captcha": 429,
    "issues.none": 404,
    "bulletin.missing": 404,
    "issues.no_evidence": 404,
    "issues.no_alert": 404,
    "issues.not_now": 409,
    "issues.stopped": 409,
    "issues.same_person": 403,
    "issues.person_only": 403,
    "issues.no_proof": 409,
    "issues.not_verified": 409,
    "issues.two_people": 409,
    "issues.too_large": 413,
    "issues.driven": 409,
    "rectification.none": 404,
    "rectification.no_talk": 404,
    "rectification.no_sweep": 404,
    "rectification.no_return": 404,
    "rectification.no_item": 404,
    "rectification.no_batch": 404,
    "rectification.no_paper": 404,
    "rectification.same_person": 403,
    "rectification.other_organisation": 403,
    "rectification.not_verified": 409,
    "rectification.two_people": 409,
    "rectification.not_open": 409,
    "rectification.read_already": 409,
    "rectification.return_closed": 409,
    "rectification.settled": 409,
    "enterprise_file.none": 404,
    "enterprise_file.no_enterprise": 404,
    "enterprise_file.not_now": 409,
    "enterprise_file.explained": 409,
    "waste.none": 404,
    "waste.not_your_step": 403,
    "waste.not_now": 409,
    "waste.entered": 409,
    "waste.trip_taken": 409,
    "waste.paper_taken": 409,
    "waste.licence_there": 409,
    "waste.vehicle_there": 409,
    "waste.has_issue": 409,
    "accounts.none": 404,
    "accounts.no_account": 404,
    "accounts.short": 409,
    "accounts.other": 409,
    "accounts.reversed": 409,
    "quotas.none": 404,
    "quotas.no_pledge": 404,
    "quotas.not_now": 409,
    "quotas.short": 409,
    "tax.none": 404,
    "tax.not_now": 409,
    "tax.exists": 409,
    "tax.not_yours": 403,
    "disclosure.none": 404,
    "disclosure.not_now": 409,
    "audits.none": 404,
    "audits.not_now": 409,
    "audits.at_work": 409,
    "audits.unjudged": 409,
    "audits.same_person": 403,
    "services.none": 404,
    "services.no_way": 409,
    "exchange.none": 404,
    "exchange.not_now": 409,
    "hazards.none": 404,
    "hazards.not_now": 409,
    "hazards.same_person": 403,
    "inspections.none": 404,
    "inspections.not_now": 409,
    "inspections.draw_over": 409,
    "inspections.draw_open": 409,
    "inspections.same_person": 403,
    "inspections.not_yours": 403,
    "cases.none": 404,
    "cases.no_paper": 404,
    "cases.no_referral": 404,
    "cases.no_matter": 404,
    "cases.no_part": 404,
    "cases.not_draft": 409,
    "cases.not_issued": 409,
    "cases.published": 409,
    "cases.closed": 409,
    "cases.referral_order": 409,
    "cases.same_person": 403,
    "cases.not_officer": 403,
    "cases.own_case": 403,
    "proposals.none": 404,
    "proposals.closed": 409,
    "proposals.open_already": 409,
    "proposals.same_person": 403,
    "proposals.same_organisation": 403,
    "proposals.person_only": 403,
    "oidc.refused": 401,
    "oidc.unreachable": 503,
    "web_api.no_key": 401,
    "web_api.signed_out": 401,
    "web_api.wrong_password": 401,
    "web_api.forbidden": 403,
    "rights.refused": 403,
    "search.no_card": 404,
    "tables.no_record": 404,
    "tables.no_table": 404,
    "registers.none": 404,
    "tables.no_history": 404,
    "tables.exists": 409,
    "series_api.no_place": 404,
    "series_api.no_parameter": 404,
    "books_api.no_upload": 404,
    "books_api.no_report": 404,
    "books_api.no_rejects": 404,
    "books_api.upload_closed": 409,
    "rules.none": 404,
    "rulebooks.none": 404,
    "rulebooks.no_draft": 409,
    "rulebooks.changed": 409,
    "records.stale": 412,
    "receipts.other": 409,
    "patrols.no_person": 403,
    "patrols.taken": 409,
    "patrols.no_file": 404,
    "sightings.closed": 412,
    "web_api.too_large": 413,
    "web_api.media": 415,
}
"""HTTP status of single errors."""


def status_of(error: HuanzhiError) -> int:
    """Return the HTTP status of an error."""
    for branch, status in STATUS.items():
        if isinstance(error, branch):
            return SPECIAL.get(error.key, status)
    return 500


def plain(status: int) -> InputError:
    """Return what the framework refused: nobody signed in, no token for a change, a body that is no JSON."""
    return InputError({401: "web_api.signed_out", 403: "web_api.csrf"}.get(status, "web_api.unreadable"))


def malformed(faults: Sequence[Mapping[str, Any]]) -> InputError:
    """Return the first of the faults that the declared types of a request found."""
    first = faults[0]
    name = str(first["loc"][-1])
    return InputError(
        "web_api.malformed",
        column=name,
        value=None if name in SECRET else _told(first.get("input")),
        expected=str(first["msg"]),
    )


SECRET = ("password", "old", "new", "secret", "token", "code")
"""Fields whose value is not said again."""
_LONGEST = 60


def _told(given: Any) -> str | int | float | None:
    """Return what was given as far as it can be told: a short plain value."""
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, str):
        return given.encode("utf-8", "replace").decode()[:_LONGEST]
    plain = isinstance(given, int | float) and math.isfinite(given) and abs(given) < 1e15
    return given if plain else None


def language_of(request: HttpRequest) -> Language:
    """Return the reader's language: Chinese unless English is asked for first."""
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


def refusal(request: HttpRequest, error: HuanzhiError, status: int | None = None) -> JsonResponse:
    """Return the answer that says what is wrong."""
    with using(language_of(request)):
        document = error.as_dict()
    response = JsonResponse(
        document, status=status or status_of(error), json_dumps_params={"ensure_ascii": False}
    )
    if response.status_code == 429:
        response["Retry-After"] = str(error.values.get("seconds", 1))
    if response.status_code == 503:
        response["Retry-After"] = "1"
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
