"""The made-up 申报表 of an invented plan for young scientists: a field of every type, every rule."""

from schemas.advice import InFuture, LongAgo, OddPhone, Over, Shorter, Unfilled
from schemas.bilingual import Bilingual
from schemas.fields import (
    Choice,
    Choices,
    Count,
    DateRange,
    Day,
    Decimal,
    Email,
    Group,
    IdNumber,
    Line,
    Money,
    Month,
    MonthRange,
    Option,
    Percent,
    Phone,
    Picture,
    Points,
    Rows,
    Text,
    Year,
    YesNo,
)
from schemas.form_schema import FieldGroup, FormSchema, Limit, named_rows
from schemas.rules import AtMost, OneOf, Ordered, Total

OTHER = Option("other", "其他", "Other", own_words=True)


class Cover(FieldGroup):
    """The cover page."""

    number = Line("编号", gloss="Number")
    name = Line("申报人", gloss="Applicant")
    employer = Line("所在单位", gloss="Employer")
    kind = Choice(
        "申报类别",
        Option("research", "研究", "Research"),
        Option("extension", "推广", "Extension work"),
        Option("outreach", "科普", "Popular science"),
        gloss="Kind of application",
    )
    contact_phone = Phone("联系电话", gloss="Contact telephone")
    email = Email("电子信箱", gloss="Email")
    filled_on = Day("填表日期", gloss="Date of filling in")


class Person(FieldGroup):
    """一、基本情况."""

    rules = (Ordered("hired_on", "appointed_on"), OneOf("office_phone", "mobile"))

    name = Line("姓名", gloss="Name")
    sex = Choice(
        "性别", Option("male", "男", "Male"), Option("female", "女", "Female"), prints="words", gloss="Sex"
    )
    born = Month("出生年月", gloss="Month of birth")
    ethnicity = Line("民族", gloss="Ethnic group")
    id_number = IdNumber("身份证号码", one_per_cell=True, gloss="Identity number")
    photo = Picture("照片", 35, 49, gloss="Photograph")
    school = Line("毕业院校", gloss="Alma mater")
    graduated = Year("毕业年份", gloss="Year of graduation")
    politics = Choice(
        "政治面貌",
        Option("party", "中共党员", "Member of the Communist Party"),
        Option("league", "共青团员", "Member of the Youth League"),
        Option("masses", "群众", "No party"),
        OTHER,
        gloss="Political affiliation",
    )
    education = Choice(
        "最高学历",
        Option("doctor", "博士", "Doctor"),
        Option("master", "硕士", "Master"),
        Option("bachelor", "本科", "Bachelor"),
        OTHER,
        gloss="Highest degree",
    )
    rank = Line("专业技术职务", gloss="Professional title")
    appointed_on = Day("聘任日期", gloss="Date of appointment")
    hired_on = Day("入职日期", gloss="Date of joining")
    full_time = YesNo("是否全职", gloss="Full time?")
    office_phone = Phone("办公电话", gloss="Office telephone")
    mobile = Phone("手机", gloss="Mobile telephone")
    email = Email("电子信箱", gloss="Email")
    years = Count("从事科研年数", gloss="Years of research")
    contact_name = Line("联系人姓名", gloss="Name of the contact")
    contact_id = IdNumber("联系人身份证号", gloss="Identity number of the contact")
    areas = Choices(
        "研究领域",
        Option("farming", "现代农业", "Farming"),
        Option("medicine", "生物医药", "Medicine"),
        Option("materials", "新材料", "Materials"),
        Option("energy", "新能源", "Energy"),
        Option("computing", "信息技术", "Computing"),
        Option("environment", "生态环境", "Environment"),
        OTHER,
        gloss="Areas of research",
    )


class Experience(FieldGroup):
    """A row of 二、学习和工作经历."""

    period = MonthRange("起止年月", gloss="Period")
    kind = Choice("性质", Option("study", "学习", "Study"), Option("work", "工作", "Work"), gloss="Kind")
    place = Line("学校或单位", gloss="School or employer")
    post = Line("专业或职务", gloss="Subject or post")


class Relative(FieldGroup):
    """A member of the family."""

    name = Line("姓名", gloss="Name")
    born = Month("出生年月", gloss="Month of birth")
    employer = Line("工作单位及职务", gloss="Employer and post")


class OtherRelative(FieldGroup):
    """A member whose relation is written in."""

    relation = Line("称谓", gloss="Relation")
    name = Line("姓名", gloss="Name")
    born = Month("出生年月", gloss="Month of birth")
    employer = Line("工作单位及职务", gloss="Employer and post")


class Trip(FieldGroup):
    """A journey abroad."""

    period = DateRange("出国（境）起止日期", gloss="Period abroad")
    country = Line("国家（地区）", gloss="Country or region")
    reason = Line("事由", gloss="Reason")


class Family(FieldGroup):
    """三、家庭主要成员和出国（境）经历."""

    parents = named_rows(
        "父母",
        Relative,
        {"father": Bilingual("父亲", "Father"), "mother": Bilingual("母亲", "Mother")},
        gloss="Parents",
    )
    others = Rows("其他成员", Group("其他成员", OtherRelative), maximum=8, minimum=3, gloss="Others")
    trips = Rows(
        "出国（境）经历", Group("出国（境）经历", Trip), maximum=6, minimum=2, gloss="Journeys abroad"
    )


