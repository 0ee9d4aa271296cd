/** What an application does with the database that it is given: connects by DATABASE_URL and runs the statements of its arguments. */

import process from "node:process";
import { PostgresClient } from "../../src/runtimes/postgres_server/client.ts";
import { queryMessage, readAnswer } from "../../src/runtimes/postgres_wire/messages.ts";

const url = process.env.DATABASE_URL ?? "";
const statements = process.argv.slice(2);

if (url.startsWith("sqlite:")) {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite:///".length));
  for (const sql of statements) database.exec(sql);
  database.close();
} else {
  const { hostname, port, username, password, pathname } = new URL(url);
  const client = await PostgresClient.connect({
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database: pathname.slice(1),
    tls: "disable",
  }, new AbortController().signal);
  for (const sql of statements) {
    const { bytes } = await client.send(queryMessage(sql), {});
    const { error } = readAnswer(bytes);
    if (error !== null) throw new Error(error.M);
  }
  await client.end();
}
