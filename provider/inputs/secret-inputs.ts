/** The inputs whose values can be secrets of the program. */
export const SECRET_KINDS = ["buildArgs", "labels"] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** Names of build arguments and labels whose values are secrets. */
export type SecretInputs = Readonly<Record<SecretKind, readonly string[]>>;

export const NO_SECRET_INPUTS: SecretInputs = { buildArgs: [], labels: [] };

/** What a kind of input is called in messages. */
export const KIND_WORDS: Readonly<Record<SecretKind, string>> = {
  buildArgs: "build argument",
  labels: "label",
};

/** The inputs, and which of them are secrets. */
type WithSecrets = Readonly<Record<SecretKind, Readonly<Record<string, string>>>> & {
  secretInputs?: SecretInputs;
};

/** The values of the inputs that are secrets. */
export function secretValues(plan: WithSecrets): string[] {
  return secretEntries(plan).map(({ value }) => value);
}

/** The inputs that are secrets, one by one. */
export function secretEntries(plan: WithSecrets): { kind: SecretKind; name: string; value: string }[] {
  const { secretInputs = NO_SECRET_INPUTS } = plan;
  return SECRET_KINDS.flatMap((kind) =>
    secretInputs[kind].flatMap((name) => {
      const value = plan[kind][name];
      return value === undefined ? [] : [{ kind, name, value }];
    }),
  );
}
