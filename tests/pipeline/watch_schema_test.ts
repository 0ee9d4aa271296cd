import { testApart } from "../own_process.ts";

testApart(
  "diff --watch says after an edit what diff says of the same files",
  new URL("./watch_schema_cases.ts", import.meta.url),
);
