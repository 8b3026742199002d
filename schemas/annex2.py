"""Annex 2 项目申报书: the project application."""

from schemas.advice import Above, Earlier, InFuture, LongAgo, MuchAbove, OddPhone, Over, Shorter, Unfilled
from schemas.annex1 import PROGRAMME
from schemas.bilingual import Bilingual
from schemas.fields import Count, Day, Email, Group, Line, Money, Phone, Rows, Text, YesNo
from schemas.form_schema import PRINT, FieldGroup, FormSchema, Limit, named_rows
from schemas.rules import Total


class Cover(FieldGroup):
    """The cover page."""

    applicant = Line(
        "申报单位",
        gloss="Applicant organisation",
        help=Bilingual(
            "与公章一致，例如：云泽县科学技术协会。", "As on its seal, for example 云泽县科学技术协会."
        ),
    )
    contact_person = Line("联系人", gloss="Contact person")
    contact_phone = Phone(
        "联系电话",
        gloss="Contact telephone",
        help=Bilingual(
            "手机或座机（带区号），可填两个，用“、”隔开。",
            "A mobile, or a landline with its area code; write the Chinese comma (、) between two.",
        ),
    )
    mailing_address = Line("通讯地址", gloss="Postal address")
    email = Email("电子信箱", gloss="Email")


class FourHead(FieldGroup):
    """The number of holders of a post for one kind of the “四长”, by level."""

    county = Count("县级科协人数", gloss="In the county association")
    township = Count("乡镇（街道）科协人数", gloss="In township associations")
    village = Count("村（社区）科协人数", gloss="In village associations")


FOUR_HEADS = {
    "hospital_directors": Bilingual("医院院长", "Hospital directors"),
    "school_principals": Bilingual("学校校长", "School principals"),
    "agritech_station_heads": Bilingual("农技站站长", "Heads of agricultural technology stations"),
    "tech_entrepreneurs": Bilingual("科技型企业家", "Technology entrepreneurs"),
}


class BasicInfo(FieldGroup):
    """一、基本情况."""

    association_name = Line("县级科协名称", gloss="Name of the county association", fact="association_name")
    leader_name = Line("负责人姓名", gloss="Name of its leader")
    office_phone = Phone("办公电话", gloss="Office telephone")
    mobile = Phone("手机", gloss="Mobile telephone")
    is_independent = YesNo(
        "是否独立建制",
        gloss="Is it an organisation of its own?",
        help=Bilingual(
            "没有并入其他部门，也不与其他部门合署办公。", "Not merged or housed with another department."
        ),
    )
    has_party_group = YesNo(
        "是否设立党组",
        gloss="Does it have a Party leadership group?",
        help=Bilingual("党组由党委批准设立，不是党支部。", "Approved by the Party committee; not a branch."),
    )
    staff_quota = Count(
        "编制数",
        gloss="Authorised posts",
        help=Bilingual("编办核定的人数。", "As approved for the association."),
    )
    staff_actual = Count(
        "实有人员数",
        gloss="Actual staff",
        help=Bilingual("填表时的实际人数。", "On the day of filling in."),
    )
    leader_in_npc_standing = YesNo("人大常委", gloss="Leader on the People's Congress standing committee")
    leader_in_cppcc_standing = YesNo("政协常委", gloss="Leader on the CPPCC standing committee")
    holds_congress = YesNo("是否依照章程召开代表大会", gloss="Does it hold congresses as its charter says?")
    last_election_date = Day("最近一次换届日期", gloss="Date of the last election")
    townships = Count("乡镇", gloss="Townships")
    subdistricts = Count("街道", gloss="Subdistricts")
    communities = Count("社区", gloss="Communities")
    villages = Count("行政村", gloss="Villages")
    township_associations = Count("乡镇科协", gloss="Associations in townships")
    subdistrict_associations = Count("街道科协", gloss="Associations in subdistricts")
    community_associations = Count("社区科协", gloss="Associations in communities")
    village_associations = Count("村科协", gloss="Associations in villages")
    learned_societies = Count("县级学会、协会", gloss="Learned societies of the county")
    rural_tech_associations = Count(
        "农村专业技术协会",
        gloss="Rural technical associations",
        help=Bilingual("简称农技协。", "农技协 for short."),
    )
    enterprise_associations = Count("企业科协", gloss="Associations in enterprises")
    park_associations = Count("园区科协", gloss="Associations in industrial parks")
    rural_tech_federations = Count(
        "县级农技协联合会", gloss="County federations of rural technical associations"
    )
    enterprise_federations = Count(
        "县级企业科协联合会", gloss="County federations of enterprise associations"
    )
    four_heads = named_rows(
        "“四长”兼挂职情况",
        FourHead,
        FOUR_HEADS,
        gloss="Posts held by the “four heads”",
        help=Bilingual(
            "“四长”在县、乡、村三级科协兼职、挂职的人数，没有的填 0。",
            "How many of each kind hold a post in associations of county, township and village; 0 if none.",
        ),
    )


