export interface ContainerFacts {
  /** 64 hex digits. */
  id: string;
  name: string;
  /** ID of the image that it was made from, even if that image has another name now. */
  imageId: string;
  labels: Record<string, string>;
  running: boolean;
  paused: boolean;
  /** Docker removes it as soon as it stops (`docker run --rm`). */
  autoRemove: boolean;
  /** Only meaningful when it is not running. */
  exitCode: number;
}

export interface ContainerOrder {
  name: string;
  imageId: string;
  /** Each port of the engine's host, and the container's port behind it. */
  ports: readonly { external: number; internal: number }[];
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
}

/** What the staging steps need from a container engine. */
export interface Containers {
  /** Finds a container by name or full ID. null: it does not exist. If that can't be told, it throws. */
  find(container: string): Promise<ContainerFacts | null>;
  /** Containers that have this label and were never started. */
  neverStarted(label: string, value: string): Promise<ContainerFacts[]>;
  /** Makes a container without starting it. The image must be there. Returns the container's ID. */
  create(order: ContainerOrder): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  start(id: string): Promise<void>;
  /** Asks it to end, and kills it after the engine's grace period of 10 s. */
  stop(id: string): Promise<void>;
  /** Removes it with its anonymous volumes, whether it runs or not. Does nothing if it is gone already. */
  remove(id: string): Promise<void>;
  /** The end of its output. */
  logs(id: string): Promise<string>;
}
