"""Place a business by its answers: the same answers, the same result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge_base.checkup.shapes import (
    BARRIERS,
    LEVELS,
    LISTENING,
    TYPES,
    Answers,
    Checkup,
    CheckupResult,
    NeedRule,
    Option,
    Placed,
    Suggested,
)


def place(checkup: Checkup, answers: Answers) -> CheckupResult:
    """Return the types, the listening, the barriers and the needs that follow from answers.

    What was skipped or not reached has no level, and no need follows from it. `read_answers` makes answers
    of what somebody sent; an option that no question has counts for nothing here.
    """
    chosen = list(_chosen(checkup, answers))
    levels: dict[str, str] = {}
    for option in chosen:
        for aspect, level in option.places.items():
            levels[aspect] = max(levels.get(aspect, level), level, key=LEVELS.index)
    named = {option.barrier for option in chosen}
    barriers = tuple(code for code in BARRIERS if code in named)
    told = [levels[aspect] for aspect in TYPES if aspect in levels]
    highest = max(told, key=LEVELS.index) if told else "unknown"
    return CheckupResult(
        headline=checkup.headlines[highest],
        types=tuple(Placed(aspect, levels.get(aspect)) for aspect in TYPES),
        listening=levels.get(LISTENING),
        barriers=barriers,
        needs=_needs(checkup, levels, barriers),
        answered=sum(bool(answers.get(question.id)) for question in checkup.questions),
    )


def _chosen(checkup: Checkup, answers: Answers) -> Iterator[Option]:
    for question in checkup.questions:
        for id in answers.get(question.id) or ():
            option = question.option(id)
            if option is not None:
                yield option


def _needs(checkup: Checkup, levels: Mapping[str, str], barriers: tuple[str, ...]) -> tuple[Suggested, ...]:
    found: dict[str, Suggested] = {}
    for rule in checkup.needs:
        if rule.need not in found and (not found if rule.otherwise else _holds(rule, levels, barriers)):
            found[rule.need] = Suggested(rule.need, rule.because)
    return tuple(found.values())[: checkup.most_needs]


def _holds(rule: NeedRule, levels: Mapping[str, str], barriers: tuple[str, ...]) -> bool:
    if rule.barrier is not None:
        return rule.barrier in barriers
    if rule.every is not None:
        told = [levels[aspect] for aspect in TYPES if aspect in levels]
        return bool(told) and all(level == rule.every for level in told)
    return any(levels.get(aspect) == rule.level for aspect in rule.aspects)
