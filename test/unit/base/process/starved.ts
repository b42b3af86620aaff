import { openSync } from "node:fs";
import { run } from "../../../../provider/base/process/run";
import { findDockerCli } from "../../../../provider/engines/docker/find-cli";

/** Prints what starting a program, and looking for docker, say in a process that has no file descriptor left. */
async function starved(): Promise<void> {
  const said = (error: unknown): string =>
    error instanceof Error ? `${error.name}: ${error.message}` : "done";
  await run("true", []);
  try {
    for (;;) openSync("/dev/null", "r");
  } catch {
    // Now there is none.
  }
  const words = [await run("true", []).catch(said), await findDockerCli().catch(said)];
  process.stdout.write(JSON.stringify(words));
}
void starved();