class BudgetItem(FieldGroup):
    """One row of the budget."""

    name = Line("计划开支名称", gloss="Name of the expense")
    item = Line("计划开支项目", gloss="What it is for")
    amount = Money("金额", gloss="Amount")


class Budget(FieldGroup):
    """四、提升计划项目经费预算, in 万元."""

    rules = (Total("items.amount"),)

    items = Rows(
        "计划开支",
        Group("计划开支", BudgetItem),
        gloss="Expenses",
        help=Bilingual(
            "例如：名称“学会能力提升”，项目“8家学会规范化建设”。",
            "For example the name 学会能力提升, for 8家学会规范化建设.",
        ),
    )
    total = Money("计划开支合计", gloss="Total expenses")


class Opinion(FieldGroup):
    """An opinion in 五、审核意见, blank for pen and seal by default."""

    text = Text("意见", gloss="Opinion")
    date = Day("日期", gloss="Date")


class Review(FieldGroup):
    """五、审核意见."""

    applicant_date = Day(
        "申报单位承诺日期",
        gloss="Date of the applicant's commitment",
        help=Bilingual(
            "签字盖章之日，可留空后手写。", "The day of signing: may be left blank and written by hand."
        ),
    )
    city_opinion = Group(
        "市科协意见",
        Opinion,
        gloss="Opinion of the city association",
        help=Bilingual(
            "由市科协填写、盖章并注明日期，可留空。",
            "For the city association to fill in, seal and date: may be left blank.",
        ),
    )
    province_opinion = Group(
        "省科协意见",
        Opinion,
        gloss="Opinion of the provincial association",
        help=Bilingual(
            "由省科协填写、盖章并注明日期，可留空。",
            "For the provincial association to fill in, seal and date: may be left blank.",
        ),
    )


class Annex2(FormSchema):
    """Annex 2 项目申报书 of 2021."""

    programme = PROGRAMME
    about = Bilingual(
        "由申报项目的县级科协填写：基本情况、总体思路、目标任务和计划措施、经费预算。审核意见由市科协、省科协填写。",
        "For county associations that apply with a project; the opinions are those of city and province.",
    )
    glosses = (
        Bilingual(
            "负责人进入县级人大、政协常委会任职情况", "Is the leader on a standing committee of the county?"
        ),
        Bilingual(
            "一、本申报书为项目评审的主要依据之一，申报单位必须保证其真实性和严肃性。",
            "1. This application is one of the main grounds of the decision. The applicant answers for it.",
        ),
        Bilingual(
            "二、基本数据据实填报，选择性的内容请在“□”内打“√”。",
            "2. Give the basic data as they are; tick the boxes that apply.",
        ),
        Bilingual(
            "三、申报书请参照项目指标内容要求，重点突出目标任务和计划措施，总体思路、目标任务和计划措施等内容总字数"
            "在2000字以内。",
            "3. Follow the indicators of the project. Goals, tasks and measures are the main part; with the "
            "overall approach they have at most 2000 characters.",
        ),
        Bilingual(
            "四、申报书可从江苏公众科技网通知通告栏下载，请用A4纸打印。",
            "4. The application is among the notices of the public science site of Jiangsu; print it on A4.",
        ),
        Bilingual(
            "五、本申报书由江苏省科协“县级科协创新发展能力提升计划”领导小组办公室负责解释。",
            "5. Questions on it are answered by the office of the plan at the provincial association.",
        ),
    )
    limits = (Limit(("overall_approach", "goals_and_measures"), 2000),)
    submitter = ("cover", "applicant")
    searchable = ("basic_info.association_name", "cover.contact_person", "basic_info.leader_name")
    afterwards = (
        PRINT,
        Bilingual(
            "法人（负责人）签字；在封面和“审核意见”的申报单位一栏加盖公章。",
            "Have the person in charge sign it; seal the cover and the applicant's part of the review.",
        ),
        Bilingual("送市科协审核、盖章。", "Send it to the city association, which reviews and seals it."),
    )
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

    cover = Group("封面", Cover, gloss="Cover")
    basic_info = Group(
        "基本情况",
        BasicInfo,
        gloss="Basic information",
        help=Bilingual(
            "据实填报；个数没有的填 0。",
            "Give the actual state; where there are none, enter 0.",
        ),
    )
    overall_approach = Text(
        "总体思路",
        gloss="Overall approach",
        help=Bilingual(
            "概括写明现有基础、短板和工作主线。",
            "In brief: what there is, what is lacking, and the line of work.",
        ),
    )
    goals_and_measures = Text(
        "目标任务和计划措施",
        gloss="Goals, tasks and measures",
        help=Bilingual(
            "对照项目指标逐项写，目标要有数量和时间，例如：10月底前新建园区科协3家。这是申报书的重点。",
            "Follow the indicators one by one, with numbers and dates, for example 10月底前新建园区科协3家. "
            "This is the main part of the application.",
        ),
    )
    budget = Group("提升计划项目经费预算", Budget, gloss="Budget of the project")
    review = Group("审核意见", Review, gloss="Review")
