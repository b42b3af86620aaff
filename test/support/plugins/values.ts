import { isUnknown, UNKNOWN } from "../../../provider/pulumi/host/unknowns";

/** Properties as Pulumi sends them: plain JSON, in which secrets are marked objects. */
export type Properties = Record<string, unknown>;

/* Fixed by Pulumi's wire format. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

interface Secret {
  value: unknown;
}

function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && (value as Properties)[SIGNATURE] === SECRET;
}

/** Marks a value as a secret; one that is already stays as it is, and so does what is not known yet. */
export function secret(value: unknown): unknown {
  return value === undefined || isSecret(value) || isUnknown(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The value without any mark, at any depth. */
export function revealed(value: unknown): unknown {
  if (isSecret(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revealed(inner)]));
}

/** Whether a value is a secret or holds one. */
export function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

export { isUnknown, UNKNOWN };
