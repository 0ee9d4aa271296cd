/** What every session on a scratch server begins with, and gets back between two scripts. */

import { DATABASE } from "./accounts.ts";

/**
 * The moment at which all sessions are, in seconds: scripts leave the same whenever they run. It is early enough that no event lies
 * in the past, and an event that states no beginning has this one.
 */
const NOW = 978_307_200;

/** `NOW` as events have it. */
export const NOW_TEXT = "2001-01-01 00:00:00";

/** SQL that makes the settings of a session those that the command line client begins with. */
export const SESSION_SETTINGS = `SET NAMES utf8mb4, timestamp = ${NOW}`;

/** SQL for a new session. Which database it is in later is up to the scripts, as it is for a runner that keeps its connection. */
export const SESSION_START = `${SESSION_SETTINGS}; USE \`${DATABASE}\``;
