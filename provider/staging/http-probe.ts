import { setTimeout as pause } from "node:timers/promises";
import type { Containers } from "../engine/containers";
import type { Probe } from "./health";

/** The system's reason for a failed request, which fetch hides in a chain of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it took too long";
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") return code;
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

/** Looks at a container from outside, over HTTP; one that has exited gives no hope. */
export function httpProbe(containers: Containers, containerId: string): Probe {
  return {
    async status(url, limitMs, signal) {
      const limit = AbortSignal.timeout(limitMs);
      const signals = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      try {
        const response = await fetch(url, { redirect: "manual", signal: signals });
        await response.body?.cancel();
        return response.status;
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
    async hopeless() {
      const facts = await containers.find(containerId);
      if (facts === null) return "the container is gone";
      return facts.running ? null : `the container has exited with ${facts.exitCode}`;
    },
    now: () => performance.now(),
    pause: (ms) => pause(ms),
  };
}
