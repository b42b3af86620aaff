import { declaredInputs, type ObjectShape } from "./declared-inputs";
import type { PluginStandIn } from "./stand-in";

/** What an SDK's types say of all that a stand-in takes. Plain data. */
export interface Declarations {
  /** Of the provider's own configuration. */
  config: ObjectShape;
  /** Of each resource's inputs, by type. */
  resources: Readonly<Record<string, ObjectShape>>;
}

/** Reads them from the installed SDK, which takes the TypeScript compiler. */
export function declarationsOf({ sdk, resources }: PluginStandIn): Declarations {
  const inputs = Object.entries(resources).map(
    ([type, { declared }]) => [type, declaredInputs(sdk, declared.file, declared.name)] as const,
  );
  return { config: declaredInputs(sdk, "provider", "ProviderArgs"), resources: Object.fromEntries(inputs) };
}
