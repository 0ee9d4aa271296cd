import type { OrmTool } from "../orm.ts";

/** Ent: a program has it write down the schema of its graph. */
export const ent: OrmTool = {
  name: "ent",
  title: "Ent",
  door: "print",
  command: ["go", "run", "./aim_models"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment"],
  blurs: ["unique constraint"],
  unsaid: "validators, and MaxLen on Postgres, are the application's",
  models: ["aim_models/main.go", "ent/schema/*.go", "go.mod"],
  script: {
    file: "aim_models/main.go",
    edit: null,
    text: String
      .raw`// Prints the tables of this project's Ent schema as SQL. Written by aim init; it is yours to change.
package main

import (
	"context"
	"fmt"
	"os"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

// SCHEMA is the folder of the schema, relative to the folder of aim.toml.
const SCHEMA = "./ent/schema"

func main() {
	dialect := os.Getenv("AIM_DIALECT")
	version := map[string]string{"postgres": "17", "mysql": "8.4", "mariadb": "10.11.0-MariaDB", "sqlite": "3"}[dialect]
	name := map[string]string{"sqlite": "sqlite3", "mariadb": "mysql"}[dialect]
	if name == "" {
		name = dialect
	}
	graph, err := entc.LoadGraph(SCHEMA, &gen.Config{})
	if err != nil {
		fail(err)
	}
	tables, err := graph.Tables()
	if err != nil {
		fail(err)
	}
	ddl, err := schema.Dump(context.Background(), name, version, tables)
	if err != nil {
		fail(err)
	}
	fmt.Print(ddl)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
`,
  },
  signs: [
    { files: ["ent/schema"] },
    { files: ["go.mod"], says: /^\s*(?:require\s+)?entgo\.io\/ent\s/m },
  ],
};
