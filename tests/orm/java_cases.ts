/** Projects of tools for Java, as their users write them. */

type Files = Readonly<Record<string, string>>;

/** Changelogs of three kinds that include each other, with typed changes and SQL. */
export const CHANGELOGS: Files = {
  "db/changelog/db.changelog-master.yaml": `databaseChangeLog:
  - property:
      name: nowValue
      value: CURRENT_TIMESTAMP
      dbms: postgresql, mysql, mariadb
  - include:
      file: changes/001-first.xml
      relativeToChangelogFile: true
  - include:
      file: db/changelog/changes/002-more.yaml
  - include:
      file: db/changelog/changes/003-sql.sql
`,
  "db/changelog/changes/001-first.xml": `<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
  <property name="big" value="varchar(255)"/>
  <changeSet id="1" author="ann">
    <preConditions onFail="MARK_RAN"><not><tableExists tableName="users"/></not></preConditions>
    <createTable tableName="users" remarks="people's">
      <column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true" nullable="false"/></column>
      <column name="email" type="\${big}" remarks="login &amp; mail"><constraints nullable="false" unique="true" uniqueConstraintName="uq_mail"/></column>
      <column name="role" type="varchar(10)" defaultValue="it's"><constraints nullable="false"/></column>
      <column name="ok" type="boolean" defaultValueBoolean="true"/>
      <column name="n" type="int" defaultValueNumeric="5"/>
      <column name="at" type="timestamp" defaultValueComputed="\${nowValue}"/>
      <column name="d" type="date" defaultValueDate="2020-01-02"/>
    </createTable>
    <createTable tableName="Orders">
      <column name="id" type="int"><constraints primaryKey="true" primaryKeyName="pk_o"/></column>
      <column name="user" type="bigint"><constraints nullable="false" foreignKeyName="fk_u" references="users(id)" deleteCascade="true"/></column>
      <column name="x1" type="int"><constraints unique="true"/></column>
      <column name="camelCase" type="decimal(10,2)" defaultValue="7"/>
      <column name="v" type="tinyint(1)"/><column name="u" type="uuid"/><column name="c" type="clob"/><column name="bb" type="longblob"/>
      <column name="dt" type="datetime"/><column name="tt" type="time"/><column name="db" type="double"/><column name="fl" type="float"/>
    </createTable>
    <createTable tableName="JOINED"><column name="A" type="bigint"><constraints primaryKey="true" nullable="false" foreignKeyName="f1" references="users(id)"/></column><column name="B" type="int"><constraints primaryKey="true"/></column></createTable>
  </changeSet>
  <changeSet id="2" author="ann" dbms="oracle"><sql>NO SUCH THING</sql></changeSet>
  <changeSet id="3" author="ann">
    <addColumn tableName="users"><column name="age" type="int" defaultValueNumeric="0"><constraints nullable="false"/></column><column name="k" type="varchar(5)" value="x" remarks="r"/></addColumn>
    <createIndex tableName="users" indexName="i_role"><column name="role"/><column name="age" descending="true"/></createIndex>
    <createIndex tableName="Orders" indexName="I_mixed" unique="true"><column name="camelCase"/><column name="v"/></createIndex>
    <addNotNullConstraint tableName="users" columnName="k" columnDataType="varchar(5)" defaultNullValue="q"/>
    <addUniqueConstraint tableName="users" columnNames="age,k" constraintName="uq_age_k"/>
  </changeSet>
  <changeSet id="4" author="ann">
    <sql splitStatements="false"><![CDATA[
      INSERT INTO users (email, k) VALUES ('a;b', '<&>')
    ]]></sql>
    <createView viewName="old">SELECT id, email FROM users WHERE age &gt; 3;</createView>
    <rollback><dropView viewName="old"/> <sql>DELETE FROM users</sql></rollback>
  </changeSet>
</databaseChangeLog>
`,
  "db/changelog/changes/002-more.yaml": `databaseChangeLog:
  - changeSet:
      id: 10
      author: bob
      changes:
        - createTable:
            tableName: tags
            columns:
              - column:
                  name: id
                  type: int
                  constraints: {primaryKey: true, nullable: false}
              - column: {name: name, type: varchar(40), defaultValue: "x"}
              - column: {name: owner, type: bigint}
        - addForeignKeyConstraint:
            baseTableName: tags
            baseColumnNames: owner
            constraintName: fk_owner
            referencedTableName: users
            referencedColumnNames: id
            onDelete: CASCADE
        - sql:
            sql: |
              INSERT INTO tags (id, name) VALUES (1, 'a');
              INSERT INTO tags (id, name) VALUES (2, 'b')
        - insert:
            tableName: tags
            columns:
              - column: {name: id, valueNumeric: 3}
              - column: {name: name, value: "it's"}
  - changeSet:
      id: 11
      author: bob
      preConditions:
        - onFail: MARK_RAN
        - dbms:
            type: oracle
      changes:
        - dropTable: {tableName: tags}
  - changeSet:
      id: 12
      author: bob
      changes:
        - renameColumn: {tableName: tags, oldColumnName: name, newColumnName: title, columnDataType: varchar(40)}
        - modifyDataType: {tableName: tags, columnName: title, newDataType: varchar(80)}
        - addDefaultValue: {tableName: tags, columnName: title, defaultValue: "y", columnDataType: varchar(80)}
        - dropColumn: {tableName: Orders, columnName: fl}
        - dropNotNullConstraint: {tableName: users, columnName: role, columnDataType: varchar(10)}
        - sqlFile: {path: extra.sql, relativeToChangelogFile: true}
`,
  "db/changelog/changes/003-sql.sql": `--liquibase formatted sql
--property name:tab value:from_sql
--changeset c:1
CREATE TABLE \${tab} (id int, note varchar(20) DEFAULT '\${tab}');
--rollback DROP TABLE \${tab};
`,
  "db/changelog/changes/extra.sql":
    "CREATE TABLE extra (id int PRIMARY KEY); CREATE INDEX extra_i ON extra (id);\n",
};

