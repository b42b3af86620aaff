import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../base/process/command-error";
import { run, type RunResult } from "../../base/process/run";
import { temporaryFolder } from "../../base/process/temporary";
import { isLoopback } from "./address";
import { dockerConfiguration, findCredentials } from "./docker-credentials";
import { RegistryError, RegistryToolMissingError } from "./errors";
import { advice, toolWords } from "./explain";
import { digestOf } from "./manifest";
import { onceSettled } from "./settled";
import type { NamedImage, RegistryTool } from "./tool";
import { before } from "../../base/words/cut";

const COPY_MS = 20 * 60_000;

/** Whether skopeo's output contains the registry's error code for a manifest or repository that does not exist. */
export function saysUnknown(words: string): boolean {
  return !/StatusCode:/.test(words) && /(?:^|: )(?:manifest|name) unknown(?::|$)/.test(words);
}

/** Whether skopeo's output says that there is no such repository: by the status, or by the registry's error code. */
export function saysNoRepository(words: string): boolean {
  return /fetching tags list: .*(?:\b404 \(Not Found\)|StatusCode: 404\b|\bname (?:unknown|not known)\b)/.test(
    words,
  );
}

/** The name without tag and digest. */
function repositoryName(name: string): string {
  return before(name, "@").replace(/:[^:/]*$/, "");
}

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

/**
 * Registries, through skopeo. It reads docker's credentials, credential helpers and `/etc/docker/certs.d`.
 *
 * @param inspectMs limit for one question, in milliseconds
 */
export function skopeo(inspectMs: number): RegistryTool {
  /** Loopback hosts that were found to use plain HTTP. */
  const plain = new Set<string>();

  async function call(
    title: string,
    sides: readonly { image: NamedImage; prefix: string }[],
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

  async function ask(image: NamedImage, what: string[], doing: string): Promise<RunResult> {
    const args = (flags: string[]): string[] => ["inspect", ...flags, ...what, `docker://${image.name}`];
    try {
      return await call(doing, [{ image, prefix: "" }], args, { timeoutMs: inspectMs });
    } catch (error) {
      throw explained(error, doing, image.host);
    }
  }

  /**
   * Makes sure that the registry lets the repository be read, or says that there is none. Some answer "unknown" together
   * with 403, and skopeo shows the status only for the list of tags.
   *
   * @throws {RegistryError} when the registry refuses, or can't be asked
   */
  async function assertReadable({ name, host }: NamedImage): Promise<void> {
    const repository = repositoryName(name);
    const args = (flags: string[]): string[] => ["list-tags", ...flags, `docker://${repository}`];
    const doing = `reading ${name}, which the registry calls unknown, and then the tags of ${repository}`;
    try {
      await call(doing, [{ image: { name: repository, host }, prefix: "" }], args, { timeoutMs: inspectMs });
    } catch (error) {
      const said = error instanceof CommandError ? toolWords(error.failure.stderr) : "";
      if (!saysNoRepository(said)) throw explained(error, doing, host);
    }
  }

  return {
    async manifest(name, host) {
      try {
        return (await ask({ name, host }, ["--raw"], `reading ${name}`)).stdout;
      } catch (error) {
        const cause = error instanceof RegistryError ? error.cause : null;
        if (!(cause instanceof CommandError) || !saysUnknown(toolWords(cause.failure.stderr))) throw error;
        await assertReadable({ name, host });
        return null;
      }
    },
    async configuration(name, host, digest) {
      const image = { name, host };
      const { stdout } = await ask(image, ["--config", "--raw"], `reading the configuration of ${name}`);
      if (digestOf(stdout, digest.split(":")[0]) !== digest) {
        throw new RegistryError(`the configuration of ${name} is not the one that its manifest names`);
      }
      return stdout;
    },
    async copy(from, to, signal) {
      const doing = `copying ${from.name} to ${to.name}`;
      const names = [`docker://${from.name}`, `docker://${to.name}`];
      const sides = [
        { image: from, prefix: "src-" },
        { image: to, prefix: "dest-" },
      ];
      try {
        const args = (flags: string[]): string[] => [
          ...["copy", "--quiet", "--all", "--preserve-digests"],
          ...flags,
          ...names,
        ];
        await onceSettled(() => call(doing, sides, args, { timeoutMs: COPY_MS, signal }), signal);
      } catch (error) {
        throw explained(error, doing, to.host);
      }
    },
  };
}
