import { attacks } from "../../scripts/attack/kinds/machine.ts";
import { testAttacks } from "./held.ts";

testAttacks(attacks);
