// What can be done about a lock. Decided here and nowhere else; the screen only shows it.
import type { KeySlots, LockReason } from "../../backend/types";

export interface WaysOut {
  /** The recovery passphrase opens it. */
  passphrase: boolean;
  /** Trying once more may open it; the value names the words on the button. */
  keyring: "keyring" | "prove" | "anew" | "retry" | null;
  /** There is nothing yet: a first passphrase begins. */
  begin: boolean;
  /** A session that keeps nothing may begin: the program says so. */
  keepNothing: boolean;
  /** There is data, and no passphrase that would open it. */
  lost: boolean;
}

const tries: Record<LockReason, WaysOut["keyring"]> = {
  by_reviewer: null,
  idle: null,
  keyring_locked: "keyring",
  keyring_unavailable: "keyring",
  key_missing: "keyring",
  wrong_key: "keyring",
  damaged_header: "prove",
  damaged_store: "anew",
  newer_store: "retry",
  session_over: "keyring",
  store_failed: "retry",
};

/** Reasons that have to do with the key alone: without a slot there cannot be any data. */
const ofTheKeyring: LockReason[] = [
  "keyring_locked",
  "keyring_unavailable",
  "key_missing",
  "wrong_key",
  "session_over",
];

export function waysOut(
  reason: LockReason,
  passphrase: boolean,
  slots: KeySlots,
  mayKeepNothing: boolean,
): WaysOut {
  const isNew = !slots.keyring && !slots.passphrase && ofTheKeyring.includes(reason);
  const opens = passphrase && reason !== "newer_store";
  return {
    passphrase: opens,
    // What was locked before a passphrase was removed opens as it did then.
    keyring: tries[reason] ?? (passphrase ? null : "keyring"),
    begin: isNew,
    keepNothing: mayKeepNothing,
    lost: !passphrase && !isNew && (ofTheKeyring.includes(reason) || reason === "damaged_header"),
  };
}
