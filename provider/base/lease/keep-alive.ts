import { HoldLostError } from "./errors";
import { readHold, touch } from "./hold-file";
import type { Holder } from "./holder-words";

/** A hold that shows signs of life. */
export interface KeptHold {
  /** Aborts when the hold is no longer one's own. */
  lost: AbortSignal;
  /** Ends the signs of life, with a last look at the hold. */
  stop(): Promise<void>;
}

/** Touches the hold's file again and again, as long as it is one's own. Never keeps the process alive. */
export function keepAlive(file: string, name: string, own: Pick<Holder, "token">, beatMs: number): KeptHold {
  const lost = new AbortController();
  const beat = async (): Promise<void> => {
    // A store that does not answer for a moment is no reason to end a build.
    const found = await readHold(file).catch(() => undefined);
    if (found === undefined) return;
    if (found?.holder?.token === own.token) await touch(file).catch(() => undefined);
    else lost.abort(new HoldLostError(name, file, found?.holder ?? null));
  };
  let last = Promise.resolve();
  const timer = setInterval(() => void (last = last.then(beat)), beatMs);
  timer.unref();
  return {
    lost: lost.signal,
    async stop() {
      clearInterval(timer);
      await last;
      await beat();
    },
  };
}
