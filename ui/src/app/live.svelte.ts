// A view that is asked for again when it becomes stale. The old one stays on screen meanwhile.
import { asFailure, type Failure } from "../backend";
import type { Topic } from "../backend/types";
import type { AppState } from "./state.svelte";

export class Live<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(true);
  #load: () => Promise<T>;
  #run = 0;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  reload = async (): Promise<void> => {
    const run = ++this.#run;
    this.loading = true;
    try {
      const value = await this.#load();
      if (run !== this.#run) return;
      this.value = value;
      this.failure = null;
    } catch (thrown) {
      if (run !== this.#run) return;
      this.failure = asFailure(thrown);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  };
}

/** A live view for as long as the component lives. */
export function live<T>(app: AppState, topic: Topic, load: () => Promise<T>): Live<T> {
  const view = new Live(load);
  $effect(() => {
    void view.reload();
    return app.onStale((topics) => {
      if (topics.has(topic)) void view.reload();
    });
  });
  return view;
}