class Project(FieldGroup):
    """四、培养项目."""

    title = Line("项目名称", gloss="Name of the project")
    level = Choice(
        "项目级别",
        Option("national", "国家级", "National"),
        Option("provincial", "省级", "Provincial"),
        Option("city", "市级", "City"),
        Option("county", "县级", "County"),
        gloss="Level of the project",
    )
    term = DateRange("实施期限", gloss="Term of the project")
    people = Count("参加人数", gloss="Persons taking part")
    area = Decimal("试验场地面积", unit="平方米", gloss="Area of the test site")
    own_share = Percent("自筹比例", gloss="Share of own funds")
    novelty = Points("创新性自评得分", 10, gloss="Own score for novelty")
    results = Choices(
        "预期成果",
        Option("paper", "论文", "Papers"),
        Option("patent", "专利", "Patents"),
        Option("standard", "标准", "Standards"),
        OTHER,
        gloss="Expected results",
    )


class Part(FieldGroup):
    """An expense of a topic."""

    name = Line("支出科目", gloss="Expense")
    amount = Money("金额", gloss="Amount")
    secured = YesNo("是否落实", gloss="Secured?")


class Topic(FieldGroup):
    """A topic of 五、经费预算."""

    title = Line("课题名称", gloss="Topic")
    parts = Rows("支出", Group("支出", Part), maximum=10, minimum=1, gloss="Expenses")
    leader = Line("负责人", gloss="Leader")


class Budget(FieldGroup):
    """五、经费预算."""

    rules = (Total("topics.parts.amount"), AtMost("secured", "total"))

    topics = Rows("课题", Group("课题", Topic), maximum=10, minimum=3, gloss="Topics")
    total = Money("合计", gloss="Total")
    secured = Money("其中已落实资金", gloss="Secured funds")
    requested = Money("申请资助金额", unit="元", prints="both", gloss="Amount requested")


class Opinion(FieldGroup):
    """An opinion, blank for pen and seal by default."""

    text = Text("意见", gloss="Opinion")
    date = Day("日期", gloss="Date")


class OfficeOpinion(Opinion):
    """The opinion of the office, with its decision."""

    decision = Choice(
        "审批结论",
        Option("granted", "同意资助", "Granted"),
        Option("deferred", "暂缓资助", "Deferred"),
        Option("refused", "不予资助", "Refused"),
        gloss="Decision",
    )


class Review(FieldGroup):
    """六、审核意见."""

    applicant_date = Day("申报人承诺日期", gloss="Date of the applicant's promise")
    employer = Group("所在单位意见", Opinion, gloss="Opinion of the employer")
    office = Group("办公室审批意见", OfficeOpinion, gloss="Decision of the office")


class Talent(FormSchema):
    """The application of 2024."""

    glosses = (
        Bilingual(
            "一、本表由申报人如实填写，所在单位审核盖章，一式三份，用A4纸双面打印。",
            "1. Filled in truthfully, checked and sealed by the employer; three copies, A4, both sides.",
        ),
        Bilingual(
            "二、选择性的内容请在“□”内打“√”，选“其他”的应写明具体内容。",
            "2. Tick the boxes that apply; say what “other” is.",
        ),
        Bilingual(
            "三、身份证号码每格填一位；年月写作“2024年3月”，日期写作“2024年3月9日”。",
            "3. One digit of the identity number in each cell; months and dates as in Chinese.",
        ),
        Bilingual(
            "四、照片为近期正面免冠彩色照片，印在35毫米×49毫米的框内。",
            "4. A recent photograph in colour, from the front, without a hat; it is printed in 35 × 49 mm.",
        ),
        Bilingual(
            "五、项目概述、培养目标两栏合计不超过1000字；金额除注明“元”的以外，均以万元为单位，最多两位小数。",
            "5. Summary and goals have at most 1000 characters together; amounts are in 10,000 or in 1 yuan, "
            "of at most two decimals.",
        ),
        Bilingual(
            "六、家庭主要成员指父母、配偶、子女；表中各栏不够填写时可加行，没有的留空。",
            "6. The family are parents, spouse and children; add rows where needed, or leave them blank.",
        ),
        Bilingual(
            "七、本表由云泽县青年科技人才工作办公室负责解释。",
            "7. The office of the plan explains this form.",
        ),
    )
    limits = (Limit(("summary", "goals"), 1000),)
    submitter = ("cover", "name")
    expected = (
        "cover.name",
        "cover.employer",
        "cover.kind",
        "person.name",
        "person.born",
        "person.id_number",
        "person.photo",
        "experience",
        "experience.*.period",
        "project",
        "summary",
        "goals",
        "budget.topics",
        "budget.requested",
    )
    advice = (
        InFuture("cover.filled_on"),
        OddPhone("cover.contact_phone"),
        OddPhone("person.office_phone"),
        OddPhone("person.mobile", mobile=True),
        LongAgo("person.hired_on", years=40),
        Shorter("goals", "summary"),
        Unfilled("budget.topics.*.parts.*.amount", "budget.topics.*.parts.*.name"),
        Over("budget.topics.*.parts.*.amount", 1000),
    )

    cover = Group("封面", Cover, gloss="Cover")
    person = Group("基本情况", Person, gloss="The applicant")
    experience = Rows(
        "学习和工作经历", Group("学习和工作经历", Experience), maximum=12, minimum=4, gloss="Studies and work"
    )
    family = Group("家庭主要成员和出国（境）经历", Family, gloss="Family and journeys abroad")
    project = Group("培养项目", Project, gloss="The project")
    summary = Text("项目概述", gloss="Summary of the project")
    goals = Text("培养目标", gloss="Goals")
    budget = Group("经费预算", Budget, gloss="Budget")
    review = Group("审核意见", Review, gloss="Review")
