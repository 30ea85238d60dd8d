/**
 * Does one check, adds it to the summary and says it in a line. One that throws has failed, and the next goes
 * on; `failed` is called then, for a picture.
 */
export async function checked(summary, name, work, failed) {
  const began = Date.now();
  const entry = { name, ok: false, seen: "", ms: 0 };
  try {
    entry.seen = (await work()) ?? "";
    entry.ok = true;
  } catch (error) {
    entry.seen = error.message || String(error);
    await failed?.(summary.length)?.catch(() => {});
  }
  entry.ms = Date.now() - began;
  summary.push(entry);
  console.log(`${entry.ok ? "ok    " : "FAILED"} ${name.padEnd(56)} ${(entry.ms / 1000).toFixed(1).padStart(6)} s  ${entry.seen}`);
  return entry.ok;
}
