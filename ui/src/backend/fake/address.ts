// A fake for looking at screens in a plain browser, set up by the page's address.
import type { Connection, LockReason, Settings, Stage } from "../types";
import { FakeBackend } from "./index";

/** A fake set up by the page's address: ?stage=locked&reason=wrong_key&lang=en&theme=dark… */
export function fakeFromAddress(search = location.search): FakeBackend {
  const wanted = new URLSearchParams(search);
  const get = <T extends string>(name: string) => wanted.get(name) as T | null;
  const settings: Partial<Settings> = {};
  const language = get<"en" | "zh-Hans" | "zh-Hant">("lang");
  const theme = get<Settings["theme"]>("theme");
  if (language) settings.language = language;
  if (theme) settings.theme = theme;
  if (wanted.has("idle")) settings.lock_after_minutes = Number(wanted.get("idle"));
  if (wanted.has("text")) settings.text_percent = Number(wanted.get("text"));
  const stages: Record<string, Stage> = {
    signed_out: { kind: "signed_out" },
    signing_in: { kind: "signing_in", url: "http://127.0.0.1:7420/authorize?client_id=pingli-desktop" },
    locked: {
      kind: "locked",
      reason: get<LockReason>("reason") ?? "by_reviewer",
      passphrase: get("slots") !== "keyring" && get("slots") !== "none",
      may_keep_nothing: get("slots") === "none",
    },
    opening: { kind: "opening" },
    sign_in_again: { kind: "sign_in_again" },
  };
  const slots = {
    none: { keyring: false, passphrase: false },
    keyring: { keyring: true, passphrase: false },
    passphrase: { keyring: false, passphrase: true },
    both: { keyring: true, passphrase: true },
  }[get<"none" | "keyring" | "passphrase" | "both">("slots") ?? "both"];
  const fake = new FakeBackend({
    settings,
    ...(wanted.has("slots") ? { slots } : {}),
    empty: wanted.has("empty"),
    ...(wanted.has("second") ? { second: { at: "room", seat: "seat-1" } as const } : {}),
    keepsNothing: wanted.has("unkept"),
    ...(wanted.has("messages") ? { messages: Number(wanted.get("messages")) } : {}),
    ...(wanted.has("lines") ? { lines: Number(wanted.get("lines")) } : {}),
    ...(wanted.has("broken") ? { broken: { [wanted.get("broken")!]: "pack_damaged" } } : {}),
    ...(wanted.has("items") ? { items: Number(wanted.get("items")) } : {}),
    ...(wanted.has("stage") ? { stage: stages[wanted.get("stage")!]! } : {}),
    ...(wanted.has("connection") ? { connection: get<Connection>("connection")! } : {}),
    ...(wanted.has("mute") ? { mute: wanted.get("mute")!.split(",") } : {}),
    ...(wanted.has("fail") ? { failing: { [wanted.get("fail")!]: "internal" } } : {}),
  });
  Object.assign(window, { fake });
  return fake;
}
