import type { ContainerInputs, Port } from "./container-inputs";

/** The arguments of `docker create` for a container. */
export function createArguments(inputs: ContainerInputs): string[] {
  const { name, image, command = [], entrypoints = [] } = inputs;
  const flag = (option: string, value: string | undefined): string[] =>
    value === undefined || value === "" ? [] : [option, value];
  const [entrypoint, ...more] = entrypoints;
  return [
    "create",
    "--name",
    name,
    ...(inputs.ports ?? []).flatMap((port) => ["--publish", publish(port)]),
    ...(inputs.envs ?? []).flatMap((env) => ["--env", env]),
    ...(inputs.labels ?? []).flatMap(({ label, value }) => ["--label", `${label}=${value}`]),
    ...(inputs.volumes ?? []).flatMap((volume) => ["--volume", volumeText(volume)]),
    ...(inputs.mounts ?? []).flatMap((mount) => ["--mount", mountText(mount)]),
    ...flag("--network", inputs.networkMode),
    ...flag("--hostname", inputs.hostname),
    ...flag("--user", inputs.user),
    ...flag("--workdir", inputs.workingDir),
    ...flag("--restart", restartText(inputs)),
    ...flag("--entrypoint", entrypoint),
    image,
    // The client takes one word as entry point: the others come first among the arguments.
    ...more,
    ...command,
  ];
}

/** The arguments of `docker update` for what can be changed without a new container. */
export function updateArguments(id: string, inputs: ContainerInputs): string[] {
  return ["update", "--restart", restartText(inputs), id];
}

function publish({ internal, external, ip = "", protocol = "tcp" }: Port): string {
  const host = ip.includes(":") ? `[${ip}]` : ip;
  return `${host}:${external ?? ""}:${internal}/${protocol}`;
}

function restartText({ restart = "no", maxRetryCount }: ContainerInputs): string {
  return restart === "on-failure" && maxRetryCount ? `${restart}:${maxRetryCount}` : restart;
}

function volumeText(volume: NonNullable<ContainerInputs["volumes"]>[number]): string {
  const { containerPath = "", hostPath, volumeName, readOnly } = volume;
  const source = hostPath ?? volumeName;
  return `${source === undefined ? "" : `${source}:`}${containerPath}${readOnly ? ":ro" : ""}`;
}

function mountText({
  type,
  target,
  source,
  readOnly,
}: NonNullable<ContainerInputs["mounts"]>[number]): string {
  const parts = [`type=${type}`, `target=${target}`];
  if (source !== undefined) parts.push(`source=${source}`);
  if (readOnly) parts.push("readonly");
  return parts.join(",");
}
