import { readFile } from "node:fs/promises";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { FailedStep } from "./failed-step";

/** A shorter line of a secret, such as `}`, is no secret. In characters. */
const SHORTEST = 6;

/** Replaces what a command printed of the build's secrets, line by line, because its output may get into a state. */
export async function hideSecrets(failed: FailedStep, secrets: BuildPlan["secrets"]): Promise<FailedStep> {
  const values = await Promise.all(
    Object.values(secrets).map(async (from) =>
      "file" in from ? await readFile(from.file, "utf8").catch(() => "") : (process.env[from.env] ?? ""),
    ),
  );
  const parts = values
    .flatMap((value) => value.split(/\r?\n/))
    .map((part) => part.trim())
    .filter((part) => part.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  const hidden = (text: string): string => parts.reduce((left, part) => left.replaceAll(part, "***"), text);
  return { ...failed, lines: failed.lines.map(hidden), error: hidden(failed.error) };
}
