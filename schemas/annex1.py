"""Annex 1 项目指标: the score sheet with its 24 indicators and the bonus."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load

from schemas.bilingual import Bilingual
from schemas.fields import Group, Line, Points
from schemas.form_schema import PRINT, SIGN, FieldGroup, FormSchema, Programme

#: What annexes 1 to 3 are for.
PROGRAMME = Programme(
    Bilingual("县级科协创新发展能力提升计划", "Plan for the capacity of county associations"),
    Bilingual(
        "由江苏省科协组织。县级科协围绕服务科技工作者、服务创新驱动发展、服务全民科学素质提高、服务党和政府科学决策、"
        "加强自身建设五个方面申报项目，有突出做法的可另报单项工作创新案例。申报书签字盖章后，报市科协、省科协审核。",
        "By the Jiangsu Association for Science and Technology. County associations apply with a project "
        "that serves science workers, innovation, scientific literacy and sound decisions, and strengthens "
        "themselves; they may add a case of innovative work. The application is signed, sealed, and reviewed "
        "by city and province.",
    ),
)
BONUS_MAXIMUM = 10

# Category, its points, and the maximum of each of its indicators, in the sheet's order.
CATEGORIES: tuple[tuple[str, int, tuple[int, ...]], ...] = (
    ("服务科技工作者", 15, (4, 3, 4, 4)),
    ("服务创新驱动发展", 20, (3, 3, 3, 4, 4, 3)),
    ("服务全民科学素质提高", 20, (4, 4, 4, 4, 4)),
    ("服务党和政府科学决策", 15, (5, 4, 3, 3)),
    ("加强自身建设", 30, (5, 5, 8, 4, 8)),
)

# The English of each category, and of its indicators.
ENGLISH: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Serving science workers",
        (
            "Reach science workers at the grass roots; hold Science Workers' Day",
            "Recommend young talent for awards; serve leading scientists and teams",
            "Make the reform, main work, teams and outstanding people known in all media",
            "Serve and win members online; protect their rights",
        ),
    ),
    (
        "Serving innovation-driven development",
        (
            "Academic platforms on matters of the county, with results that are adopted",
            "Platforms with societies of country, province and city for local industry",
            "Reform of learned societies; new societies",
            "Exchange abroad and with Hong Kong, Macao and Taiwan; bases for talent from overseas",
            "Associations in parks and enterprises; technical information for enterprises",
            "Technical help for the countryside; training of farmers",
        ),
    ),
    (
        "Raising scientific literacy",
        (
            "Lead the literacy plan: shared work, yearly points, funds, contests",
            "Popular science in papers and online; stations, museums, mobile exhibits, volunteers",
            "Model counties and bases of popular science",
            "Science weeks and days; response to emergencies; against superstition",
            "Science for the young: contests, visits to laboratories, model schools",
        ),
    ),
    (
        "Serving decisions of Party and government",
        (
            "A think tank with advisers of its own",
            "At least 4 proposals a year, 1 of them adopted; studies and advice",
            "Grants for good studies; selection of proposals and reports",
            "Report what science workers ask for; help with surveys of them",
        ),
    ),
    (
        "Strengthening the association",
        (
            "Independent, with a Party group and leaders on standing committees; reform carried out",
            "Elections on time; associations in enterprises and parks; training of staff",
            "Grass-roots associations; the “four heads” take part, and are made known",
            "Online administration; data and reports on time",
            "Party building leads; clean administration; service of the members",
        ),
    ),
)


class _Scores(FieldGroup):
    @post_load
    def _by_id(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {str(field.data_key): data[name] for name, field in self.fields.items()}


def _scores_schema() -> type[Schema]:
    indicators: dict[str, fields.Field[Any]] = {}
    for c, ((category, _, maxima), (_, glosses)) in enumerate(zip(CATEGORIES, ENGLISH, strict=True), 1):
        for i, (maximum, gloss) in enumerate(zip(maxima, glosses, strict=True), 1):
            points = Points(f"{category} 第{i}项 得分", maximum, gloss=gloss)
            points.data_key = f"{c}.{i}"
            indicators[f"indicator_{c}_{i}"] = points
    return _Scores.from_dict(indicators, name="Scores")


class Annex1(FormSchema):
    """Annex 1 项目指标（计100分） of 2021."""

    programme = PROGRAMME
    about = Bilingual(
        "由县级科协填写：对照五个方面 24 项指标打分，满分 100 分，另有附加分 10 分。",
        "For county associations: points for 24 indicators in five fields, 100 in all, and a bonus of 10.",
    )
    afterwards = (PRINT, SIGN, Bilingual("送市科协。", "Send it to the city association."))
    glosses = tuple(
        Bilingual(f"{category}（{points}分）", f"{english} ({points} points)")
        for (category, points, _), (english, _) in zip(CATEGORIES, ENGLISH, strict=True)
    )
    expected = ("scores",)

    association_name = Line(
        "县级科协名称",
        description="不印在项目指标上 / not printed on the sheet",
        gloss="Name of the county association",
        fact="association_name",
    )
    scores = Group(
        "得分",
        _scores_schema(),
        gloss="Scores",
        help=Bilingual(
            "对照各项要求打分，以 0.5 分为一档，不超过该项分值。留空的只印分值。",
            "In steps of 0.5, up to the maximum of each; of a blank one only the maximum is printed.",
        ),
    )
    bonus = Points("单项工作创新 附加分", BONUS_MAXIMUM, gloss="Bonus for an innovative case")

    def totals(self, data: dict[str, Any]) -> dict[str, Any]:
        """Subtotals by category id "1" to "5", total, and total with bonus, in points.

        None without any score.
        """
        subtotals = {
            str(c): _sum([data["scores"][f"{c}.{i}"] for i in range(1, len(maxima) + 1)])
            for c, (_, _, maxima) in enumerate(CATEGORIES, 1)
        }
        total = _sum(list(subtotals.values()))
        return {
            "subtotals": subtotals,
            "total": total,
            "total_with_bonus": _sum([total, data["bonus"]]),
        }


def _sum(points: list[Decimal | None]) -> Decimal | None:
    given = [value for value in points if value is not None]
    return sum(given, Decimal(0)) if given else None
