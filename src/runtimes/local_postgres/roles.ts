/** The roles of a private server. */

/** The superuser, which only aim's own SQL runs as. */
export const ADMIN_ROLE = "aim_server";

/** The role that scripts run as, called as on most servers. */
export const SCRIPT_ROLE = "postgres";
