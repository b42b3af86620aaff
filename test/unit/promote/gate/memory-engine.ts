import type { ImageId } from "../../../../provider/base/reference/types";
import type { Engine, EngineIdentity, ImageFacts } from "../../../../provider/engines/engine";
import type { LabelledBase } from "../../../../provider/engines/ancestry";

/** An image of an in-memory engine. */
export function imageOf(id: ImageId, labels: Record<string, string> = {}): ImageFacts {
  return { id, labels, tags: [], repoDigests: [], user: "", os: "linux", architecture: "amd64", created: "" };
}

/** An engine that knows images by their ID and tags, and nothing else; what it was asked is kept in order. */
export interface MemoryEngine extends Engine {
  readonly images: Map<string, ImageFacts>;
  /** Reference -> image ID. */
  readonly tags: Map<string, string>;
  readonly calls: string[];
  /** What each image is built on, by its ID; the label does not matter here. */
  readonly bases: Map<string, LabelledBase[]>;
  /** Runs before each call; throws to make it fail, changes tags to race with it. */
  before: (call: string) => void;
}

/** An engine with these images and tags. Building, capturing and sweeping are not for tests of tags. */
export function memoryEngine(images: readonly ImageFacts[], tags: Record<string, string> = {}): MemoryEngine {
  const refused = (what: string) => (): Promise<never> => Promise.reject(new Error(`${what}: not in memory`));
  const identity: EngineIdentity = { id: "MEMORY", serverVersion: "1", clientVersion: "1", builder: "none" };
  const engine: MemoryEngine = {
    kind: "docker",
    images: new Map(images.map((image) => [image.id, image])),
    tags: new Map(Object.entries(tags)),
    calls: [],
    bases: new Map(),
    before: () => undefined,
    identity: () => call("identity", () => identity),
    inspect: (references) =>
      call(`inspect ${references.join(" ")}`, () => new Map(references.map((name) => [name, one(name)]))),
    platformImages: () => Promise.resolve([]),
    knowsBase: (id) => call(`knowsBase ${id}`, () => engine.bases.has(id)),
    basesWith: (id) => call(`basesWith ${id}`, () => engine.bases.get(id) ?? []),
    tag: (id, reference) => call(`tag ${id} ${reference}`, () => void engine.tags.set(reference, id)),
    untag: (reference) => call(`untag ${reference}`, () => void engine.tags.delete(reference)),
    tagsOf: (repository) => {
      const isIts = (name: string): boolean => name.startsWith(`${repository}:`);
      return call(`tagsOf ${repository}`, () => [...engine.tags.keys()].filter(isIts));
    },
    during: (work) => work(engine),
    ...{ pull: refused("pull"), push: refused("push"), build: refused("build"), builder: refused("builder") },
    ...{ capture: refused("capture"), manifest: refused("manifest"), remove: refused("remove") },
    ...{ captureBuild: refused("captureBuild"), manifestBuild: refused("manifestBuild") },
    ...{ debianPackages: refused("debianPackages"), sweep: refused("sweep") },
  };
  const one = (name: string): ImageFacts | null => engine.images.get(engine.tags.get(name) ?? name) ?? null;
  async function call<T>(name: string, work: () => T): Promise<T> {
    await Promise.resolve();
    engine.before(name);
    engine.calls.push(name);
    return work();
  }
  return engine;
}

/** Makes every call fail that begins with these words. */
export function failing(engine: MemoryEngine, error: Error, start = ""): void {
  engine.before = (call) => {
    if (call.startsWith(start)) throw error;
  };
}
