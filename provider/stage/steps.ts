import type { Compose } from "../engines/compose";
import type { ContainerOrder, Containers } from "../engines/containers";
import type { Judgement } from "../promote/gate/clause";
import type { ComposeSettings } from "./compose-release";
import type { Probe } from "./health";
import type { SetAside } from "./release";

/** A planned release: the name is free, because the container that had it was set aside. */
export interface Planned {
  name: string;
  /** The release's own name, by which the outcome of its check is recognised. */
  release: string;
  before: readonly SetAside[];
}

/** A release whose container is made, but not started yet. */
export interface Made extends Planned {
  containerId: string;
  imageId: string;
}

/** A release that was healthy and whose check has run. */
export interface Checked extends Made {
  /** The output of the check's program. */
  checkOutput: string;
}

/** The container to make. */
export interface MakeOrder {
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** Labels in addition to those that every release has. */
  labels: Readonly<Record<string, string>>;
  port: number;
  containerPort?: number | null;
  production?: { name?: string | null; port?: number | null } | null;
  /** The compose service in which it is made; null: none. */
  compose?: ComposeSettings | null;
}

/** Options of `plan`. */
export interface PlanOptions {
  /** What the last recorded release has set aside. */
  known?: readonly SetAside[];
  /** The name of the last recorded release, if it was another one. */
  formerly?: string;
  /** true: if an earlier release is put back that was stopped, it stays stopped; default: it is started. */
  stoppedStays?: boolean;
}

/** What the staging machine needs from outside. */
export interface StagingEffects {
  containers: Containers;
  compose: Compose;
  probe: (containerId: string) => Probe;
  warn: (message: string) => void;
}

/** The steps of a staged release, in this order. When a step is red, it puts back what ran before. */
export interface StagingMachine {
  /**
   * Undoes an interrupted release, and frees the name: the container that has it keeps running under another name.
   *
   * @throws {StagingBlockedError} when the name can't be freed
   */
  plan(name: string, options?: PlanOptions): Promise<Planned>;
  /**
   * Makes a container without starting it, and removes it again. So an order that the engine refuses is red here, before
   * another provider makes the real container. If this is interrupted, the next release finds the container by its labels
   * and removes it.
   *
   * @throws {StagingRedError} when the engine refuses the order
   */
  rehearse(planned: Planned, order: Omit<ContainerOrder, "name" | "labels">): Promise<void>;
  /**
   * Makes the container. What ran before goes on serving.
   *
   * @throws {StagingRedError} when it can't be made; nothing of it is left
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
   * Judges the release. It is green if the check succeeded, the container that was checked is still there, and the gate
   * would promote the image. Then the earlier container is removed.
   *
   * @param gate judges the image as its promotion will
   * @param keep a further step that has to succeed before the earlier container is removed
   * @throws {StagingRedError} when it is not green
   */
  conclude(checked: Checked, gate: () => Promise<Judgement>, keep?: () => Promise<void>): Promise<Judgement>;
  /** Removes a release. A container that somebody else made, and that was set aside for it, runs again. */
  clear(release: Planned): Promise<void>;
}
