import type { Engine, EngineIdentity } from "./engine";

/** Makes an engine ask for its identity only once, for use in one operation. After a failure it asks again. */
export function identityOnce(engine: Engine): Engine {
  let known: Promise<EngineIdentity> | undefined;
  const identity = (): Promise<EngineIdentity> => {
    known ??= engine.identity().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    ...engine,
    identity,
    during: (work) => engine.during((inner) => work({ ...inner, identity })),
  };
}
