"""The schema of the invented form with pictures; it is copied into its folder."""

from schemas.fields import Group, Line, Picture, Rows
from schemas.form_schema import FieldGroup, FormSchema


class Drawing(FieldGroup):
    name = Line("作品名称")
    image = Picture("作品图片", 40, 30)


class Badge(FormSchema):
    submitter = ("name",)
    name = Line("姓名")
    office = Line("工作单位")
    photo = Picture("照片", 35, 49, gloss="Portrait")
    drawings = Rows("作品", Group("作品", Drawing), maximum=5)
