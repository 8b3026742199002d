"""MonthRange: the first and last month of a period."""

from schemas.fields.dates.month import Month
from schemas.fields.dates.period import Period


class MonthRange(Period):
    """A period of months, the first and the last included."""

    end = Month("")
    example = "2021年3月至2021年6月"
    fault_code = "not_a_month_range"
    cell_fault = "not_a_cell_of_month_range"
    faults = {
        "not_a_month_range": (
            '应为起止年月，写作 {{"from": "2021-03", "to": "2021-06"}}。',
            'Must be a first and last month, written {{"from": "2021-03", "to": "2021-06"}}.',
        ),
    }
    cell_faults = {
        "not_a_cell_of_month_range": (
            "应为起止年月，例如 2021年3月至2021年6月，中间写“至”。",
            "Must be a first and last month, such as 2021年3月至2021年6月, with 至 between them.",
        ),
    }
