/** The former name of `dependencies.ts`. */

export { dependenciesOf as relationsOf } from "./dependencies.ts";
