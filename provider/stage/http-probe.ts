import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Containers } from "../engines/containers";
import type { Probe } from "./health";

/** The system's error code of a failed request, or else its message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") return code;
  return error.message;
}

/** Probes a container over HTTP. When the container has exited, waiting is useless. */
export function httpProbe(containers: Containers, containerId: string): Probe {
  return {
    // `fetch` is no option: it refuses ports that browsers block, such as 6000.
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
