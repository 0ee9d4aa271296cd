import { checkPairs } from "./postgres/check_pairs.ts";
import { OBJECT_PAIRS } from "./postgres/object_pairs.ts";

await checkPairs(OBJECT_PAIRS);
