/** A service as compose resolves it: the fields that matter here, and whatever else it has. */
export interface ComposeService {
  profiles?: string[] | null;
  container_name?: string | null;
  image?: string | null;
  ports?: ComposePort[] | null;
  network_mode?: string | null;
  volumes?: ComposeMount[] | null;
  secrets?: { source: string }[] | null;
  configs?: { source: string }[] | null;
  environment?: Record<string, string | null> | null;
  labels?: Record<string, string> | null;
  [other: string]: unknown;
}

/** A port of a service: a single one inside; one, a range or any outside. */
export interface ComposePort {
  target: number;
  /** `8501`, `8500-8510`; absent or empty: any free one. */
  published?: string | number | null;
  protocol?: string | null;
  [other: string]: unknown;
}

/** Something that a service sees in its file system. */
interface ComposeMount {
  type: string;
  source?: string | null;
  [other: string]: unknown;
}

/** Something that stands beside the services: a network, a volume, a secret or a config. */
export interface ComposeResource {
  name?: string | null;
  external?: boolean;
  file?: string | null;
  driver_opts?: Record<string, string> | null;
  [other: string]: unknown;
}

/** A compose file as compose reads it: interpolated, merged, without what is in other profiles; paths as written. */
export interface ComposeModel {
  /** The project's name. */
  name: string;
  services: Record<string, ComposeService>;
  networks?: Record<string, ComposeResource> | null;
  volumes?: Record<string, ComposeResource> | null;
  secrets?: Record<string, ComposeResource> | null;
  configs?: Record<string, ComposeResource> | null;
  [other: string]: unknown;
}

/** A compose file and what of it is meant. */
export interface ComposeSource {
  /** Path of the file on the machine of the docker client. */
  file: string;
  /** Paths of further files, which compose lays over the first; default: none. */
  overrides?: readonly string[] | null;
  /** null: none. */
  profile: string | null;
  /** The project's name; null: the one that compose takes. */
  project: string | null;
}

/** What is to be made of a model. */
export interface ComposeOrder {
  model: ComposeModel;
  service: string;
  profile: string;
  /** Where the compose file is, as the engine's host sees it. */
  directory: string;
}

/** What releases ask of `docker compose`. */
export interface Compose {
  /**
   * Reads a compose file; asks no engine.
   *
   * @throws {ComposeUnreadableError} when compose refuses the file
   * @throws {ComposeMissingError} when there is no `docker compose`
   */
  read(source: ComposeSource): Promise<ComposeModel>;
  /** Makes one more container of a service, beside those that it has, and starts nothing. */
  create(order: ComposeOrder): Promise<void>;
  /** IDs of the containers that a service of a project has, running or not. */
  containersOf(project: string, service: string): Promise<string[]>;
  /** Makes a service's containers anew, from what its image's name stands for now. */
  recreate(source: ComposeSource, service: string, how: { start: boolean; logFile?: string }): Promise<void>;
  /** Removes a service's containers. */
  removeService(source: ComposeSource, service: string, how: { logFile?: string }): Promise<void>;
  /** Names of the networks and volumes that the engine has. */
  existing(): Promise<{ networks: Set<string>; volumes: Set<string> }>;
}
