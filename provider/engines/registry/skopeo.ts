import { z } from "zod";
import { CommandError } from "../../base/process/command-error";
import type { RunResult } from "../../base/process/run";
import { RegistryError } from "./errors";
import { toolWords } from "./explain";
import { askDirectly } from "./attached/ask-directly";
import { askWithOras } from "./attached/oras";
import { putIndex } from "./attached/put-index";
import { digestOf } from "./manifest";
import { onceSettled } from "./settled";
import { COPY_MS, skopeoCaller } from "./skopeo-caller";
import type { NamedImage, RegistryTool } from "./tool";
import { before } from "../../base/words/cut";

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

const tagList = z.object({ Tags: z.array(z.string()) });

/** The name without tag and digest. */
function repositoryName(name: string): string {
  return before(name, "@").replace(/:[^:/]*$/, "");
}

/**
 * Registries, through skopeo. It reads docker's credentials, credential helpers and `/etc/docker/certs.d`.
 *
 * @param inspectMs limit for one question, in milliseconds
 */
export function skopeo(inspectMs: number): RegistryTool {
  const caller = skopeoCaller();
  const { call, explained } = caller;

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

  async function manifestBeside(name: string, host: string): Promise<string | null> {
    try {
      return (await ask({ name, host }, ["--raw"], `reading ${name}`)).stdout;
    } catch (error) {
      const cause = error instanceof RegistryError ? error.cause : null;
      if (!(cause instanceof CommandError) || !saysUnknown(toolWords(cause.failure.stderr))) throw error;
      return null;
    }
  }

  return {
    async manifest(name, host) {
      const text = await manifestBeside(name, host);
      if (text === null) await assertReadable({ name, host });
      return text;
    },
    manifestBeside,
    async tags(repository, host) {
      const args = (flags: string[]): string[] => ["list-tags", ...flags, `docker://${repository}`];
      const sides = [{ image: { name: repository, host }, prefix: "" }];
      try {
        const { stdout } = await call(`listing the tags of ${repository}`, sides, args, {
          timeoutMs: inspectMs,
        });
        return tagList.parse(JSON.parse(stdout)).Tags;
      } catch {
        return null;
      }
    },
    async referrers(repository, host, digest) {
      const question = { repository, host, digest, isPlain: caller.usesPlainHttp(host), limitMs: inspectMs };
      return (await askWithOras(question)) ?? (await askDirectly(question));
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
    putIndex: (text, to, signal) => putIndex(caller, text, to, signal),
  };
}
