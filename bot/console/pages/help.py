"""Help: how a record lives, who may do what, and the editorial guide as the schema has it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.console.forms.fields import condition_fields, offer_groups, provider_groups
from bot.console.forms.form_view import id_of
from bot.console.forms.routes import Sees
from bot.console.forms.workroom import Workroom
from knowledge_base.schemas import offer_schema, provider_schema
from knowledge_base.staff import PERMISSIONS, ROLES, Member

router = APIRouter(prefix="/help")


@router.get("")
def guide(request: Request, who: Sees) -> HTMLResponse:
    """Show the guide; its words about fields are those the form and the checks use."""
    room = Workroom.of(request)
    condition = offer_schema()["$defs"]["criterion"]["properties"]
    tests = [
        (name, str(condition[name]["description"]))
        for name in ("between", "one_of", "none_of", "within", "any_of")
    ]
    return room.desk.page(
        "console/help.html",
        who=who,
        path="/console/help",
        offer=offer_schema()["description"],
        provider=provider_schema()["description"],
        offer_groups=offer_groups(),
        provider_groups=provider_groups(),
        tests=tests,
        condition=next(field.hint for field in condition_fields("") if field.name == "words"),
        id_of=id_of,
        roles=[(role, [words for each, words in PERMISSIONS.items() if _may(role, each)]) for role in ROLES],
        own=room.life.own_drafts,
    )


def _may(role: str, permission: str) -> bool:
    return Member("", "", "", role).may(permission)
