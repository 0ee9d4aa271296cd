/** The shop in a schema of Prisma. */

/** The first lines of a schema. */
export const HEAD = (provider: string) => `datasource db {\n  provider = "${provider}"\n}\n`;

/** On Postgres. */
export const POSTGRES = `${HEAD("postgresql")}
enum Role {
  ADMIN
  MEMBER
}

model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique @db.VarChar(255)
  role      Role     @default(MEMBER)
  createdAt DateTime @default(now())
  orders    Order[]
}

model Order {
  id     Int     @id @default(autoincrement())
  total  Decimal @default(0) @db.Decimal(12, 2)
  note   String?
  user   User    @relation(fields: [userId], references: [id], onDelete: Cascade)
  userId Int
  tags   Tag[]

  @@index([userId, total])
  @@map("orders")
}

model Tag {
  id     Int     @id @default(autoincrement())
  name   String
  orders Order[]
}
`;

/** The same without an enum and native types. */
export const SQLITE = POSTGRES.replace(/datasource[^}]*}/, HEAD("sqlite").trim())
  .replace(/enum[^}]*}\n/, "").replace("Role     @default(MEMBER)", 'String   @default("MEMBER")')
  .replaceAll(/ @db\.\w+\([\d, ]*\)/g, "");

/** What somebody does to the models, one after the other. */
export const EDITS: readonly (readonly [what: string, from: string, to: string])[] = [
  ["a column", "  note   String?", "  note   String?\n  paid   Boolean @default(false)"],
  ["an index", "  name   String\n", "  name   String\n  @@index([name])\n"],
  [
    "a model",
    "model Tag {",
    "model Shop {\n  id   Int @id\n  name String @unique\n}\n\nmodel Tag {",
  ],
  ["a column is dropped", "  note   String?\n", ""],
  ["a key", "@@index([userId, total])", "@@index([userId, total])\n  @@unique([userId, id])"],
];
