import { VerifiedImagesError } from "../errors/base";
import type { Lease } from "./lease-content";

export function leaseWords(lease: Lease | null): string {
  if (lease === null) return "an unknown process";
  return `process ${lease.pid} on ${lease.host} (since ${lease.since})`;
}

/** Another process works on an artifact of the store, and did not end within the time limit. */
export class ArtifactInUseError extends VerifiedImagesError {
  constructor(
    readonly artifact: string,
    root: string,
    file: string,
    readonly lease: Lease | null,
    seconds: number,
  ) {
    super(
      "artifact-in-use",
      `the artifact ${artifact} of the artifact store ${root} is still in use by ${leaseWords(lease)}, after a wait of ` +
        `${Math.round(seconds)} s; let that build end, or end it, and run this again. If it is surely gone, remove ${file}`,
    );
  }
}

/** A lease was lost while its process worked. The work was ended, because another process may have begun it too. */
export class LeaseLostError extends VerifiedImagesError {
  constructor(
    /** What the lease was on, such as `the artifact web`. */
    readonly what: string,
    file: string,
    readonly lease: Lease | null,
  ) {
    const how = lease === null ? `${file} was removed` : `${leaseWords(lease)} took this process for dead`;
    super(
      "lease-lost",
      `the lease on ${what} was lost (${how}), and the work was ended, because two processes at once would mix up the artifact ` +
        "store; run it again",
    );
  }
}
