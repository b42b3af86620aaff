import * as pulumi from "@pulumi/pulumi";
import { SECRET_KINDS, type SecretKind } from "../../inputs/secret-inputs";

type Given = pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;

const isSecret = async (value: unknown): Promise<boolean> => await pulumi.isSecret(pulumi.output(value));

async function namesIn(kind: SecretKind, given: Given): Promise<string[]> {
  if (given === undefined) return [];
  if (pulumi.Output.isInstance(given) || given instanceof Promise)
    return (await isSecret(given)) ? [kind] : [];
  const found = await Promise.all(
    Object.entries(given).map(async ([name, value]) => ((await isSecret(value)) ? `${kind}.${name}` : null)),
  );
  return found.filter((name) => name !== null).sort();
}

/**
 * Names of the build arguments and labels that are Pulumi secrets: `buildArgs.TOKEN`, or `buildArgs` if all of them are one.
 * Undefined: there are none. The engine tells a dynamic provider nothing of this.
 */
export async function secretArgs(
  args: Readonly<Partial<Record<SecretKind, Given>>>,
): Promise<string[] | undefined> {
  const found = await Promise.all(SECRET_KINDS.map((kind) => namesIn(kind, args[kind])));
  const names = found.flat();
  return names.length === 0 ? undefined : names;
}
