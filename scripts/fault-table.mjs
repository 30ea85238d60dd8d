// Collects the rows that the fault suites left, prints them as a table and writes them as one file. Every
// row that a part has to leave is named here: one that is missing is a row that does not hold.
//   fault-table.mjs ROWS_FOLDER OUT.json [PART…]      parts: rust, window; all where none is named
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EXPECTED = {
  rust: [
    "F1 client writes", "F1 server writes", "F1 random", "F1 io", "F1 tokens", "F1 model", "F1 two windows",
    "F2 store", "F2 disk", "F2 packs", "F2 pack", "F2 server", "F2 keys",
    "F4 key store", "F5 cells", "F5 memory", "F6 wipe", "F6 program",
    "F7 recognised", "F7 saved", "F7 set back", "H parsers",
  ],
  window: ["F1 window", "F6 canaries"],
};

const [folder, out, ...named] = process.argv.slice(2);
const parts = named.length ? named : Object.keys(EXPECTED);
const unknown = parts.filter((part) => !EXPECTED[part]);
if (unknown.length) throw new Error(`there is no part ${unknown.join(", ")}`);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
const rows = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
rows.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
const known = Object.values(EXPECTED).flat();
const wrong = [];
for (const row of rows) {
  if (!row.holds) wrong.push(row.id);
  const tried = `${row.ours} in ${row.points}`;
  console.log([row.holds ? "holds" : "MISSED", row.id, tried, row.unit, `target ${row.target}`, row.name].join("\t"));
  if (row.seen) console.log(`\t\t${row.seen}`);
  if (!known.includes(row.id)) {
    console.log(`MISSED\t${row.id}\tit is not in the list of rows, which would not miss it`);
    wrong.push(row.id);
  }
}
if (out !== "-") writeFileSync(out, JSON.stringify(rows, null, 2));
for (const id of parts.flatMap((part) => EXPECTED[part]).filter((id) => !rows.some((row) => row.id === id))) {
  console.log(`MISSED\t${id}\tno row was left`);
  wrong.push(id);
}
process.exitCode = wrong.length === 0 ? 0 : 1;
