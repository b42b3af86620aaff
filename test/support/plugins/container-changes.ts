import { isDeepStrictEqual } from "node:util";
import { CHANGES, type Port } from "./container-inputs";
import type { Changes } from "./stand-in";
import { isUnknown, type Properties } from "./values";

/** Without an input these are what image and engine make of them: no difference. An empty list is an input. */
const COMPUTED = ["command", "entrypoints", "envs", "labels", "hostname", "user", "workingDir"];
/** Lists without an order. */
const SETS = ["envs", "labels", "volumes", "mounts", "networksAdvanced"];

/** How the wanted container differs from the recorded one. Nearly everything replaces, the old one first. */
export function containerChanges(old: Properties, inputs: Properties): Changes {
  const changed = Object.entries(CHANGES).filter(([name]) => !isSame(name, old[name], inputs[name]));
  return { properties: Object.fromEntries(changed), deleteBeforeReplace: true };
}

function isSame(name: string, old: unknown, wanted: unknown): boolean {
  if (isUnknown(wanted)) return false;
  if (isEmpty(wanted)) return isEmpty(old) || (COMPUTED.includes(name) && !Array.isArray(wanted));
  if (name === "ports") return samePorts(old, wanted as Port[]);
  return SETS.includes(name)
    ? isDeepStrictEqual(sorted(old), sorted(wanted))
    : isDeepStrictEqual(old, wanted);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

function sorted(items: unknown): unknown {
  return Array.isArray(items) ? items.map((item) => JSON.stringify(item)).sort() : items;
}

/** In any order; an external port that was left to the engine is whatever it is. */
function samePorts(old: unknown, wanted: readonly Port[]): boolean {
  if (!Array.isArray(old) || old.length !== wanted.length) return false;
  return wanted.every(({ internal, external, ip, protocol }) =>
    (old as Port[]).some(
      (port) =>
        port.internal === internal &&
        port.protocol === protocol &&
        port.ip === ip &&
        (external === undefined || port.external === external),
    ),
  );
}
