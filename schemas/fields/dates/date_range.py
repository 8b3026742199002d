"""DateRange: the first and last day of a period."""

from schemas.fields.dates.day import Day
from schemas.fields.dates.period import Period


class DateRange(Period):
    """A period of days, the first and the last included."""

    end = Day("")
    example = "2021年3月1日至2021年6月30日"
    fault_code = "not_a_date_range"
    cell_fault = "not_a_cell_of_date_range"
    faults = {
        "not_a_date_range": (
            '应为起止日期，写作 {{"from": "2021-03-01", "to": "2021-06-30"}}。',
            'Must be a first and last day, written {{"from": "2021-03-01", "to": "2021-06-30"}}.',
        ),
    }
    cell_faults = {
        "not_a_cell_of_date_range": (
            "应为起止日期，例如 2021年3月1日至2021年6月30日，中间写“至”。",
            "Must be a first and last day, such as 2021年3月1日至2021年6月30日, with 至 between them.",
        ),
    }
