import { isUnknown, type Properties } from "./values";
import type { Change, Failure } from "./stand-in";

/** A published port. */
export interface Port {
  internal: number;
  external?: number;
  ip?: string;
  protocol?: string;
}

/** The inputs of a container that the stand-in does, with the real plugin's names. */
export interface ContainerInputs extends Properties {
  name: string;
  image: string;
  ports?: Port[];
  envs?: string[];
  labels?: { label: string; value: string }[];
  command?: string[];
  entrypoints?: string[];
  hostname?: string;
  user?: string;
  workingDir?: string;
  volumes?: { containerPath?: string; hostPath?: string; volumeName?: string; readOnly?: boolean }[];
  mounts?: { type: string; target: string; source?: string; readOnly?: boolean }[];
  networkMode?: string;
  networksAdvanced?: { name: string; aliases?: string[] }[];
  restart?: string;
  maxRetryCount?: number;
  start?: boolean;
  mustRun?: boolean;
  removeVolumes?: boolean;
  destroyGraceSeconds?: number;
}

const REPLACING = [
  ...["name", "image", "ports", "envs", "labels", "command", "entrypoints", "hostname", "user", "workingDir"],
  ...["volumes", "mounts", "networkMode", "networksAdvanced"],
];
const UPDATING = ["restart", "maxRetryCount", "start", "mustRun", "removeVolumes", "destroyGraceSeconds"];

/** What a change of a property does; as the real plugin's schema has it. */
export const CHANGES: Readonly<Record<string, Change>> = Object.fromEntries([
  ...REPLACING.map((name) => [name, "replace"] as const),
  ...UPDATING.map((name) => [name, "update"] as const),
]);

const DEFAULTS = { networkMode: "bridge", restart: "no", start: true, mustRun: true, removeVolumes: true };
const PORT_DEFAULTS = { ip: "0.0.0.0", protocol: "tcp" };
const RESTARTS = ["no", "on-failure", "always", "unless-stopped"];
/** What the stand-in does of nested inputs; those that are not here it does whole. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  volumes: ["containerPath", "hostPath", "volumeName", "readOnly"],
  mounts: ["type", "target", "source", "readOnly"],
  networksAdvanced: ["name", "aliases"],
};

/** The inputs with the real plugin's defaults; the name is the caller's. */
export function withDefaults(inputs: Properties): Properties {
  const { ports } = inputs;
  const filled = Array.isArray(ports)
    ? ports.map((port: unknown) => (isUnknown(port) ? port : { ...PORT_DEFAULTS, ...(port as Port) }))
    : ports;
  return { ...DEFAULTS, ...inputs, ...(ports === undefined ? {} : { ports: filled }) };
}

/** What the real plugin does and the stand-in doesn't, and bad values that the declared types allow. */
export function judgeContainer(inputs: Properties): Failure[] {
  const undone = Object.keys(inputs).filter((property) => !(property in CHANGES));
  const nested = Object.entries(NESTED).flatMap(([property, done]) => {
    const items = inputs[property];
    if (!Array.isArray(items)) return [];
    return items.flatMap((item: unknown, index) =>
      typeof item === "object" && item !== null
        ? Object.keys(item)
            .filter((name) => !done.includes(name))
            .map((name) => `${property}[${index}].${name}`)
        : [],
    );
  });
  const failures = [...undone, ...nested].map((property) => ({
    property,
    reason: `the stand-in for docker does not do ${property}`,
  }));
  const { restart } = inputs;
  if (restart !== undefined && !isUnknown(restart) && !RESTARTS.includes(restart as string))
    failures.push({ property: "restart", reason: `expected one of ${RESTARTS.join(", ")}` });
  return failures;
}
