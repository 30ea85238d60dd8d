// Collects the rows that the fault suites left, prints them as a table and writes them as one file.
//   fault-table.mjs ROWS_FOLDER OUT.json
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, out] = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const rows = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
rows.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
for (const row of rows) {
  const tried = `${row.ours} in ${row.points}`;
  console.log([row.holds ? "holds" : "MISSED", row.id, tried, row.unit, `target ${row.target}`, row.name].join("\t"));
}
writeFileSync(out, JSON.stringify(rows, null, 2));
const missing = ["F1", "F2", "F4", "F5", "F6", "F7"].filter((id) => !rows.some((row) => row.id.startsWith(id)));
for (const id of missing) console.log(`MISSED\t${id}\tno row was left`);
process.exitCode = missing.length === 0 && rows.every((row) => row.holds) ? 0 : 1;
