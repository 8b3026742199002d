"""The tables of retention: periods, destruction lists, objects that are yet to be deleted."""

import sqlalchemy as sa

from service.database.column_types import METADATA, Moment, plain

PROPOSED, DESTROYED, WITHDRAWN = "proposed", "destroyed", "withdrawn"  # the states of a destruction list
EVERY_YEAR = 0  # the `year` of a period that holds for all years of a form without their own

#: `years` is null for records that are kept for good, as all are without a row.
PERIODS = sa.Table(
    "retention_periods",
    METADATA,
    sa.Column("form", plain(100), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("years", sa.Integer),
    sa.Column("changed", Moment),
    sa.Column("who", sa.Text),
)

#: Periods that were set. `before` and `years` are null for good; `first`: none was set before.
PERIOD_CHANGES = sa.Table(
    "period_changes",
    METADATA,
    sa.Column("form", plain(100), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("changed", Moment, primary_key=True),
    sa.Column("before", sa.Integer),
    sa.Column("years", sa.Integer),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("first", sa.Boolean, nullable=False, server_default=sa.false()),
)

#: Holds that were lifted, with the columns of `holds`.
LIFTED = sa.Table(
    "lifted_holds",
    METADATA,
    sa.Column("tenant", plain(100), primary_key=True),
    sa.Column("form", plain(100), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", plain(200), primary_key=True),
    sa.Column("since", Moment, primary_key=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("lifted", Moment, nullable=False),
    sa.Column("lifted_by", sa.Text, nullable=False),
    sa.Column("lifted_because", sa.Text, nullable=False),
)

#: Destruction lists (销毁清册), which stay for good. `tenant` is given for one that removes a tenant whole.
LISTS = sa.Table(
    "destruction_lists",
    METADATA,
    sa.Column("id", sa.String(12), primary_key=True),
    sa.Column("tenant", plain(100)),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("proposed", Moment, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("ended", Moment),
    sa.Column("ended_by", sa.Text),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)

#: The records of a list. `due` is the day from which they may be destroyed; null for a tenant removed whole.
#: `files` is JSON: SHA-256 and size of each part, and of what was added. `title` is the form's, with nothing
#: of what was filled in.
LISTED = sa.Table(
    "destruction_entries",
    METADATA,
    sa.Column("list", sa.String(12), sa.ForeignKey(LISTS.c.id), primary_key=True),
    sa.Column("record", sa.String(36), primary_key=True),
    sa.Column("tenant", plain(100), nullable=False),
    sa.Column("form", plain(100), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("id", plain(200), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("manifest", sa.String(64), nullable=False),
    sa.Column("files", sa.Text, nullable=False),
    sa.Column("due", sa.String(10)),
    sa.Column("title", sa.Text),
    sa.Index(None, "record"),
)

#: Objects that no record named when theirs was destroyed: deleted after that transaction.
DOOMED = sa.Table("doomed_objects", METADATA, sa.Column("sha256", sa.String(64), primary_key=True))
