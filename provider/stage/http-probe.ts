import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Containers } from "../engines/containers";
import type { Probe } from "./health";

/** The system's reason for a failed request. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") return code;
  return error.message;
}

/** Looks at a container from outside, over HTTP; one that has exited gives no hope. */
export function httpProbe(containers: Containers, containerId: string): Probe {
  return {
    // Not fetch: it refuses ports that browsers think unsafe, such as 6000.
    status: (url, limitMs, signal) =>
      new Promise((resolve, reject) => {
        const asked = get(url, { signal, agent: false }, (response) => {
          response.resume();
          clearTimeout(limit);
          resolve(response.statusCode ?? 0);
        });
        const limit = setTimeout(() => asked.destroy(new Error("it took too long")), limitMs);
        asked.on("error", (error) => {
          clearTimeout(limit);
          reject(new Error(reasonOf(error), { cause: error }));
        });
      }),
    async hopeless() {
      const facts = await containers.find(containerId);
      if (facts === null) return "the container is gone";
      return facts.running ? null : `the container has exited with ${facts.exitCode}`;
    },
    now: () => performance.now(),
    pause: (ms) => pause(ms),
  };
}
