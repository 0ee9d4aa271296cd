/** MySQL and MariaDB of any version in a container. */

import { containerRuntime } from "./docker/container_runtime.ts";
import type { ServerImage } from "./docker/server_image.ts";
import { confinementOf } from "./mysql_remote/account.ts";
import { connect } from "./mysql_remote/connect.ts";
import type { MysqlAddress } from "./mysql_remote/parse_url.ts";
import { RemoteRun } from "./mysql_remote/run.ts";
import { RemoteServer } from "./mysql_remote/server.ts";
import { definerPrivileges } from "./mysql_server/accounts.ts";
import type { Runtime } from "./runtime.ts";

/** See the module's comment. */
export const mysqlDocker: Runtime = containerRuntime({
  dialects: ["mysql", "mariadb"],
  image: ({ dialect }) => dialect === "mariadb" ? MARIADB : MYSQL,
  isEarly: (code) => EARLY.has(code),
  async open({ target, place, tunnel, password, limits, signal, connectTimeout, stop }) {
    const address: MysqlAddress = {
      host: place,
      port: MYSQL.port,
      socket: null,
      user: "root",
      password,
      tls: "DISABLED",
      certificates: {},
      connectTimeout,
      dial: () => tunnel.connect(),
    };
    const admin = await connect(address);
    try {
      const [row] = await admin.ask<{ version: string }>("SELECT VERSION() AS version", 1 << 16);
      const version = /^\d+\.\d+\.\d+/.exec(row?.version ?? "")?.[0] ?? "";
      const run = await RemoteRun.open(address, admin, {
        confinement: await confinementOf(admin),
        // Nobody else is on this server.
        privileges: definerPrivileges(target.dialect, version),
      });
      const { dialect } = target;
      return new RemoteServer({ run, limits, signal, dialect }, {
        runtime: "docker",
        version,
        stop,
      });
    } catch (error) {
      admin.close();
      throw error;
    }
  },
});

/** What the driver says before a server is ready. */
const EARLY: ReadonlySet<string> = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Nobody recovers a scratch server, and nothing but scripts runs on it. What a version does not know is passed over. */
const SETTINGS = [
  "--bind-address=127.0.0.1",
  "--skip-name-resolve",
  "--skip-log-bin",
  "--character-set-server=utf8mb4",
  "--default-time-zone=+00:00",
  "--event-scheduler=OFF",
  "--local-infile=OFF",
  "--performance-schema=OFF",
  "--max-allowed-packet=64M",
  "--max-connections=20",
  "--innodb-doublewrite=OFF",
  "--innodb-flush-log-at-trx-commit=2",
  "--innodb-buffer-pool-size=32M",
  "--innodb-lock-wait-timeout=5",
  "--lock-wait-timeout=10",
];

const MYSQL: ServerImage = {
  name: "MySQL",
  key: "mysql",
  port: 3306,
  data: "/var/lib/mysql",
  passwordVariable: "MYSQL_ROOT_PASSWORD",
  variables: { MYSQL_INITDB_SKIP_TZINFO: "1", MYSQL_ROOT_HOST: "%" },
  check: "mysqld --version",
  arguments: () => [
    ...SETTINGS,
    "--secure-file-priv=NULL",
    "--loose-mysqlx=OFF",
    "--loose-innodb-redo-log-capacity=8M",
  ],
};

const MARIADB: ServerImage = {
  name: "MariaDB",
  key: "mariadb",
  port: 3306,
  data: "/var/lib/mysql",
  passwordVariable: "MARIADB_ROOT_PASSWORD",
  variables: { MARIADB_INITDB_SKIP_TZINFO: "1", MARIADB_ROOT_HOST: "%" },
  check: "mariadbd --version",
  arguments: () => [...SETTINGS, "--sysdate-is-now", "--innodb-log-file-size=8M"],
};
