/** A callback that waits for a download; `fired` says whether the download came. */
export interface DownloadHook {
  readonly name: string;
  readonly fired: boolean;
  /** The version that was downloaded, once it was. */
  readonly version: string | null;
}

/** The waiting callbacks of one archive, and what went wrong in those that ran. */
export interface DownloadHooks {
  once(name: string, callback: (version: string) => void | Promise<void>): DownloadHook;
  /** Runs what waits for `name`; resolves when all of it is done, and throws what it threw. */
  run(name: string, version: string): Promise<void>;
  readonly errors: readonly unknown[];
}

/** A registry of callbacks that run once each, in the order they were added. */
export function createDownloadHooks(): DownloadHooks {
  interface Waiting {
    hook: { name: string; fired: boolean; version: string | null };
    callback: (version: string) => void | Promise<void>;
  }
  const waiting: Waiting[] = [];
  const errors: unknown[] = [];
  return {
    errors,
    once(name, callback) {
      const hook = { name, fired: false, version: null };
      waiting.push({ hook, callback });
      return hook;
    },
    async run(name, version) {
      for (const { hook, callback } of waiting.filter(
        (entry) => entry.hook.name === name && !entry.hook.fired,
      )) {
        hook.fired = true;
        hook.version = version;
        try {
          await callback(version);
        } catch (error) {
          errors.push(error);
          throw error;
        }
      }
    },
  };
}
