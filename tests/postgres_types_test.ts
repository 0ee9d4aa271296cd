import { checkPairs } from "./postgres/check_pairs.ts";
import { TYPE_PAIRS } from "./postgres/type_pairs.ts";

await checkPairs(TYPE_PAIRS);
