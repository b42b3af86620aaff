import { nameAside } from "../release";
import type { InputFailure } from "../../inputs/failure";

/** Refuses a staging name or port that is production's. Only known inputs are passed in. */
export function stagingCollisions(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  const production = (inputs.production ?? {}) as { name?: unknown; port?: unknown };
  const failures: InputFailure[] = [];
  const { name, port: own } = inputs;
  if (typeof name === "string" && typeof production.name === "string") {
    if (name === production.name) {
      failures.push({
        property: "name",
        reason: `${name} is production's name; staging needs one of its own`,
      });
    } else if (nameAside(name) === production.name || nameAside(production.name) === name) {
      failures.push({
        property: "name",
        reason: `a release keeps what ran before as ${nameAside(name)}, which is too near to production's ${production.name}`,
      });
    }
  }
  if (typeof own === "number" && own === production.port) {
    failures.push({
      property: "port",
      reason: `${own} is production's port; staging needs one of its own`,
    });
  }
  return failures;
}
