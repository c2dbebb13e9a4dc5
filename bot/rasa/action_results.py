"""Check what actions answer with a validator that is compiled once.

Rasa builds and checks the schema itself, a constant, again at every action call: 61 % of the server's time.
The check stays the same; only the building is done once.
"""

from __future__ import annotations

from typing import Any

import rasa
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

RASA = "3.6"


class RasaInternalsChanged(RuntimeError):
    """Rasa no longer has the inside that a component of ours leans on."""


def install() -> None:
    """Give RemoteAction the compiled check; doing so again changes nothing.

    Raises RasaInternalsChanged where the installed Rasa is not the one this was written for.
    """
    current = getattr(RemoteAction, "_validate_action_result", None)
    if getattr(current, "compiled_once", False):
        return
    specification = getattr(RemoteAction, "action_response_format_spec", None)
    if not (rasa.__version__.startswith(f"{RASA}.") and callable(current) and callable(specification)):
        raise RasaInternalsChanged(
            f"bot/rasa/action_results.py was written for Rasa {RASA} and found {rasa.__version__}, whose "
            "RemoteAction checks results otherwise. Compare RemoteAction._validate_action_result, then adapt "
            "or remove the module."
        )
    schema = specification()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = next(validator.iter_errors(result), None)
        if error is None:
            return True
        raise ValidationError(
            f"The action server's answer to '{self.name()}' breaks Rasa's format at {error.json_path}."
        )

    validate.compiled_once = True  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = validate  # type: ignore[method-assign]
