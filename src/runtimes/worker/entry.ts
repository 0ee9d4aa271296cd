/** The module that the thread of a scratch engine begins with. Nothing imports it but that thread. */

import { serve } from "./serve.ts";

serve(globalThis as unknown as Parameters<typeof serve>[0]);
