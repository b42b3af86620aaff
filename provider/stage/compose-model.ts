import type { ComposeModel, ComposePort, ComposeResource, ComposeService } from "../engines/compose";
import type { InputFailure } from "../inputs/failure";

/** What a release wants of a service; what is not known yet, or not asked for, is undefined or null. */
export interface ComposeWish {
  /** As the user gave it, for messages. */
  file: string;
  service: string;
  profile: string;
  name?: string | null;
  port?: number | null;
  containerPort?: number | null;
  production?: { name?: string | null; port?: number | null } | null;
}

/** Whether a port of the file takes this one of the host: `8501`, or a range such as `8500-8510`. */
export function publishes({ published, protocol }: ComposePort, port: number): boolean {
  if ((protocol ?? "tcp") !== "tcp") return false;
  const [first = Number.NaN, last = first] = String(published ?? "")
    .split("-")
    .map(Number);
  return published !== "" && first <= port && port <= last;
}

/** Whether a port is published at this very port of the host: in a range the engine takes any that is free. */
export function publishesExactly({ published, protocol }: ComposePort, port: number): boolean {
  return (protocol ?? "tcp") === "tcp" && String(published ?? "") === String(port);
}

/** What compose writes into a container, or does to it, only when it starts it itself; a release starts it. */
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

/** Everything for which a service can't be released as wished, at once; properties as `StagedRelease` names them. */
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
        `is ${name}, but ${file} says container_name ${own}; make them the same, or leave one out of it`,
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
        ? "publishes only within a range, of which the engine takes any"
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
      `${what}, which compose does only where it starts the container; a release does that`,
    );
  }
  return failures;
}

const without = (service: ComposeService, names: readonly string[]): ComposeService =>
  Object.fromEntries(Object.entries(service).filter(([name]) => !names.includes(name)));

/** What of a service decides about its container; a change is a new release. The image is the release's. */
export function serviceSettings(model: ComposeModel, service: string): unknown {
  const others = ["image", "build", "pull_policy", "profiles", "depends_on", "develop"];
  return without(model.services[service] ?? {}, others);
}

/** How compose reads a text back that is meant as it stands: it interpolates `$`. */
const literal = (text: string): string => text.replaceAll("$", "$$$$");

const literals = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, literal(value)]));

/** Resources that are there are taken as they are: compose would make those anew whose definition has changed. */
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

/** What a release makes of a service. */
interface ComposeRelease {
  service: string;
  imageId: string;
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** What the engine has already. */
  existing: { networks: ReadonlySet<string>; volumes: ReadonlySet<string> };
}

/** The model with the release's image, labels and environment in its service; the container is named later. */
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
