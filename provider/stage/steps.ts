import type { Compose } from "../engines/compose";
import type { ContainerOrder, Containers } from "../engines/containers";
import type { Judgement } from "../promote/gate/clause";
import type { ComposeSettings } from "./compose-release";
import type { Probe } from "./health";
import type { SetAside } from "./release";

/** A release that is planned: what has the name has been set aside for it. */
export interface Planned {
  name: string;
  /** The release's own name, which signs the outcome of its check. */
  release: string;
  before: readonly SetAside[];
}

/** Its container is there, and not started yet. */
export interface Made extends Planned {
  containerId: string;
  imageId: string;
}

/** It is healthy, and its check has run. */
export interface Checked extends Made {
  /** What the check's program printed. */
  checkOutput: string;
}

/** The container that is to be made. */
export interface MakeOrder {
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** Beside those that every release has. */
  labels: Readonly<Record<string, string>>;
  port: number;
  containerPort?: number | null;
  production?: { name?: string | null; port?: number | null } | null;
  /** The service of a compose file in which it is made. */
  compose?: ComposeSettings | null;
}

/** What a plan has to know beside the name. */
export interface PlanOptions {
  /** What the release before this one has set aside, as far as it is on record. */
  known?: readonly SetAside[];
  /** The name that the release before this one had, if it was another one. */
  formerly?: string;
  /** Whether a release that was stopped stays so when it comes back; default: it runs again. */
  stoppedStays?: boolean;
}

/** What the machine touches. */
export interface StagingEffects {
  containers: Containers;
  compose: Compose;
  probe: (containerId: string) => Probe;
  warn: (message: string) => void;
}

/** The steps of a staged release, in this order. A step that is red puts back what ran before. */
export interface StagingMachine {
  /**
   * Undoes what was interrupted, and frees the name: what has it keeps running under another one.
   *
   * @throws {StagingBlockedError} when the name can't be freed
   */
  plan(name: string, options?: PlanOptions): Promise<Planned>;
  /**
   * Makes a container and takes it away again, never started: what the engine refuses is red here, where a step that is
   * not ours makes it next. An interrupted one goes with the next release, by its labels.
   *
   * @throws {StagingRedError}
   */
  rehearse(planned: Planned, order: Omit<ContainerOrder, "name" | "labels">): Promise<void>;
  /**
   * Makes the container; what ran before serves meanwhile.
   *
   * @throws {StagingRedError} and nothing of it is left
   */
  make(planned: Planned, order: MakeOrder, signal?: AbortSignal): Promise<Made>;
  /**
   * Stops what ran before, starts the fresh container and waits until it is healthy.
   *
   * @returns seconds until it was healthy
   * @throws {StagingRedError} when it can't be started or is not healthy in time
   */
  takeOver(
    made: Made,
    health: { url: string; deadlineSeconds: number },
    signal?: AbortSignal,
  ): Promise<number>;
  /**
   * Judges: green when the check succeeded, the container that it was run against is still there, and the gate would
   * promote the image. What ran before goes then.
   *
   * @param gate judges the image as its promotion will
   * @param keep what else has to succeed before what ran before goes
   * @throws {StagingRedError}
   */
  conclude(checked: Checked, gate: () => Promise<Judgement>, keep?: () => Promise<void>): Promise<Judgement>;
  /** Takes a release away; what somebody else made, and it had set aside, runs again. */
  clear(release: Planned): Promise<void>;
}
