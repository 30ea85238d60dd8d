#!/usr/bin/env node
// A scripted browser for machines without one: opens the judgment server's sign-in page, fills in
// the demo account, sends the form, and follows the redirect back to the program.
//   sign-in.mjs URL        PINGLI_USER and PINGLI_PASSWORD name another account
import { fileURLToPath } from "node:url";

/** Decodes the five entities that HTML attributes need. */
const decode = (text) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** The attributes of a tag, by name. */
function attributes(tag) {
  const found = {};
  for (const [, name, value] of tag.matchAll(/([a-zA-Z-]+)\s*=\s*"([^"]*)"/g)) found[name.toLowerCase()] = decode(value);
  return found;
}

/** Signs in on the page at `url`; answers with the text of the page the program shows at the end. */
export async function signIn(url, user = "demo", password = "demo") {
  const page = await fetch(url, { redirect: "error" });
  const html = await page.text();
  if (!page.ok) throw new Error(`the sign-in page answered ${page.status}`);
  const form = html.match(/<form\b[^>]*>/i);
  if (!form) throw new Error("the sign-in page has no form");
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/gi)) {
    const { name, value = "", type = "text" } = attributes(tag);
    if (!name) continue;
    if (type === "password") fields.set(name, password);
    else if (type === "hidden") fields.set(name, value);
    else fields.set(name, user);
  }
  const cookies = page.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const answer = await fetch(new URL(attributes(form[0]).action || url, url), {
    method: "POST",
    body: fields,
    redirect: "manual",
    headers: cookies.length ? { cookie: cookies.join("; ") } : {},
  });
  const back = answer.headers.get("location");
  if (answer.status < 300 || answer.status > 399 || !back) throw new Error(`the sign-in form answered ${answer.status}`);
  return (await fetch(back)).text();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await signIn(process.argv[2], process.env.PINGLI_USER, process.env.PINGLI_PASSWORD);
}
