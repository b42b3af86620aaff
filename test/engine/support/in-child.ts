import { join } from "node:path";
import type { ImageOutputs } from "../../../provider/build/roundtrip/image-outputs";
import { runChild } from "../../support/child";
import type { Bench } from "./bench";

/** Arguments for node that run a build in a process of its own, see build-child. */
export function childArguments({ name, context, root }: Bench, more: Record<string, unknown> = {}): string[] {
  const inputs = JSON.stringify({ name, context, root, ...more });
  return ["--import", "tsx", join(__dirname, "build-child.ts"), inputs];
}

/** What a build in a process of its own came to. */
export type ChildOutcome = { outputs: ImageOutputs } | { name: string; error: string };

/** Runs a bench's build in a process of its own, with another PATH. */
export async function buildInChild(bench: Bench, path: string): Promise<ChildOutcome> {
  const env = { ...process.env, PATH: path };
  const { stdout, stderr } = await runChild(process.execPath, childArguments(bench), {
    env,
    timeoutMs: 90_000,
  });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`the child printed no result\n${stdout}${stderr}`);
  const result = JSON.parse(last) as ImageOutputs | { name: string; error: string };
  return "error" in result ? result : { outputs: result };
}
