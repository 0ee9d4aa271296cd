/** Extensions that an embedded server lacks, as far as a schema can tell them apart. From the control files and the manuals of each. */

/** One extension. */
export interface KnownExtension {
  /** The schema that its control file names, so that it can be in no other. */
  readonly schema?: string;
  /** Schemas that its script makes. */
  readonly makes?: readonly string[];
  /** Extensions that must be there before. */
  readonly requires?: readonly string[];
  readonly version?: string;
  /** Foreign-data wrappers that it brings. */
  readonly wrappers?: readonly string[];
  /** Names of what it brings outside of schemas of its own, in lower case. */
  readonly brings?: RegExp;
}

const FDW = (name: string): KnownExtension => ({ wrappers: [name] });
const LANGUAGE = (...names: readonly string[]): KnownExtension => ({
  schema: "pg_catalog",
  brings: new RegExp(`^(?:${names.join("|")})$`),
});

/** By name. Those that are not here are taken to be in whatever schema they are created in, and to make none. */
export const KNOWN_EXTENSIONS: Readonly<Record<string, KnownExtension | undefined>> = {
  address_standardizer: { brings: /^(?:stdaddr|standardize_address|parse_address)/ },
  age: { schema: "ag_catalog", brings: /^(?:agtype|cypher|create_graph)/ },
  citus: {
    schema: "pg_catalog",
    brings: /^(?:create_distributed_|create_reference_table|citus_|undistribute_|columnar)/,
  },
  dblink: { version: "1.2", wrappers: ["dblink_fdw"], brings: /^dblink/ },
  hll: { brings: /^hll/ },
  http: {
    version: "1.6",
    brings: /^(?:http|urlencode|bytea_to_text|text_to_bytea)/,
  },
  hypopg: { brings: /^hypopg/ },
  index_advisor: { requires: ["hypopg"], brings: /^index_advisor/ },
  mysql_fdw: FDW("mysql_fdw"),
  ogr_fdw: FDW("ogr_fdw"),
  oracle_fdw: FDW("oracle_fdw"),
  orafce: { makes: ["oracle", "dbms_output", "utl_file"] },
  pg_bigm: { brings: /^(?:gin_bigm_ops|show_bigm|bigm_|likequery)/ },
  pg_cron: { schema: "pg_catalog", makes: ["cron"], version: "1.6" },
  pg_graphql: { schema: "graphql" },
  pg_hint_plan: { schema: "hint_plan" },
  pg_jsonschema: { brings: /^json(?:b|schema)?_(?:matches_schema|is_valid|schema_)/ },
  pg_net: { makes: ["net"], version: "0.14.0" },
  pg_partman: {
    brings: /^(?:create_parent|part_config|run_maintenance|partman_|create_partition)/,
  },
  pg_prewarm: { brings: /^(?:pg_prewarm|autoprewarm)/ },
  pg_repack: { makes: ["repack"] },
  pg_search: { makes: ["paradedb"], brings: /^bm25$/ },
  pgaudit: {},
  pgcrypto: {},
  pgjwt: {
    requires: ["pgcrypto"],
    brings: /^(?:sign|verify|algorithm_sign|url_encode|url_decode)$/,
  },
  pglogical: { schema: "pglogical" },
  pgmq: { schema: "pgmq", version: "1.5.0" },
  pgroonga: { makes: ["pgroonga"], brings: /^pgroonga/ },
  pgrouting: { requires: ["postgis"], brings: /^(?:pgr_|_pgr_)/ },
  pgrowlocks: { version: "1.2", brings: /^pgrowlocks$/ },
  pgsodium: { schema: "pgsodium" },
  pgstattuple: {
    version: "1.5",
    brings: /^(?:pgstattuple|pgstatindex|pgstatginindex|pgstathashindex|pg_relpages)/,
  },
  plcoffee: LANGUAGE("plcoffee"),
  plls: LANGUAGE("plls"),
  plperl: LANGUAGE("plperl"),
  plperlu: LANGUAGE("plperlu"),
  plpython3u: LANGUAGE("plpython3u"),
  plrust: LANGUAGE("plrust"),
  pltcl: LANGUAGE("pltcl"),
  pltclu: LANGUAGE("pltclu"),
  plv8: LANGUAGE("plv8", "plv8_\\w+"),
  postgis: {
    version: "3.5.0",
    brings:
      /^(?:geometry|geography|box2d|box3d|spheroid|st_|_st_|postgis_|addgeometrycolumn|dropgeometrycolumn|updategeometrysrid|find_srid|populate_geometry_columns|gist_geometry|spgist_geometry|brin_geometry|spatial_ref_sys|valid_detail)/,
  },
  postgis_raster: {
    requires: ["postgis"],
    brings: /^(?:raster|st_|addrasterconstraints|rastbandarg)/,
  },
  postgis_sfcgal: { requires: ["postgis"], brings: /^(?:st_|cg_)/ },
  postgis_tiger_geocoder: {
    schema: "tiger",
    makes: ["tiger_data"],
    requires: ["postgis", "fuzzystrmatch"],
  },
  postgis_topology: { schema: "topology", requires: ["postgis"] },
  postgres_fdw: { version: "1.2", wrappers: ["postgres_fdw"], brings: /^postgres_fdw/ },
  redis_fdw: FDW("redis_fdw"),
  rum: { brings: /^(?:rum|rum_\w+)$/ },
  semver: { brings: /^(?:semver|semverrange|to_semver|is_semver)$/ },
  sslinfo: { brings: /^ssl_/ },
  supabase_vault: { schema: "vault", requires: ["pgsodium"] },
  tdigest: { brings: /^tdigest/ },
  tds_fdw: FDW("tds_fdw"),
  timescaledb: {
    makes: [
      "_timescaledb_catalog",
      "_timescaledb_internal",
      "_timescaledb_config",
      "timescaledb_information",
    ],
    brings:
      /^(?:create_hypertable|add_\w+_policy|remove_\w+_policy|add_dimension|time_bucket|set_chunk_time_interval|by_range|by_hash|show_chunks|drop_chunks|compress_chunk|add_job|timescaledb|first|last)/,
  },
  vectorscale: { requires: ["vector"], brings: /^diskann$/ },
  wrappers: { brings: /_fdw_(?:handler|validator)$/ },
  xml2: { version: "1.1", brings: /^(?:xpath_|xslt_process|xml_valid|xml_encode_special_chars)/ },
  zhparser: { brings: /^zhparser/ },
  zombodb: { schema: "zdb", brings: /^zombodb$/ },
};
