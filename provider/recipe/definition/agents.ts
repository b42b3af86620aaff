/** How a stage's base is named, and so what can hold it still. */
export type BaseKind =
  /** A reference in a registry, which a digest pins. */
  | "registry"
  /** An image of a Docker engine, or of another store on this machine, by name. */
  | "engine"
  /** A file on this machine, which its hash pins. */
  | "file"
  /** A folder on this machine. */
  | "folder"
  /** Packages that a distribution's own tool installs. */
  | "packages"
  /** A name that is looked up somewhere and that nothing pins. */
  | "service"
  | "nothing";

/** The bootstrap agents that the engine has. */
const AGENTS: Readonly<Record<string, BaseKind>> = {
  docker: "registry",
  oras: "registry",
  "docker-daemon": "engine",
  "docker-archive": "file",
  "oci-archive": "file",
  oci: "folder",
  dir: "folder",
  localimage: "file",
  debootstrap: "packages",
  yum: "packages",
  dnf: "packages",
  zypper: "packages",
  arch: "packages",
  busybox: "service",
  library: "service",
  shub: "service",
  buildkit: "folder",
  dockerfile: "folder",
  scratch: "nothing",
};

/** What an agent's base is; null: there is no such agent. */
export function baseKind(agent: string): BaseKind | null {
  return Object.hasOwn(AGENTS, agent) ? (AGENTS[agent] ?? null) : null;
}

/** All agents, for messages. */
export const AGENT_NAMES: readonly string[] = Object.keys(AGENTS);
