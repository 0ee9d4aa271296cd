/** GORM and Ent, whose migrations golang-migrate applies. */

import type { Way } from "./way.ts";

/** Applies all, or takes all back: what golang-migrate's command does, by its library. */
const RUNNER = `package main

import (
	"errors"
	"os"
	"strings"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	_ "github.com/golang-migrate/migrate/v4/source/file"
)

func main() {
	url := os.Getenv("DATABASE_URL")
	m, err := migrate.New("file://migrations", "pgx5"+url[strings.Index(url, ":"):])
	if err != nil {
		panic(err)
	}
	if os.Args[1] == "up" {
		err = m.Up()
	} else {
		err = m.Down()
	}
	if err != nil && !errors.Is(err, migrate.ErrNoChange) {
		panic(err)
	}
}
`;

/** Says what GORM's AutoMigrate would do, and takes it back. */
const GORM_CHECK = `package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"shop/models"
)

var changes int

type listener struct{ logger.Interface }

func (l listener) LogMode(logger.LogLevel) logger.Interface { return l }
func (listener) Trace(_ context.Context, _ time.Time, said func() (string, int64), _ error) {
	if sql, _ := said(); !regexp.MustCompile("(?i)^\\\\s*SELECT").MatchString(sql) {
		fmt.Println(sql)
		changes++
	}
}

func main() {
	db, err := gorm.Open(postgres.Open(os.Getenv("DATABASE_URL")), &gorm.Config{Logger: listener{logger.Discard}})
	if err != nil {
		panic(err)
	}
	back := errors.New("taken back")
	err = db.Transaction(func(tx *gorm.DB) error {
		if err := tx.AutoMigrate(models.All()...); err != nil {
			return err
		}
		return back
	})
	if err != back {
		panic(err)
	}
	if changes > 0 {
		os.Exit(1)
	}
	fmt.Println("nothing to migrate")
}
`;

const GORM_MODELS = `package models

import "time"

type User struct {
	ID        uint      \`gorm:"primaryKey"\`
	Email     string    \`gorm:"size:255;not null;uniqueIndex;comment:it's a login"\`
	Role      string    \`gorm:"type:varchar(10);not null;default:member;check:role_known,role IN ('admin', 'member')"\`
	CreatedAt time.Time \`gorm:"not null;default:now()"\`
}

type Tag struct {
	ID   uint   \`gorm:"primaryKey"\`
	Name string \`gorm:"size:40;not null"\`
}

type Order struct {
	ID     uint    \`gorm:"primaryKey"\`
	UserID uint    \`gorm:"not null;index:orders_user_total_idx,priority:1"\`
	User   User    \`gorm:"constraint:OnDelete:CASCADE"\`
	Total  float64 \`gorm:"type:numeric(12,2);not null;default:0;index:orders_user_total_idx,priority:2;check:total_pos,total >= 0"\`
	Note   *string \`gorm:"type:text"\`
	Tags   []Tag   \`gorm:"many2many:order_tags"\`
}

func All() []any { return []any{&User{}, &Tag{}, &Order{}} }
`;

/** What both have in common. */
const COMMON = {
  engine: "postgres",
  language: "go",
  format: "migrate",
  migrations: "migrations",
  packages: [
    "entgo.io/ent/entc@v0.14.5",
    "entgo.io/ent/dialect/sql/schema@v0.14.5",
    "gorm.io/gorm@v1.31.2",
    "gorm.io/driver/postgres@v1.6.3",
    "github.com/golang-migrate/migrate/v4@v4.20.1",
    "github.com/golang-migrate/migrate/v4/database/pgx/v5@v4.20.1",
    "github.com/golang-migrate/migrate/v4/source/file@v4.20.1",
    "github.com/jackc/pgx/v5/stdlib",
  ],
  apply: ["go", "run", "./runner", "up"],
  revert: { words: ["go", "run", "./runner", "down"] },
} as const;

