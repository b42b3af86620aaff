import type { Suite } from "mocha";
import { startDaemon } from "./daemon";
import { freePort } from "./free-port";
import { answers, registryClient, type TestRegistry } from "./registry-client";
import { describeWith, setUpOf } from "./set-up";

/** Tests with oras, and with a registry that lists referrers. Without them they are skipped; on CI they fail. */
export function describeWithOras(title: string, body: (this: Suite) => void): void {
  describeWith(setUpOf("registry-tools"), title, "oras", body);
}

/** PATH with oras in front, within `describeWithOras`. */
export const pathWithOras = (): string => `${process.env.TESTS_ORAS_FOLDER ?? ""}:${process.env.PATH ?? ""}`;

/** Starts a registry that lists referrers itself, within `describeWithOras`. */
export async function startReferrersRegistry(): Promise<TestRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const origin = `http://${host}`;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}${path.startsWith("/v2/") ? "" : "/v2"}${path}`, {
      ...init,
      signal: AbortSignal.timeout(60_000),
    });
  const program = process.env.TESTS_REFERRERS_REGISTRY ?? "";
  const { stop } = await startDaemon(program, [host], () => answers(() => ask("/")));
  return registryClient(host, ask, stop);
}
