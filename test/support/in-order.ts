type Body = () => void | Promise<void>;
/** Registers a test, as `it` does. */
type Define = (title: string, body: Body) => unknown;

/**
 * For the tests of a group that tell one story, each going on from where the one before it has ended: write
 * `const it = inOrder()` in their `describe`. A test that is chosen alone (`--grep`) first runs those before it. After one
 * that failed the others fail, and name it.
 */
export function inOrder(define: Define = it): Define {
  const told: (() => Promise<void>)[] = [];
  return (title, body) => {
    const before = [...told];
    let mine: Promise<void> | undefined;
    const once = (): Promise<void> => (mine ??= (async () => body())());
    told.push(() =>
      once().catch((error: unknown) => {
        throw new Error(`the test before it failed: ${title}`, { cause: error });
      }),
    );
    define(title, async () => {
      for (const step of before) await step();
      await once();
    });
  };
}
