import type { ComposeModel, ComposePort, ComposeResource, ComposeService } from "../engines/compose";
import type { InputFailure } from "../inputs/failure";

/** What a release needs from a compose service. Values may be undefined or null: not known yet, or not asked for. */
export interface ComposeWish {
  /** The compose file as the user wrote it, for messages. */
  file: string;
  service: string;
  profile: string;
  name?: string | null;
  port?: number | null;
  containerPort?: number | null;
  production?: { name?: string | null; port?: number | null } | null;
}

/** Whether a published port of the service may use this port of the host: it is `8501`, or in a range `8500-8510`. */
export function publishes({ published, protocol }: ComposePort, port: number): boolean {
  if ((protocol ?? "tcp") !== "tcp") return false;
  const [first = Number.NaN, last = first] = String(published ?? "")
    .split("-")
    .map(Number);
  return published !== "" && first <= port && port <= last;
}

/** Whether the service publishes at exactly this port. In a range the engine takes any free port, so that does not count. */
export function publishesExactly({ published, protocol }: ComposePort, port: number): boolean {
  return (protocol ?? "tcp") === "tcp" && String(published ?? "") === String(port);
}

/** Settings that compose applies only when it starts a container itself. Here the release starts it, so they are refused. */
function startedOnly(model: ComposeModel, service: ComposeService): string[] {
  const found: string[] = [];
  const kinds = {
    secret: ["secrets", "environment"],
    config: ["configs", "environment", "content"],
  } as const;
  for (const [kind, [section, ...origins]] of Object.entries(kinds)) {
    for (const { source } of service[section] ?? []) {
      const definition: ComposeResource | undefined = model[section]?.[source];
      const origin = origins.find((one) => definition?.[one] !== undefined);
      if (origin !== undefined) found.push(`the ${kind} ${source} comes from \`${origin}\` (use a file)`);
    }
  }
  for (const hook of ["post_start", "pre_stop"]) {
    if (service[hook] !== undefined && service[hook] !== null) found.push(`it has \`${hook}\``);
  }
  return found;
}

/** Every reason why a service can't be released as asked. Property names are those of `StagedRelease`. */
export function composeFailures(model: ComposeModel, wish: ComposeWish): InputFailure[] {
  const { file, service, profile, name, port, containerPort } = wish;
  const production = wish.production ?? {};
  const failures: InputFailure[] = [];
  const refuse = (property: string, reason: string): void =>
    void failures.push({ property: `staging.${property}`, reason });
  const found = Object.hasOwn(model.services, service) ? model.services[service] : undefined;
  if (found === undefined) {
    const others = Object.keys(model.services).join(", ") || "none";
    refuse(
      "compose.service",
      `${file} has no service ${service} with the profile ${profile}; it has ${others}`,
    );
    return failures;
  }
  const profiles = found.profiles ?? [];
  if (!profiles.includes(profile)) {
    const those = profiles.length === 0 ? "no profile" : profiles.join(", ");
    refuse(
      "compose.profile",
      `the service ${service} of ${file} is in ${those}, and not in ${profile}; staging needs a profile, so that ` +
        "`docker compose up` without one leaves it alone",
    );
  }
  const own = found.container_name;
  if (typeof own === "string" && own !== "") {
    if (own === production.name) {
      refuse("compose.service", `its container_name is ${own}, which is production's name`);
    } else if (typeof name === "string" && own !== name) {
      refuse(
        "name",
        `is ${name}, but ${file} says container_name ${own}; make them the same, or leave out one of the two`,
      );
    }
  }
  const ports = found.ports ?? [];
  const { port: taken } = production;
  if (typeof taken === "number" && ports.some((one) => publishes(one, taken))) {
    refuse("compose.service", `${file} publishes ${taken}, which is production's port`);
  }
  if (typeof port === "number" && found.network_mode !== "host") {
    const published = ports.filter((one) => publishesExactly(one, port));
    if (published.length === 0) {
      const inRange = ports.some((one) => publishes(one, port));
      const why = inRange
        ? "publishes only within a range, where the engine may take any port"
        : "does not publish";
      refuse("port", `is ${port}, which ${file} ${why} for ${service}`);
    } else if (
      typeof containerPort === "number" &&
      !published.some(({ target }) => target === containerPort)
    ) {
      const inside = published.map(({ target }) => target).join(", ");
      refuse(
        "containerPort",
        `is ${containerPort}, but ${file} publishes ${port} for ${inside}; leave it out`,
      );
    }
  }
  for (const what of startedOnly(model, found)) {
    refuse(
      "compose.service",
      `${what}, which compose handles only when it starts the container itself; here the release starts it`,
    );
  }
  return failures;
}

const without = (service: ComposeService, names: readonly string[]): ComposeService =>
  Object.fromEntries(Object.entries(service).filter(([name]) => !names.includes(name)));

/** The settings of a service that make up its container. If they change, a new release is needed. The image is not part. */
export function serviceSettings(model: ComposeModel, service: string): unknown {
  const others = ["image", "build", "pull_policy", "profiles", "depends_on", "develop"];
  return without(model.services[service] ?? {}, others);
}

/** Escapes `$`, which compose would interpolate. */
const literal = (text: string): string => text.replaceAll("$", "$$$$");

const literals = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, literal(value)]));

/** Marks resources that exist as external. Otherwise compose would make those again whose definition has changed. */
function external(
  resources: Record<string, ComposeResource> | null | undefined,
  there: ReadonlySet<string>,
): Record<string, ComposeResource> {
  return Object.fromEntries(
    Object.entries(resources ?? {}).map(([key, resource]) => {
      const { name } = resource;
      return [key, typeof name === "string" && there.has(name) ? { name, external: true } : resource];
    }),
  );
}

/** What a release puts into a service. */
interface ComposeRelease {
  service: string;
  imageId: string;
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** Networks and volumes that the engine has already. */
  existing: { networks: ReadonlySet<string>; volumes: ReadonlySet<string> };
}

/** The model with the release's image, labels and environment in its service. The container gets its name later. */
export function releaseModel(model: ComposeModel, release: ComposeRelease): ComposeModel {
  const service = without(model.services[release.service] ?? {}, ["build", "container_name", "scale"]);
  return {
    ...model,
    networks: external(model.networks, release.existing.networks),
    volumes: external(model.volumes, release.existing.volumes),
    services: {
      ...model.services,
      [release.service]: {
        ...service,
        image: release.imageId,
        pull_policy: "never",
        labels: { ...service.labels, ...literals(release.labels) },
        environment: { ...service.environment, ...literals(release.env) },
      },
    },
  };
}
