// What a fake can be made like.
import type { Connection, EvidenceBody, Place, RecoveryView, Settings, Stage, TimelineView } from "../types";

export interface FakeOptions {
  stage?: Stage;
  connection?: Connection;
  /** Why the server is out of reach, as a code. */
  offlineWhy?: string;
  /** The server's clock less this machine's, in seconds. */
  skew?: number;
  settings?: Partial<Settings>;
  /** Where the key is kept. */
  slots?: { keyring: boolean; passphrase: boolean };
  /** A database was damaged. */
  recovery?: RecoveryView;
  /** The session keeps nothing. */
  keepsNothing?: boolean;
  empty?: boolean;
  /** This is the second window, led to a place. */
  second?: Place;
  /** Verbs that fail with a code. */
  failing?: Record<string, string>;
  /** Verbs that never answer. */
  mute?: string[];
  /** The chat is one of so many messages, and the timeline one of so many items. */
  messages?: number;
  items?: number;
  /** A timeline that is shown instead of the fixture's. */
  timeline?: TimelineView;
  /** The order is one of so many lines. */
  lines?: number;
  /** Bodies that are read instead of the fixture's, and evidence whose body fails with a code. */
  bodies?: Record<string, EvidenceBody>;
  broken?: Record<string, string>;
}
