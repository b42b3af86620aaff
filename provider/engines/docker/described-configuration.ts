import type { ImageConfiguration } from "./history";

/** An entry of the engine's `GET /images/<name>/history`. */
export interface HistoryEntry {
  Comment: string;
  /** Unix time, seconds. */
  Created: number;
  CreatedBy: string;
  Size: number;
}

/** What `docker image inspect` says, as far as an image's configuration has it too. */
export interface Described {
  Created?: string;
  Author?: string;
  Config?: Record<string, unknown> | null;
  Architecture?: string;
  Variant?: string;
  Os?: string;
  OsVersion?: string;
  RootFS?: { Type?: string; Layers?: string[] | null };
  Container?: string;
  DockerVersion?: string;
}

/** Fields of an inspection that are of the configuration, or about the image on this engine; any other is unknown. */
const CARRIED = [
  "Created",
  "Author",
  "Config",
  "Architecture",
  "Variant",
  "Os",
  "OsVersion",
  "RootFS",
] as const;
const ELSEWHERE = new Set([
  ...["Id", "RepoTags", "RepoDigests", "Parent", "Comment", "Container", "ContainerConfig", "DockerVersion"],
  ...["Size", "VirtualSize", "GraphDriver", "Metadata", "Descriptor", "Identity"],
]);

/**
 * Instructions that never make a layer, as BuildKit and the builder before it write them into a history. BuildKit makes
 * none for the root directory.
 */
const EMPTY =
  /^WORKDIR \/$|^(?:\/bin\/sh -c #\(nop\) +)?(?:ARG|ENV|CMD|ENTRYPOINT|LABEL|EXPOSE|VOLUME|USER|STOPSIGNAL|SHELL|ONBUILD|HEALTHCHECK|MAINTAINER)\b/;

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && value !== false;

/**
 * Which entries of a history have a layer; null where that is not sure. An entry of some size surely has one, and those
 * above surely have none. What is left has a layer that is empty, or none; the number of layers tells where that is the
 * same for all of them.
 */
function layered(history: readonly HistoryEntry[], layers: number): boolean[] | null {
  const byInstruction = history.map(({ Size, CreatedBy }) => Size > 0 || !EMPTY.test(CreatedBy));
  const bySize = history.map(({ Size }) => Size > 0);
  const fits = (found: boolean[]): boolean => found.filter(Boolean).length === layers;
  return [byInstruction, bySize].find(fits) ?? null;
}

/**
 * An image's configuration (OCI image spec) put together from what the engine says of the image; null whenever
 * something does not add up, or is not known here. Times of the history are exact to the second, and an entry's author
 * is lost: the engine does not tell.
 *
 * @param history as the engine gives it: the newest entry first
 */
export function describedConfiguration(
  image: Described,
  history: readonly HistoryEntry[],
): (ImageConfiguration & Record<string, unknown>) | null {
  const known = new Set<string>(CARRIED);
  const strange = Object.entries(image).some(
    ([name, value]) => !known.has(name) && !ELSEWHERE.has(name) && isSet(value),
  );
  const { Config, RootFS, Architecture, Os, Created } = image;
  // Who is named by these made the image otherwise, with more in its configuration than an inspection tells.
  if (strange || isSet(image.Container) || isSet(image.DockerVersion)) return null;
  if (!Config || !RootFS?.Layers || !Architecture || !Os || !Created || RootFS.Type !== "layers") return null;
  if (Object.keys(RootFS).some((name) => name !== "Type" && name !== "Layers")) return null;
  const oldest = [...history].reverse();
  const hasLayer = layered(oldest, RootFS.Layers.length);
  if (hasLayer === null || oldest.some((entry) => !Number.isInteger(entry.Created) || entry.Created < 0))
    return null;
  return {
    ...(isSet(image.Author) ? { author: image.Author } : {}),
    architecture: Architecture,
    ...(isSet(image.Variant) ? { variant: image.Variant } : {}),
    config: Object.fromEntries(Object.entries(Config).filter(([, value]) => isSet(value))),
    created: Created,
    history: oldest.map(({ CreatedBy, Comment, Created: seconds }, index) => ({
      created: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
      ...(CreatedBy === "" ? {} : { created_by: CreatedBy }),
      ...(Comment === "" ? {} : { comment: Comment }),
      ...(hasLayer[index] === true ? {} : { empty_layer: true }),
    })),
    os: Os,
    ...(isSet(image.OsVersion) ? { "os.version": image.OsVersion } : {}),
    rootfs: { type: "layers", diff_ids: RootFS.Layers },
  };
}

/** What two images have in common if one is the other with another history. */
export function describedSame(one: Described, other: Described): boolean {
  const facts = (image: Described): string => JSON.stringify(CARRIED.map((name) => image[name] ?? null));
  return facts(one) === facts(other);
}

/**
 * True when a history is the expected one: the words of the cleaned configuration, and every entry with a layer as
 * large as before, so each belongs to the layer that it belonged to.
 *
 * @param before of the image with traces, newest first
 * @param after of the image without, newest first
 */
export function historyKept(
  clean: ImageConfiguration,
  before: readonly HistoryEntry[],
  after: readonly HistoryEntry[],
): boolean {
  const words = [...after].reverse().map(({ CreatedBy }) => CreatedBy);
  const expected = (clean.history ?? []).map((entry) => entry.created_by ?? "");
  const sizes = (entries: readonly HistoryEntry[]): number[] =>
    entries.filter(({ Size }) => Size > 0).map(({ Size }) => Size);
  const times = new Set(before.map(({ Created }) => Created));
  return (
    JSON.stringify(words) === JSON.stringify(expected) &&
    JSON.stringify(sizes(before)) === JSON.stringify(sizes(after)) &&
    after.every(({ Created }) => times.has(Created))
  );
}
