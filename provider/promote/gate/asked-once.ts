import type { Engine, EngineIdentity, ImageFacts } from "../../engines/engine";
import type { Registry } from "../../engines/registry/registry";
import type { SifFiles } from "../sif/files";
import type { Places } from "./candidate";
import type { ImageId } from "../../base/reference/types";

/** Asks each question once and keeps the answer, also while it is still awaited. A failure is kept too: no second try. */
function kept<K, T>(ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const answers = new Map<K, Promise<T>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}

function engineOnce(engine: Engine): Engine {
  const identity = kept<"engine", EngineIdentity>(() => engine.identity());
  const images = new Map<string, Promise<ImageFacts | null>>();
  return {
    ...engine,
    identity: () => identity("engine"),
    async inspect(references) {
      const unasked = [...new Set(references)].filter((reference) => !images.has(reference));
      if (unasked.length > 0) {
        const asked = engine.inspect(unasked);
        for (const reference of unasked) {
          const answer = asked.then((found) => found.get(reference) ?? null);
          answer.catch(() => undefined);
          images.set(reference, answer);
        }
      }
      const one = async (reference: string) => [reference, (await images.get(reference)) ?? null] as const;
      return new Map(await Promise.all(references.map(one)));
    },
  };
}

function registryOnce(registry: Registry): Registry {
  return {
    ...registry,
    digestOf: kept((reference: string) => registry.digestOf(reference)),
    describe: kept((reference: string) => registry.describe(reference)),
  };
}

function sifsOnce(sifs: SifFiles): SifFiles {
  const id = kept(async (path: string): Promise<ImageId | null> => {
    const found = await sifs.ids([path]);
    return found.get(path) ?? null;
  });
  return {
    describe: kept((path: string) => sifs.describe(path)),
    ids: async (paths) =>
      new Map(await Promise.all(paths.map(async (path) => [path, await id(path)] as const))),
  };
}

/**
 * Wraps engine, registry and files so that one operation asks each question once: all its decisions rest on the same answers.
 * Do not move targets through this: a target is read afresh just before and just after it is moved.
 */
export function askedOnce({ engine, registry, sifs }: Places): Places {
  return { engine: engineOnce(engine), registry: registryOnce(registry), sifs: sifsOnce(sifs) };
}
