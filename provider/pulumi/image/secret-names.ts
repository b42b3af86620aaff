import { z } from "zod";
import type { BuildPlan } from "../../inputs/image-inputs";
import { SECRET_KINDS, type SecretInputs, type SecretKind } from "../../inputs/secret-inputs";
import type { Properties } from "../host/properties";

const names = z.array(z.string()).catch([]);

/**
 * A plan that knows which of its values are Pulumi secrets. A provider gets secrets in plain text, so the resource names
 * them in its property `secretInputs`: `buildArgs.TOKEN`, or `buildArgs` for all.
 */
export function withSecretInputs(plan: BuildPlan, { secretInputs }: Readonly<Properties>): BuildPlan {
  const named = names.parse(secretInputs);
  const of = (kind: SecretKind): string[] =>
    Object.keys(plan[kind]).filter((name) => named.includes(kind) || named.includes(`${kind}.${name}`));
  const found: SecretInputs = { buildArgs: of("buildArgs"), labels: of("labels") };
  return SECRET_KINDS.some((kind) => found[kind].length > 0) ? { ...plan, secretInputs: found } : plan;
}
