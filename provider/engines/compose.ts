/** A service as compose resolves it: the fields that are used here, and any others. */
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

/** A port of a service: one port in the container, and one, a range, or any free one on the host. */
export interface ComposePort {
  target: number;
  /** `8501` or `8500-8510`; absent or empty: any free port. */
  published?: string | number | null;
  protocol?: string | null;
  [other: string]: unknown;
}

/** A volume or folder that a service has in its file system. */
interface ComposeMount {
  type: string;
  source?: string | null;
  [other: string]: unknown;
}

/** A resource that services share: a network, a volume, a secret or a config. */
export interface ComposeResource {
  name?: string | null;
  external?: boolean;
  file?: string | null;
  driver_opts?: Record<string, string> | null;
  [other: string]: unknown;
}

/** A compose file as compose reads it: interpolated, merged, without other profiles. Paths are as they are written. */
export interface ComposeModel {
  name: string;
  services: Record<string, ComposeService>;
  networks?: Record<string, ComposeResource> | null;
  volumes?: Record<string, ComposeResource> | null;
  secrets?: Record<string, ComposeResource> | null;
  configs?: Record<string, ComposeResource> | null;
  [other: string]: unknown;
}

/** A compose file, and which part of it is used. */
export interface ComposeSource {
  /** Path of the file on the machine of the docker client. */
  file: string;
  /** Paths of more files, which compose merges into the first; default: none. */
  overrides?: readonly string[] | null;
  /** null: no profile. */
  profile: string | null;
  /** The project's name; null: compose chooses it. */
  project: string | null;
}

export interface ComposeOrder {
  model: ComposeModel;
  service: string;
  profile: string;
  /** The folder of the compose file, as a path on the engine's host. */
  directory: string;
}

/** What releases need from `docker compose`. */
export interface Compose {
  /**
   * Reads a compose file. The engine is not asked.
   *
   * @throws {ComposeUnreadableError} when compose refuses the file
   * @throws {ComposeMissingError} when there is no `docker compose`
   */
  read(source: ComposeSource): Promise<ComposeModel>;
  /** Makes one more container of a service. Nothing is started, and its other containers stay. */
  create(order: ComposeOrder): Promise<void>;
  /** IDs of the containers of a project's service, running or not. */
  containersOf(project: string, service: string): Promise<string[]>;
  /** Replaces a service's containers by new ones, made from the image that its image name stands for now. */
  recreate(source: ComposeSource, service: string, how: { start: boolean; logFile?: string }): Promise<void>;
  removeService(source: ComposeSource, service: string, how: { logFile?: string }): Promise<void>;
  /** Names of the networks and volumes that the engine has. */
  existing(): Promise<{ networks: Set<string>; volumes: Set<string> }>;
}
