import { attacks } from "../../scripts/attack/kinds/files.ts";
import { testAttacks } from "./held.ts";

testAttacks(attacks);
