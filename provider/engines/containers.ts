/** What an engine knows of one container. */
export interface ContainerFacts {
  /** 64 hex digits. */
  id: string;
  name: string;
  /** ID of the image that it was made from, whatever that image is called now. */
  imageId: string;
  labels: Record<string, string>;
  running: boolean;
  paused: boolean;
  /** Docker removes it as soon as it stops (`docker run --rm`). */
  autoRemove: boolean;
  /** Meaningful when it is not running. */
  exitCode: number;
}

/** A container to be made. */
export interface ContainerOrder {
  name: string;
  imageId: string;
  /** Ports of the engine's host, and the port inside of each. */
  ports: readonly { external: number; internal: number }[];
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
}

/** What the staging steps ask of a container engine. */
export interface Containers {
  /** Facts by name or whole ID; null means that it is surely not there. Can't tell is an exception. */
  find(container: string): Promise<ContainerFacts | null>;
  /** Those that were made with this label and never started. */
  neverStarted(label: string, value: string): Promise<ContainerFacts[]>;
  /** Makes a container without starting it; the image has to be there. Returns its ID. */
  create(order: ContainerOrder): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  start(id: string): Promise<void>;
  /** Asks it to end, and ends it after the engine's grace period of 10 s. */
  stop(id: string): Promise<void>;
  /** Removes it with its anonymous volumes, running or not; gone already is fine. */
  remove(id: string): Promise<void>;
  /** The end of what it has printed. */
  logs(id: string): Promise<string>;
}
