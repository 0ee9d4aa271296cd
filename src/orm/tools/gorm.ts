import type { OrmTool } from "../orm.ts";

/** GORM: a program runs AutoMigrate on a driver that writes down what it is sent. */
export const gorm: OrmTool = {
  name: "gorm",
  title: "GORM",
  door: "print",
  command: ["go", "run", "./aim_models"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment"],
  blurs: ["unique constraint"],
  unsaid: null,
  models: ["aim_models/main.go", "models/**/*.go", "internal/models/**/*.go", "go.mod"],
  script: {
    file: "aim_models/main.go",
    edit: "list your models in MODELS, and leave the one import of a driver that you use",
    text: String
      .raw`// Prints the tables of this project's GORM models as SQL. Written by aim init; it is yours to change.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"os"
	"strings"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// MODELS are all models whose tables are wanted: &models.User{}, &models.Order{}. Import their package above.
var MODELS = []any{}

// For MySQL: mysql.New(mysql.Config{Conn: db, SkipInitializeWithVersion: true}), for SQLite: &sqlite.Dialector{Conn: db}.
func dialect(db *sql.DB) gorm.Dialector {
	return postgres.New(postgres.Config{Conn: db})
}

func main() {
	sql.Register("aim", recorder{})
	db, err := sql.Open("aim", "")
	if err != nil {
		fail(err)
	}
	orm, err := gorm.Open(dialect(db), &gorm.Config{DisableForeignKeyConstraintWhenMigrating: false})
	if err != nil {
		fail(err)
	}
	if err := orm.AutoMigrate(MODELS...); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// recorder is a driver without a database: it prints statements and answers questions as an empty one would.
type recorder struct{}

func (recorder) Open(string) (driver.Conn, error)           { return recorder{}, nil }
func (recorder) Prepare(query string) (driver.Stmt, error)  { return nil, fmt.Errorf("prepared: %s", query) }
func (recorder) Close() error                               { return nil }
func (recorder) Begin() (driver.Tx, error)                  { return recorder{}, nil }
func (recorder) Commit() error                              { return nil }
func (recorder) Rollback() error                            { return nil }
func (recorder) CheckNamedValue(*driver.NamedValue) error   { return nil }

func (recorder) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	fmt.Println(strings.TrimSuffix(strings.TrimSpace(query), ";") + ";")
	return driver.RowsAffected(0), nil
}

func (recorder) QueryContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	lower := strings.ToLower(query)
	switch {
	case strings.Contains(lower, "version()"):
		return &rows{value: "8.4.0"}, nil
	case strings.Contains(lower, "count("):
		return &rows{value: int64(0)}, nil
	case strings.Contains(lower, "current_schema"), strings.Contains(lower, "current_database"), strings.Contains(lower, "database()"):
		return &rows{value: "public"}, nil
	}
	return &rows{done: true}, nil
}

type rows struct {
	value driver.Value
	done  bool
}

func (r *rows) Columns() []string { return []string{"value"} }
func (r *rows) Close() error      { return nil }

func (r *rows) Next(to []driver.Value) error {
	if r.done {
		return io.EOF
	}
	to[0], r.done = r.value, true
	return nil
}
`,
  },
  signs: [{ files: ["go.mod"], says: /^\s*(?:require\s+)?gorm\.io\/gorm\s/m }],
};
