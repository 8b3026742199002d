"""Annex 3 单项工作创新案例申报书: one innovation case."""

from schemas.advice import Shorter
from schemas.fields import Line, Text
from schemas.form_schema import FormSchema, Limit


class Annex3(FormSchema):
    """Annex 3 单项工作创新案例申报书 of 2021."""

    limits = (Limit(("background", "measures", "results"), 2000),)
    expected = ("association_name", "case_name", "background", "measures", "results")
    advice = (Shorter("measures", "background"), Shorter("measures", "results"))  # 注：重点突出举措

    association_name = Line("县级科协名称")
    case_name = Line("案例名称")
    background = Text("背景")
    measures = Text("举措")
    results = Text("成效")
    city_opinion = Text("市科协意见")
    remarks = Text("备注")
