/** A callback that waits for a download; `fired` says whether the download came. */
export interface DownloadHook {
  readonly name: string;
  readonly fired: boolean;
  /** The version that was downloaded, once it was. */
  readonly version: string | null;
}

type Callback = (version: string) => void | Promise<void>;

/** The waiting callbacks of one archive; each runs once, in the order in which they were added. */
export interface DownloadHooks {
  once(name: string, callback: Callback): DownloadHook;
  /** Runs what waits for `name`; resolves when all of it is done, and throws what it threw. */
  run(name: string, version: string): Promise<void>;
}

export function createDownloadHooks(): DownloadHooks {
  const waiting: {
    hook: { -readonly [Key in keyof DownloadHook]: DownloadHook[Key] };
    callback: Callback;
  }[] = [];
  return {
    once(name, callback) {
      const hook = { name, fired: false, version: null };
      waiting.push({ hook, callback });
      return hook;
    },
    async run(name, version) {
      for (const { hook, callback } of waiting.filter(({ hook }) => hook.name === name && !hook.fired)) {
        Object.assign(hook, { fired: true, version });
        await callback(version);
      }
    },
  };
}
