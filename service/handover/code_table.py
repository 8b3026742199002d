"""The table of archival codes (档号): given once, and never to another submission."""

import sqlalchemy as sa

from service.database.column_types import METADATA, Moment, plain

#: All versions of a submission have one code: that of its series, and a number in it (件号). The one given
#: last counts. Rows stay, also when their submission is destroyed, so that no code is given again.
CODES = sa.Table(
    "archival_codes",
    METADATA,
    sa.Column("series", plain(100), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tenant", plain(100), nullable=False),
    sa.Column("form", plain(100), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("id", plain(200), nullable=False),
    sa.Column("given", Moment, nullable=False),
    sa.Index(None, "tenant", "form", "year", "id"),
)
