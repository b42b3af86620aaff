import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../base/process/command-error";
import { run, type RunResult } from "../../base/process/run";
import { temporaryFolder } from "../../base/process/temporary";
import { isLoopback } from "./address";
import { dockerConfiguration, findCredentials } from "./docker-credentials";
import { RegistryError, RegistryToolMissingError } from "./errors";
import { advice, toolWords } from "./explain";
import type { NamedImage } from "./tool";

export const COPY_MS = 20 * 60_000;

const PLAIN = /Get "?https:\/\/([^/"]+)\/.*server gave HTTP response to HTTPS client/;

/** The flags that give skopeo docker's credentials for a registry. `made` is a folder that the caller has to remove. */
async function authFlags(host: string, prefix: string): Promise<{ flags: string[]; made: string | null }> {
  if ((process.env.REGISTRY_AUTH_FILE ?? "") !== "") return { flags: [], made: null };
  const source = await findCredentials(host);
  if (source.kind === "none") return { flags: [], made: null };
  if (source.kind === "file") return { flags: [`--${prefix}authfile`, dockerConfiguration()], made: null };
  // skopeo knows helpers only for single registries. The file names the helper; it contains no credentials.
  const made = await temporaryFolder("registry");
  const path = join(made, "auth.json");
  await writeFile(path, JSON.stringify({ credHelpers: { [host]: source.store } }), { mode: 0o600 });
  return { flags: [`--${prefix}authfile`, path], made };
}

/** One side of a command, and the prefix of its flags. */
interface Side {
  image: NamedImage;
  prefix: string;
}

/** How skopeo is called. */
export interface SkopeoCaller {
  /** Whether a loopback host was found to use plain HTTP. */
  usesPlainHttp: (host: string) => boolean;
  call: (
    title: string,
    sides: readonly Side[],
    args: (flags: string[]) => string[],
    options: { timeoutMs: number; signal?: AbortSignal },
  ) => Promise<RunResult>;
  /** What to throw for a failed call. */
  explained: (error: unknown, doing: string, host: string) => unknown;
}

/** Calls skopeo with docker's credentials, over plain HTTP where a loopback host has nothing else. */
export function skopeoCaller(): SkopeoCaller {
  /** Loopback hosts that were found to use plain HTTP. */
  const plain = new Set<string>();

  async function call(
    title: string,
    sides: readonly Side[],
    args: (flags: string[]) => string[],
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<RunResult> {
    const made: string[] = [];
    // A copy, because another call may add a host meanwhile.
    const known = new Set(plain);
    try {
      const flags: string[] = [];
      for (const { image, prefix } of sides) {
        const auth = await authFlags(image.host, prefix);
        if (auth.made !== null) made.push(auth.made);
        flags.push(...auth.flags);
        if (known.has(image.host)) flags.push(`--${prefix}tls-verify=false`);
      }
      return await run("skopeo", args(flags), { title, env: { LC_ALL: "C" }, ...options });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const host = PLAIN.exec(error.failure.stderr.replaceAll('\\"', '"'))?.[1];
      if (host !== undefined && isLoopback(host) && !known.has(host)) {
        plain.add(host);
        return await call(title, sides, args, options);
      }
      throw error;
    } finally {
      for (const folder of made) await rm(folder, { recursive: true, force: true });
    }
  }

  const explained = (error: unknown, doing: string, host: string): unknown => {
    if (!(error instanceof CommandError) || error.failure.cancelled) return error;
    const { notStarted, hindered, timedOut, timeoutMs, stderr } = error.failure;
    if (hindered === true) return new RegistryError(`${doing}: ${error.message}`, { cause: error });
    if (notStarted) {
      return new RegistryToolMissingError(
        "skopeo, which speaks to registries with docker's own credentials, could not be started: install it " +
          "(apt-get install skopeo, dnf install skopeo, brew install skopeo) and put it on PATH",
      );
    }
    if (timedOut) {
      const limit = `within ${(timeoutMs ?? 0) / 1000} s`;
      const what =
        timeoutMs === COPY_MS
          ? `was not done with the copy ${limit}, the longest that a copy may take; is it overloaded, or the network slow?`
          : `did not answer ${limit}; is it overloaded? The limit is \`timeouts.inspect\``;
      return new RegistryError(`${doing}: the registry ${host} ${what}`, { cause: error });
    }
    const words = toolWords(stderr);
    return new RegistryError(`${doing}: ${words}; ${advice(words, host)}`, { cause: error });
  };

  return { usesPlainHttp: (host) => plain.has(host), call, explained };
}
