import type { Properties } from "./values";

/** The part of `docker container inspect` that is looked at. */
export interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  State: { Running: boolean; ExitCode: number };
  Config: {
    Image: string;
    Hostname: string;
    User: string;
    WorkingDir: string;
    Cmd: string[] | null;
    Entrypoint: string[] | null;
  };
  HostConfig: { NetworkMode: string; RestartPolicy: { Name: string; MaximumRetryCount: number } };
  NetworkSettings: {
    Bridge: string;
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Networks: Record<string, { IPAddress: string; Gateway: string; MacAddress: string }>;
  };
}

/**
 * The container's outputs, as the real plugin reads them: a container that should run and doesn't gets
 * `mustRun: false`, which is a difference that the next update heals; the ports of a container that neither runs nor
 * has to are left as they were; environment and labels are never read.
 */
export function outputsOf(found: Inspected, before: Properties): Properties {
  const { State, Config, HostConfig, NetworkSettings } = found;
  const mustRun = before.mustRun !== false;
  const byId = typeof before.image === "string" && before.image.startsWith("sha256:");
  const reads = Array.isArray(before.ports) && before.ports.length > 0 && (State.Running || mustRun);
  return {
    ...before,
    name: found.Name.replace(/^\//, ""),
    image: byId ? found.Image : Config.Image,
    ...(reads ? { ports: portsOf(NetworkSettings.Ports ?? {}) } : {}),
    bridge: NetworkSettings.Bridge,
    networkDatas: Object.entries(NetworkSettings.Networks).map(([networkName, network]) => ({
      networkName,
      ipAddress: network.IPAddress,
      gateway: network.Gateway,
      macAddress: network.MacAddress,
    })),
    networkMode: HostConfig.NetworkMode,
    hostname: Config.Hostname,
    user: Config.User,
    workingDir: Config.WorkingDir,
    restart: HostConfig.RestartPolicy.Name || "no",
    maxRetryCount: HostConfig.RestartPolicy.MaximumRetryCount,
    // What was given counts: `docker create` distributes it differently over the two.
    command: before.command ?? Config.Cmd ?? [],
    entrypoints: before.entrypoints ?? Config.Entrypoint ?? [],
    mustRun: State.Running ? before.mustRun : false,
    ...(State.Running ? {} : { exitCode: State.ExitCode }),
  };
}

function portsOf(ports: NonNullable<Inspected["NetworkSettings"]["Ports"]>): object[] {
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const [internal, protocol] = key.split("/");
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      internal: Number(internal),
      external: Number(HostPort),
      ip: HostIp,
      protocol,
    }));
  });
}
