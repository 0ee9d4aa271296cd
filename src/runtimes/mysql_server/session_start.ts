/** What every session on a scratch server begins with, and gets back between two scripts. */

import { DATABASE } from "./accounts.ts";

/**
 * The moment at which all sessions are, in seconds: scripts leave the same whenever they run. It is early enough that no event lies
 * in the past, and an event that states no beginning has this one.
 */
const NOW = 978_307_200;

/** `NOW` as events have it. */
export const NOW_TEXT = "2001-01-01 00:00:00";

/** SQL that makes the session one as the command line client opens it. */
export const SESSION_START = `SET NAMES utf8mb4, timestamp = ${NOW}; USE \`${DATABASE}\``;
