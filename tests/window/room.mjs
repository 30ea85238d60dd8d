#!/usr/bin/env node
// The case room in the real window: evidence that attacks, every action without a mouse, and what cameras
// bring. Leaves pictures and summary.json.
//   room.mjs --out DIR [--only PART]
import { join } from "node:path";
import { readArguments, run } from "./checks.mjs";
import { hostile } from "./room-hostile.mjs";
import { keyboard } from "./room-keyboard.mjs";
import { pictures } from "./room-pictures.mjs";
import { target } from "./reviewer.mjs";

await run({ hostile, keyboard, pictures }, readArguments(process.argv.slice(2), join(target, "room")));
