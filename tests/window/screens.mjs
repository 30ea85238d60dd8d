#!/usr/bin/env node
// Every viewer and state of the case room looked at in the real window: axe, lost controls, pages that are
// too wide. Leaves a picture of each and summary.json.
//   screens.mjs --out DIR [--every-look]
import { join } from "node:path";
import { readArguments, run } from "./checks.mjs";
import { screens } from "./room-screens.mjs";
import { target } from "./reviewer.mjs";

await run({ screens }, readArguments(process.argv.slice(2), join(target, "screens")));
