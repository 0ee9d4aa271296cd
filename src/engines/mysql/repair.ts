/** Mends what a scratch server lacks and the real one has, or has by itself: users, settings of the server, the name of the database. */

import { DatabaseError } from "../../core/error.ts";
import type { Connection } from "../../runtimes/runtime.ts";
import type { Repair } from "../engine.ts";

/** See `Engine.repair`. */
export async function repair(
  error: unknown,
  connection: Connection,
  statement: string,
): Promise<Repair | null> {
  if (!(error instanceof DatabaseError)) return null;
  const text = statement.replace(/^\/\*M?!\d*\s*/, "");
  switch (error.code) {
    case "1449":
      return await makeDefiner(error.message, connection);
    case "1133":
    case "1410":
      return await makeGrantees(text, connection);
    case "1044":
      return ofAnotherDatabase(text) ?? ofTheServer(text);
    case "1045":
    case "1142":
    case "1227":
      return ofTheServer(text);
    case "1049":
      return await ownDatabase(text, connection);
    case "1065":
      return { note: "Left out a comment for another version of the server", skip: true };
    case "1193":
    case "1231":
    case "1232":
      return unknownSetting(text);
    default:
      return null;
  }
}

async function makeDefiner(message: string, connection: Connection): Promise<Repair | null> {
  const [, user, host] = /\('(.*)'@'(.*)'\)/.exec(message) ?? [];
  if (user === undefined || host === undefined) return null;
  return await makeUser(connection, user, host);
}

async function makeGrantees(statement: string, connection: Connection): Promise<Repair | null> {
  const list = /^GRANT\b.*?\bTO\s+(.*)$/is.exec(statement)?.[1] ?? "";
  const found = /^(['"`]?)([^'"`@\s,;]+)\1(?:\s*@\s*(['"`]?)([^'"`\s,;]+)\3)?/.exec(list);
  return found === null ? null : await makeUser(connection, found[2] ?? "", found[4] ?? "%");
}

async function makeUser(
  connection: Connection,
  user: string,
  host: string,
): Promise<Repair | null> {
  const account = `${text(user)}@${text(host)}`;
  try {
    await connection.exec(`CREATE USER ${account}`);
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
  // Where it may not be given any, the account may do what scripts let it.
  await connection.exec(`GRANT ALL ON ${await ownName(connection)}.* TO ${account}`)
    .catch(unlessRefused);
  return { note: `Made the user ${user}@${host}, which the scripts name and do not make` };
}

async function ownName(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ name: string }>("SELECT DATABASE() AS name");
  return `\`${(row?.name ?? "").replaceAll("`", "``")}\``;
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** What is refused because it is about the server and not about the schema. */
function ofTheServer(statement: string): Repair | null {
  if (/^SET\b/i.test(statement)) {
    return { note: `Left out a setting of the server: ${shown(statement)}`, skip: true };
  }
  if (/^(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE)\b/i.test(statement)) {
    return { note: "Left out a user: none are made on a server that others use", skip: true };
  }
  if (/^(?:GRANT|REVOKE)\b/i.test(statement)) {
    return { note: `Left out a privilege on the server: ${shown(statement)}`, skip: true };
  }
  return null;
}

/** On a server that others use there is one database for scripts. */
function ofAnotherDatabase(statement: string): Repair | null {
  const name = /^(?:USE|CREATE\s+(?:DATABASE|SCHEMA)(?:\s+IF\s+NOT\s+EXISTS)?)\s+(`[^`]+`|[\w$]+)/i
    .exec(statement)?.[1];
  return name === undefined
    ? null
    : { note: `The scratch database stands for ${name}`, skip: true };
}

function unknownSetting(statement: string): Repair | null {
  if (!/^SET\b/i.test(statement)) return null;
  return {
    note: `Left out a setting that this server does not have: ${shown(statement)}`,
    skip: true,
  };
}

/** The database of the project has another name on the scratch server. */
async function ownDatabase(statement: string, connection: Connection): Promise<Repair | null> {
  const used = /^USE\s+(\S+)$/i.exec(statement.trim())?.[1];
  if (used !== undefined) {
    return { note: `The scratch database stands for ${used}`, skip: true };
  }
  const altered = /^(ALTER\s+(?:DATABASE|SCHEMA))\s+(`[^`]+`|[\w$]+)\s+(.*)$/is.exec(statement);
  if (altered === null) return null;
  const [, verb, name, rest] = altered;
  try {
    await connection.exec(`${verb} ${rest}`);
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
  return { note: `The scratch database stands for ${name}`, skip: true };
}

function shown(statement: string): string {
  const line = statement.replaceAll(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
