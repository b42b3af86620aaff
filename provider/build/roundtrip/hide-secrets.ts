import { readFile } from "node:fs/promises";
import { hideCredentials } from "../../base/words/credentials";
import { hideValues } from "../../base/words/known-values";
import type { BuildPlan } from "../../inputs/image-inputs";
import { secretValues } from "../../inputs/secret-inputs";
import type { FailedStep } from "./failed-step";

/** The values of a build's secrets, as far as they can be read. */
async function buildSecretValues(secrets: BuildPlan["secrets"]): Promise<string[]> {
  return await Promise.all(
    Object.values(secrets).map(async (from) =>
      "file" in from ? await readFile(from.file, "utf8").catch(() => "") : (process.env[from.env] ?? ""),
    ),
  );
}

/** A function that hides in a line all that nobody should see of a build: its secrets, and what looks like a credential. */
export async function hideInLog(plan: BuildPlan): Promise<(line: string) => string> {
  const hidden = hideValues([...(await buildSecretValues(plan.secrets)), ...secretValues(plan)]);
  return (line) => hideCredentials(hidden(line));
}

/** Replaces what a command printed of the build's secrets, line by line, because its output may get into a state. */
export async function hideSecrets(failed: FailedStep, secrets: BuildPlan["secrets"]): Promise<FailedStep> {
  const hidden = hideValues(await buildSecretValues(secrets));
  return { ...failed, lines: failed.lines.map(hidden), error: hidden(failed.error) };
}
