import type { Properties } from "./values";

/** One thing that is wrong with the inputs. */
export interface Failure {
  /** Its path: `ports[0].internal`. */
  property: string;
  reason: string;
}

/** What kind of change a property makes. */
export type Change = "update" | "replace";

/** What would happen to a resource; without any change, nothing. */
export interface Changes {
  properties: Record<string, Change>;
  deleteBeforeReplace?: boolean;
}

/** What a resource's methods may use besides their arguments. */
export interface World {
  /** The provider's own configuration, by property. */
  config: Properties;
  /** Aborted when the engine cancels. */
  signal: AbortSignal;
  /** Says something on the resource's row for the time being. */
  say: (message: string) => void;
}

/** A resource as it is now. */
export interface Existing {
  id: string;
  outputs: Properties;
}

/** One resource type of a stand-in. Secrets come and go revealed; marking them again is the server's part. */
export interface ResourceStandIn {
  /** Fills in defaults and judges what the declared types can't say. The inputs' own types were judged before. */
  check(
    inputs: Properties,
    old: Properties | null,
    name: string,
  ): { inputs: Properties; failures: Failure[] };
  changes(old: Properties, inputs: Properties): Changes;
  create(inputs: Properties, name: string, world: World): Promise<Existing>;
  update(existing: Existing, inputs: Properties, world: World): Promise<Properties>;
  delete(existing: Existing, world: World): Promise<void>;
  /** Null when it is gone. Default: it is as it was. */
  read?(existing: Existing, world: World): Promise<Properties | null>;
  /** The interface that declares the inputs: a file of the SDK, without `.d.ts`, and a name in it. */
  declared: { file: string; name: string };
}

/** A provider plugin's stand-in. */
export interface PluginStandIn {
  /** As in `pulumi-resource-<name>`. */
  name: string;
  /** The npm package whose types declare what it takes. */
  sdk: string;
  resources: Readonly<Record<string, ResourceStandIn>>;
  /** Names of configuration properties that it honours. */
  config: readonly string[];
}

/** Thrown by `create` when the resource is there, but is not what it should be: it goes to the state. */
export class HalfMadeError extends Error {
  override readonly name = "HalfMadeError";

  constructor(
    readonly existing: Existing,
    message: string,
  ) {
    super(message);
  }
}
