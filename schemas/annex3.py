"""Annex 3 单项工作创新案例申报书: one innovation case."""

from schemas.advice import Shorter
from schemas.annex1 import PROGRAMME
from schemas.bilingual import Bilingual
from schemas.fields import Line, Text
from schemas.form_schema import PRINT, SIGN, FormSchema, Limit


class Annex3(FormSchema):
    """Annex 3 单项工作创新案例申报书 of 2021."""

    programme = PROGRAMME
    about = Bilingual(
        "由申报创新案例的县级科协填写：背景、举措、成效，合计 2000 字以内。意见由市科协填写。",
        "For county associations with a case of innovative work; the city association gives its opinion.",
    )
    glosses = (
        Bilingual(
            "注：重点突出举措，背景、举措、成效内容总字数在2000字以内。",
            "Note: the measures are the main part; with background and results they have at most 2000 "
            "characters.",
        ),
    )
    limits = (Limit(("background", "measures", "results"), 2000),)
    afterwards = (PRINT, SIGN, Bilingual("送市科协。", "Send it to the city association."))
    searchable = ("case_name",)
    expected = ("association_name", "case_name", "background", "measures", "results")
    advice = (Shorter("measures", "background"), Shorter("measures", "results"))  # 注：重点突出举措

    association_name = Line(
        "县级科协名称",
        gloss="Name of the county association",
        fact="association_name",
        help=Bilingual(
            "写全称，例如：云泽县科学技术协会。", "Its full name, for example 云泽县科学技术协会."
        ),
    )
    case_name = Line(
        "案例名称",
        gloss="Name of the case",
        carries=False,
        help=Bilingual(
            "点明做法，例如：科技服务开到塘口。",
            "What was done, for example 科技服务开到塘口.",
        ),
    )
    background = Text(
        "背景",
        gloss="Background",
        help=Bilingual(
            "为什么做：遇到什么问题，有什么条件。", "Why: the problem, and what there was to build on."
        ),
    )
    measures = Text(
        "举措",
        gloss="Measures",
        help=Bilingual(
            "怎么做：分条写明具体做法。三项中重点写这一项。",
            "How: each thing that was done. Of the three parts this is the main one.",
        ),
    )
    results = Text(
        "成效",
        gloss="Results",
        help=Bilingual(
            "做成了什么：用数据说明，最好有前后对比。",
            "What came of it: in figures, if possible before and after.",
        ),
    )
    city_opinion = Text(
        "市科协意见",
        gloss="Opinion of the city association",
        help=Bilingual("由市科协填写，可留空。", "For the city association to fill in: may be left blank."),
    )
    remarks = Text(
        "备注",
        gloss="Remarks",
        help=Bilingual(
            "需要另外说明的，例如附件目录；没有可留空。",
            "Anything else, for example what is enclosed: may be left blank.",
        ),
    )
