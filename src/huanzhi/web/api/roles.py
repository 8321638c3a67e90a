"""Roles 角色 and the matrix 权限表, for people to read."""

from __future__ import annotations

from ninja import Router, Schema

from huanzhi.library.rights.matrix import ACTIONS, SENSITIVITIES, kinds, roles, rules
from huanzhi.library.rights.scopes import scopes

router = Router(tags=["rights"])


class RoleOut(Schema):
    """A role, with the actors of the documents that it stands for."""

    code: str
    zh: str
    en: str
    basis: str


class RuleOut(Schema):
    """One row of the matrix."""

    name: str
    roles: list[str]
    groups: list[str]
    actions: list[str]
    sensitivity: list[str]
    reach: str


class RolesOut(Schema):
    """Roles, kinds of things by group, and the matrix that joins them."""

    roles: list[RoleOut]
    rules: list[RuleOut]
    groups: dict[str, list[str]]
    actions: list[str]
    sensitivities: list[str]
    scopes: list[str]


@router.get("roles", response=RolesOut, operation_id="list_roles")
def list_roles(request: object) -> RolesOut:
    """Return the roles and what each may do."""
    known = kinds()
    members = [*known.group.items(), *((f"{prefix}*", group) for prefix, group in known.prefixes)]
    return RolesOut(
        roles=[RoleOut(code=one.code, zh=one.zh, en=one.en, basis=one.basis) for one in roles().values()],
        rules=[
            RuleOut(
                name=one.name,
                roles=[code for code in roles() if code in one.roles],
                groups=sorted(one.groups),
                actions=[action for action in ACTIONS if action in one.actions],
                sensitivity=[level for level in SENSITIVITIES if level in one.sensitivity],
                reach=one.reach,
            )
            for one in rules()
        ],
        groups={group: [kind for kind, found in members if found == group] for group in sorted(known.groups)},
        actions=list(ACTIONS),
        sensitivities=list(SENSITIVITIES),
        scopes=list(scopes()),
    )