const gorm: Way = {
  ...COMMON,
  name: "GORM",
  tool: "gorm",
  models: "models/models.go",
  files: {
    "runner/main.go": RUNNER,
    "check/main.go": GORM_CHECK,
    "models/models.go": GORM_MODELS,
  },
  script: (text) =>
    text.replace('"gorm.io/gorm"\n', '"gorm.io/gorm"\n\n\t"shop/models"\n')
      .replace("MODELS = []any{}", "MODELS = models.All()"),
  check: { words: ["go", "run", "./check"], clean: /^nothing to migrate/ },
  edits: [
    {
      from: '\tNote   *string `gorm:"type:text"`\n',
      to: '\tNote   *string `gorm:"type:text"`\n\tPaid   bool `gorm:"not null;default:false"`\n',
    },
    { from: 'gorm:"size:40;not null"', to: 'gorm:"size:80;not null;uniqueIndex"' },
    {
      from: "func All() []any { return []any{",
      to:
        'type Shop struct {\n\tName string `gorm:"primaryKey;size:10"`\n}\n\nfunc All() []any { return []any{&Shop{}, ',
    },
    // AutoMigrate drops nothing, and takes a check of the same name for the same.
    { from: '\tNote   *string `gorm:"type:text"`\n', to: "", isUnseen: true },
    { from: "'member')", to: "'member', 'guest')", isUnseen: true },
  ],
};

/** Says what Ent's own migration would do, columns and indexes that go included. */
const ENT_CHECK = `package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func main() {
	graph, err := entc.LoadGraph("./ent/schema", &gen.Config{})
	if err != nil {
		panic(err)
	}
	tables, err := graph.Tables()
	if err != nil {
		panic(err)
	}
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	var said bytes.Buffer
	driver := &schema.WriteDriver{Driver: entsql.OpenDB(dialect.Postgres, db), Writer: &said}
	migrate, err := schema.NewMigrate(driver, schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		panic(err)
	}
	if err := migrate.Create(context.Background(), tables...); err != nil {
		panic(err)
	}
	changes := strings.TrimSpace(strings.NewReplacer("BEGIN;", "", "COMMIT;", "").Replace(said.String()))
	if changes != "" {
		fmt.Println(changes)
		os.Exit(1)
	}
	fmt.Println("nothing to migrate")
}
`;

const ENT_SCHEMA = `package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").MaxLen(255).Unique().Comment("it's a login"),
		field.Enum("role").Values("admin", "member").Default("member"),
		field.Time("created_at").Annotations(entsql.Default("CURRENT_TIMESTAMP")),
	}
}

func (User) Edges() []ent.Edge {
	return []ent.Edge{edge.To("orders", Order.Type).Annotations(entsql.OnDelete(entsql.Cascade))}
}

func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Checks: map[string]string{"email_there": "email <> ''"}}}
}

type Order struct{ ent.Schema }

func (Order) Fields() []ent.Field {
	return []ent.Field{
		field.Float("total").Default(0).SchemaType(map[string]string{dialect.Postgres: "numeric(12,2)"}),
		field.Text("note").Optional().Nillable(),
	}
}

func (Order) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("orders").Unique().Required(),
		edge.To("tags", Tag.Type),
	}
}

func (Order) Indexes() []ent.Index { return []ent.Index{index.Fields("total").Edges("user")} }

type Tag struct{ ent.Schema }

func (Tag) Fields() []ent.Field { return []ent.Field{field.String("name")} }

func (Tag) Edges() []ent.Edge { return []ent.Edge{edge.From("orders", Order.Type).Ref("tags")} }
`;

const ent: Way = {
  ...COMMON,
  name: "Ent",
  tool: "ent",
  models: "ent/schema/schema.go",
  files: {
    "runner/main.go": RUNNER,
    "check/main.go": ENT_CHECK,
    "ent/schema/schema.go": ENT_SCHEMA,
  },
  check: { words: ["go", "run", "./check"], clean: /^nothing to migrate/ },
  edits: [
    {
      from: '\t\tfield.Text("note").Optional().Nillable(),\n',
      to: '\t\tfield.Text("note").Optional().Nillable(),\n\t\tfield.Bool("paid").Default(false),\n',
    },
    { from: 'field.String("name")', to: 'field.String("name").Unique()' },
    {
      from: "type Tag struct",
      to:
        'type Shop struct{ ent.Schema }\n\nfunc (Shop) Fields() []ent.Field { return []ent.Field{field.String("place")} }\n\ntype Tag struct',
    },
    { from: '\t\tfield.Text("note").Optional().Nillable(),\n', to: "" },
    { from: 'field.String("place")', to: 'field.String("place").Default("it\'s here")' },
  ],
};

/** Both on Postgres. */
export const GO: readonly Way[] = [gorm, ent];
