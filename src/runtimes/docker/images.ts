/** Images of servers, and what those of Postgres bring. */

import type { Target } from "../runtime.ts";

/** The version that an image is of when none is asked for. */
const NEWEST = "18";

/** The same by dialect; the official images are called as these are. */
const USUAL: Readonly<Record<string, string>> = { postgres: NEWEST, mysql: "8.4", mariadb: "11.4" };

/** The image for a target: the one that the settings name, else the official one of the version. */
export function imageFor({ dialect, version, image }: Target): string {
  return image?.name ?? `${dialect}:${version ?? USUAL[dialect] ?? "latest"}`;
}

/** Extensions that are wanted and that the official images do not bring. */
export function missingIn({ needs, image }: Target): readonly string[] {
  return image === undefined ? needs.filter((name) => !BROUGHT.has(name)) : [];
}

/** The additional modules of the Postgres manual that the official images have. */
const BROUGHT: ReadonlySet<string> = new Set(
  `adminpack amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch
  hstore insert_username intagg intarray isn lo ltree moddatetime old_snapshot pageinspect pg_buffercache pg_freespacemap
  pg_logicalinspect pg_overexplain pg_prewarm pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto plpgsql
  pgrowlocks pgstattuple postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2`
    .split(/\s+/),
);

/** A setting that names an image with an extension that many use; null for one that nobody packs. */
export function imageWith(extension: string, version: string | null): string | null {
  const major = Number.parseInt(version ?? NEWEST);
  const image = PACKED[extension]?.(major);
  return image === undefined ? null : `[docker] postgres = "${image}"`;
}

const postgis = (major: number) => `postgis/postgis:${major}-3.5`;

const PACKED: Readonly<Record<string, ((major: number) => string) | undefined>> = {
  postgis,
  postgis_raster: postgis,
  postgis_topology: postgis,
  postgis_tiger_geocoder: postgis,
  vector: (major) => `pgvector/pgvector:pg${major}`,
  timescaledb: (major) => `timescale/timescaledb:latest-pg${major}`,
};

/** What an image may be called: a registry, a path, a tag, a digest. Nothing that a program takes for an option. */
export const IMAGE_NAME =
  /^[a-z0-9][a-z0-9._-]*(?::\d{1,5})?(?:\/[a-z0-9][a-z0-9._-]*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/i;
