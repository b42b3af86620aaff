import { join } from "node:path";
import type { ImageOutputs } from "../../../provider/build/roundtrip/image-outputs";
import { runChild } from "../../support/child";
import type { Bench } from "./bench";

/** Compiled, so that a process starts in no time; the set-up of the tests makes it. */
const BUILD = join(__dirname, "../../../dist/provider/build/functions/build-reproducible.js");

/** Prints the outputs, or `{error, name}`, as JSON; steps go to standard error. */
const PROGRAM = `
  const [, module, inputs] = process.argv;
  require(module).buildReproducible(JSON.parse(inputs)).then(
    (outputs) => console.log(JSON.stringify(outputs)),
    ({ name, message }) => {
      console.log(JSON.stringify({ name, error: message }));
      process.exitCode = 1;
    },
  );`;

/** Arguments for node that run `buildReproducible` in a process of its own. */
export function childArguments({ name, context, root }: Bench, more: Record<string, unknown> = {}): string[] {
  return ["-e", PROGRAM, BUILD, JSON.stringify({ name, context, root, ...more })];
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
