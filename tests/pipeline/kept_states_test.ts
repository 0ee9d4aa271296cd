import { testApart } from "../own_process.ts";

testApart(
  "what earlier migrations leave is kept, and never believed where others can write",
  new URL("./kept_states_cases.ts", import.meta.url),
);
