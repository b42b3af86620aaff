import { access } from "node:fs/promises";
import { z } from "zod";
import { CommandError } from "../../../base/process/command-error";
import { run } from "../../../base/process/run";
import { digest } from "../../../base/reference/schemas";
import { dockerConfiguration } from "../docker-credentials";
import { RegistryError } from "../errors";
import { advice, toolWords } from "../explain";
import type { ReferrersAnswer } from "../tool";
import { asking, type ReferrersQuestion } from "./question";

/** As oras prints it from 1.3 on. */
const list = z.object({ referrers: z.array(z.object({ digest })) });

/** The flags with which oras reaches a registry as docker and skopeo do. */
export async function orasFlags(host: string, isPlain: boolean): Promise<string[]> {
  const own = process.env.REGISTRY_AUTH_FILE ?? "";
  const authority = `/etc/docker/certs.d/${host}/ca.crt`;
  const hasAuthority = await access(authority).then(
    () => true,
    () => false,
  );
  return [
    ...["--registry-config", own === "" ? dockerConfiguration() : own],
    ...(isPlain ? ["--plain-http"] : []),
    ...(hasAuthority ? ["--ca-file", authority] : []),
  ];
}

/** Whether a command failed because oras is not installed. */
export const lacksOras = (error: unknown): boolean =>
  error instanceof CommandError && error.failure.notStarted && error.failure.hindered !== true;

/**
 * Asks a registry for referrers through oras, which proves by docker's credentials who asks.
 *
 * @returns null when oras is not installed
 * @throws {RegistryError} when the registry gives no usable answer
 */
export async function askWithOras(question: ReferrersQuestion): Promise<ReferrersAnswer | null> {
  const { repository, host, isPlain, limitMs } = question;
  const flags = await orasFlags(host, isPlain);
  const what = ["discover", ...flags, "--format", "json", "--depth", "1", `${repository}@${question.digest}`];
  const title = asking(question);
  try {
    const { stdout } = await run("oras", what, { title, env: { LC_ALL: "C" }, timeoutMs: limitMs });
    const found = list.parse(JSON.parse(stdout)).referrers;
    return { asked: true, digests: [...new Set(found.map((one) => one.digest))] };
  } catch (error) {
    if (lacksOras(error)) return null;
    throw new RegistryError(`${title}: ${wordsOf(error, host)}; so what belongs to the image can't be told`, {
      cause: error,
    });
  }
}

function wordsOf(error: unknown, host: string): string {
  const old = "oras 1.3 or newer is needed";
  if (!(error instanceof CommandError)) return `this oras printed no list of referrers; ${old}`;
  if (/unknown (?:shorthand )?flag/.test(error.failure.stderr)) return `this oras lacks an option; ${old}`;
  const { timedOut, timeoutMs, stderr } = error.failure;
  if (timedOut) {
    return `the registry ${host} did not answer within ${(timeoutMs ?? 0) / 1000} s; the limit is \`timeouts.inspect\``;
  }
  const words = toolWords(stderr);
  return `${words}; ${advice(words, host)}`;
}
