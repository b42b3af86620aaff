import { setTimeout } from "node:timers/promises";
import { CommandError } from "../../base/process/command-error";
import type { DockerClient } from "./client";

/** How often an engine is asked for its list of images. */
const ATTEMPTS = 4;
/** Milliseconds between two of these questions. */
const PAUSE_MS = 100;
/** How docker begins what the engine itself answered, in contrast to a connection that failed. */
const ANSWERED = /^Error response from daemon: /m;

/**
 * The lines of `docker image ls`. An engine that keeps images with containerd refuses the whole list while an image of it
 * is being removed ("NotFound: content digest ... not found"), so it is asked up to 4 times, 100 ms apart.
 *
 * @param args what follows `image ls`
 * @throws {CommandError} when docker fails for another reason, or fails the last time, too
 */
export async function listImages(client: DockerClient, args: readonly string[]): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await client.run(["image", "ls", ...args], { timeoutMs: client.inspectMs });
      return answer.stdout.split("\n");
    } catch (error) {
      if (attempt === ATTEMPTS || !isRefusedByEngine(error)) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

const isRefusedByEngine = (error: unknown): boolean =>
  error instanceof CommandError && error.failure.exitCode !== null && ANSWERED.test(error.failure.stderr);