/** Entities with keys, an enum, defaults, a check, an index and a many-to-many. */
export const ENTITIES: Files = {
  "src/main/java/shop/Customer.java": `package shop;
import jakarta.persistence.*;
import org.hibernate.annotations.*;
import java.time.*;
import java.util.*;
@Entity @Table(name = "customers")
@org.hibernate.annotations.Check(name = "age_pos", constraints = "age >= 0")
public class Customer {
  public enum Role { ADMIN, MEMBER }
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Long id;
  @Column(nullable = false, unique = true, length = 255) @Comment("login") String email;
  @Enumerated(EnumType.STRING) @Column(nullable = false) @ColumnDefault("'MEMBER'") Role role;
  @Column(nullable = false) @ColumnDefault("0") int age;
  @Column(nullable = false, name = "created_at") @ColumnDefault("now()") OffsetDateTime createdAt;
  @ManyToMany @JoinTable(name = "customer_tags") Set<Tag> tags;
}
`,
  "src/main/java/shop/Tag.java": `package shop;
import jakarta.persistence.*;
@Entity @Table(name = "tags", indexes = @Index(name = "tags_label_idx", columnList = "label DESC"))
public class Tag {
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Long id;
  @Column(nullable = false, length = 40) String label;
}
`,
};

/** What somebody changes in them. */
export const EDITS: readonly (readonly [file: string, from: string, to: string])[] = [
  ["Tag.java", "String label;", 'String label;\n  @Column(columnDefinition = "text") String note;'],
  ["Tag.java", "length = 40", "length = 80"],
  ["Customer.java", "ADMIN, MEMBER", "ADMIN, MEMBER, GUEST"],
  ["Customer.java", "age >= 0", "age >= 18"],
  ["Tag.java", 'columnList = "label DESC"', 'columnList = "label", unique = true'],
];
