import { checkPairs } from "./check_pairs.ts";
import { TYPE_PAIRS } from "./type_pairs.ts";

await checkPairs(TYPE_PAIRS);
