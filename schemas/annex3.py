"""Annex 3 单项工作创新案例申报书: one innovation case."""

from schemas.advice import Shorter
from schemas.fields import Line, Text
from schemas.form_schema import FormSchema, Limit


class Annex3(FormSchema):
    """Annex 3 单项工作创新案例申报书 of 2021."""

    limits = (Limit(("background", "measures", "results"), 2000),)
    expected = ("association_name", "case_name", "background", "measures", "results")
    advice = (Shorter("measures", "background"), Shorter("measures", "results"))  # 注：重点突出举措

    association_name = Line("县级科协名称", gloss="Name of the county association")
    case_name = Line("案例名称", gloss="Name of the case")
    background = Text("背景", gloss="Background")
    measures = Text("举措", gloss="Measures")
    results = Text("成效", gloss="Results")
    city_opinion = Text("市科协意见", gloss="Opinion of the city association")
    remarks = Text("备注", gloss="Remarks")
