"""Annex 2 项目申报书: the project application."""

from schemas.advice import Above, Earlier, InFuture, LongAgo, MuchAbove, OddPhone, Over, Shorter, Unfilled
from schemas.fields import Count, Day, Email, Group, Line, Money, Phone, Rows, Text, YesNo
from schemas.form_schema import FieldGroup, FormSchema, Limit, named_rows
from schemas.rules import Total


class Cover(FieldGroup):
    """The cover page."""

    applicant = Line("申报单位")
    contact_person = Line("联系人")
    contact_phone = Phone("联系电话")
    mailing_address = Line("通讯地址")
    email = Email("电子信箱")


class FourHead(FieldGroup):
    """The number of holders of a post for one kind of the “四长”, by level."""

    county = Count("县级科协人数")
    township = Count("乡镇（街道）科协人数")
    village = Count("村（社区）科协人数")


FOUR_HEADS = {
    "hospital_directors": "医院院长",
    "school_principals": "学校校长",
    "agritech_station_heads": "农技站站长",
    "tech_entrepreneurs": "科技型企业家",
}


class BasicInfo(FieldGroup):
    """一、基本情况."""

    association_name = Line("县级科协名称")
    leader_name = Line("负责人姓名")
    office_phone = Phone("办公电话")
    mobile = Phone("手机")
    is_independent = YesNo("是否独立建制")
    has_party_group = YesNo("是否设立党组")
    staff_quota = Count("编制数")
    staff_actual = Count("实有人员数")
    leader_in_npc_standing = YesNo("人大常委")
    leader_in_cppcc_standing = YesNo("政协常委")
    holds_congress = YesNo("是否依照章程召开代表大会")
    last_election_date = Day("最近一次换届日期")
    townships = Count("乡镇")
    subdistricts = Count("街道")
    communities = Count("社区")
    villages = Count("行政村")
    township_associations = Count("乡镇科协")
    subdistrict_associations = Count("街道科协")
    community_associations = Count("社区科协")
    village_associations = Count("村科协")
    learned_societies = Count("县级学会、协会")
    rural_tech_associations = Count("农村专业技术协会")
    enterprise_associations = Count("企业科协")
    park_associations = Count("园区科协")
    rural_tech_federations = Count("县级农技协联合会")
    enterprise_federations = Count("县级企业科协联合会")
    four_heads = named_rows("“四长”兼挂职情况", FourHead, FOUR_HEADS)


class BudgetItem(FieldGroup):
    """One row of the budget."""

    name = Line("计划开支名称")
    item = Line("计划开支项目")
    amount = Money("金额")


class Budget(FieldGroup):
    """四、提升计划项目经费预算, in 万元."""

    rules = (Total("items.amount"),)

    items = Rows("计划开支", Group("计划开支", BudgetItem))
    total = Money("计划开支合计")


class Opinion(FieldGroup):
    """An opinion in 五、审核意见, blank for pen and seal by default."""

    text = Text("意见")
    date = Day("日期")


class Review(FieldGroup):
    """五、审核意见."""

    applicant_date = Day("申报单位承诺日期")
    city_opinion = Group("市科协意见", Opinion)
    province_opinion = Group("省科协意见", Opinion)


class Annex2(FormSchema):
    """Annex 2 项目申报书 of 2021."""

    limits = (Limit(("overall_approach", "goals_and_measures"), 2000),)
    submitter = ("cover", "applicant")
    expected = ("cover", "basic_info", "overall_approach", "goals_and_measures", "budget.items")
    advice = (
        OddPhone("cover.contact_phone"),
        OddPhone("basic_info.office_phone"),
        OddPhone("basic_info.mobile", mobile=True),
        MuchAbove("basic_info.staff_actual", "basic_info.staff_quota", factor=1.5, by=3),
        InFuture("basic_info.last_election_date"),
        LongAgo("basic_info.last_election_date", years=20),  # a term is five years
        Above("basic_info.township_associations", "basic_info.townships"),
        Above("basic_info.subdistrict_associations", "basic_info.subdistricts"),
        Above("basic_info.community_associations", "basic_info.communities"),
        Above("basic_info.village_associations", "basic_info.villages"),
        Shorter("goals_and_measures", "overall_approach"),  # 填报说明三：重点突出目标任务和计划措施
        Unfilled("budget.items.*.name", "budget.items.*.amount"),
        Unfilled("budget.items.*.amount", "budget.items.*.name"),
        Over("budget.items.*.amount", 1000),
        Earlier("review.city_opinion.date", "review.applicant_date"),
        Earlier("review.province_opinion.date", "review.city_opinion.date"),
    )

    cover = Group("封面", Cover)
    basic_info = Group("基本情况", BasicInfo)
    overall_approach = Text("总体思路")
    goals_and_measures = Text("目标任务和计划措施")
    budget = Group("提升计划项目经费预算", Budget)
    review = Group("审核意见", Review)
