/** Hibernate, whose migrations Liquibase applies. */

import { ENTITIES } from "../java_cases.ts";
import type { Way, Words } from "./way.ts";

const JAVA = "src/main/java/shop";

/** Compiles the entities, and a program of the tests; `{path}` stands for the classpath. */
function program(name: string): Words {
  const compiled = `javac -cp '{path}' -d target/classes ${JAVA}/*.java && ` +
    `javac -cp '{path}:target/classes' -d target/test src/test/java/aim/${name}.java`;
  return [
    "sh",
    "-c",
    `(${compiled}) >&2 && java -cp '{path}:target/classes:target/test' aim.${name}`,
  ];
}

/** Opens the application's sessions as it does with `hbm2ddl.auto=validate`, which looks at tables, columns and their types. */
const CHECK = `package aim;

import org.hibernate.cfg.Configuration;

public class Check {
  public static void main(String[] arguments) {
    var environment = System.getenv();
    var configuration = new Configuration()
        .addAnnotatedClass(shop.Customer.class)
        .addAnnotatedClass(shop.Tag.class)
        .setProperty("jakarta.persistence.jdbc.url",
            "jdbc:postgresql://" + environment.get("DB_HOST") + ":" + environment.get("DB_PORT") + "/" + environment.get("DB_NAME"))
        .setProperty("jakarta.persistence.jdbc.user", environment.get("DB_USER"))
        .setProperty("jakarta.persistence.jdbc.password", environment.get("DB_PASSWORD"))
        .setProperty("hibernate.hbm2ddl.auto", "validate");
    configuration.buildSessionFactory().close();
    System.out.println("schema validated");
  }
}
`;

function liquibase(...words: string[]): Words {
  return [
    "sh",
    "-c",
    `LIQUIBASE_COMMAND_URL="jdbc:postgresql://$DB_HOST:$DB_PORT/$DB_NAME" LIQUIBASE_COMMAND_USERNAME="$DB_USER" LIQUIBASE_COMMAND_PASSWORD="$DB_PASSWORD" exec java -cp '{path}' liquibase.integration.commandline.LiquibaseCommandLine --changelog-file=db/changelog/db.changelog-master.yaml ${
      words.join(" ")
    }`,
  ];
}

/** On Postgres. */
export const HIBERNATE: Way = {
  name: "Hibernate with Liquibase",
  tool: "hibernate",
  format: "liquibase",
  engine: "postgres",
  language: "java",
  packages: [
    "org.hibernate.orm:hibernate-core:7.1.1.Final",
    "org.liquibase:liquibase-core:5.0.1",
    "info.picocli:picocli:4.7.7",
    "org.yaml:snakeyaml:2.4",
    "org.postgresql:postgresql:42.7.7",
  ],
  migrations: "db/changelog",
  models: `${JAVA}/Tag.java`,
  command: program("AimModels"),
  files: {
    ...ENTITIES,
    "src/test/java/aim/Check.java": CHECK,
    "db/changelog/db.changelog-master.yaml":
      "databaseChangeLog:\n  - include:\n      file: 000_begin.sql\n      relativeToChangelogFile: true\n",
    "db/changelog/000_begin.sql":
      "--liquibase formatted sql\n--changeset ann:begin\nSELECT 1;\n--rollback empty\n",
  },
  check: { words: program("Check"), clean: /schema validated/ },
  apply: liquibase("update"),
  revert: { words: liquibase("rollback-count", "7") },
  edits: [
    {
      from: "String label;",
      to:
        "String label;\n  @Column(nullable = false) @org.hibernate.annotations.ColumnDefault(\"'it''s'\") String note;",
    },
    // It takes varchar of any length, indexes and checks for the same.
    { from: "length = 40", to: "length = 80", isUnseen: true },
    {
      file: `${JAVA}/Customer.java`,
      from: "ADMIN, MEMBER",
      to: "ADMIN, MEMBER, GUEST",
      isUnseen: true,
    },
    {
      file: `${JAVA}/Customer.java`,
      from: "int age;",
      to: "int age;\n  java.math.BigDecimal credit;",
    },
    {
      from: 'columnList = "label DESC"',
      to: 'columnList = "label", unique = true',
      isUnseen: true,
    },
  ],
};
