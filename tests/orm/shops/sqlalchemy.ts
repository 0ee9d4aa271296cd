/** The shop in models of SQLAlchemy. */

import type { Shop } from "./shop.ts";

/** On Postgres. */
export const sqlalchemy: Shop = {
  tool: "sqlalchemy",
  language: "python",
  models: "app/models.py",
  files: {
    "app/__init__.py": "",
    "app/models.py": `import enum
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): pass

class Role(enum.Enum):
    admin = "admin"
    member = "member"

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True, comment="login")
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"), server_default="member")
    created_at = mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)

class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (CheckConstraint("total >= 0", name="total_pos"), Index("orders_user_total_idx", "user_id", "total"))
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    total = mapped_column(Numeric(12, 2), server_default="0", nullable=False)
    note = mapped_column(Text)

class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

order_tags = Table("order_tags", Base.metadata, Column("order_id", ForeignKey("orders.id"), primary_key=True), Column("tag_id", ForeignKey("tags.id"), primary_key=True))
`,
  },
  makes: [
    "python3",
    "-c",
    "import os; from sqlalchemy import create_engine; from app.models import Base; Base.metadata.create_all(create_engine(os.environ['DATABASE_URL'].replace('postgresql', 'postgresql+psycopg')))",
  ],
  edits: [
    [
      "    note = mapped_column(Text)\n",
      '    note = mapped_column(Text)\n    paid = mapped_column(Boolean, server_default="false", nullable=False)\n',
    ],
    ["    name: Mapped[str]", "    name: Mapped[str] = mapped_column(String(80), unique=True)"],
    [
      "class Tag(Base)",
      'class Shop(Base):\n    __tablename__ = "shops"\n    name: Mapped[str] = mapped_column(primary_key=True)\n\nclass Tag(Base)',
    ],
    ["    note = mapped_column(Text)\n", ""],
    ['    member = "member"\n', '    member = "member"\n    guest = "guest"\n'],
  ],
};
