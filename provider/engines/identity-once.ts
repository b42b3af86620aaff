import type { Engine, EngineIdentity } from "./engine";

/** An engine that is asked who it is once, for all of one operation; where it did not answer, it is asked again. */
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
