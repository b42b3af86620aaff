import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "mocha";

/** What the tests' set-up has left of a tool: the variables that select it, or why there is none. */
export type SetUp = { environment: Readonly<Record<string, string>> } | { reason: string };

const STATE = join(__dirname, "..", "..", ".state");

/** The variable that is set where files of `engine` run again on another engine (`test/runner/engines.mjs`). */
export const ON_ANOTHER_ENGINE = "TESTS_ON_ANOTHER_ENGINE";

/** A tool that was found for the main engine is used with the other one. */
function onThisEngine(found: SetUp): SetUp {
  if ("reason" in found || !(ON_ANOTHER_ENGINE in process.env)) return found;
  const others = Object.entries(found.environment).filter(([name]) => name !== "DOCKER_HOST");
  return { environment: Object.fromEntries(others) };
}

/** Reads `.state/<tool>.json`. Throws when it is there and can't be read. */
export function setUpOf(tool: string): SetUp {
  try {
    return onThisEngine(JSON.parse(readFileSync(join(STATE, `${tool}.json`), "utf8")) as SetUp);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { reason: "the set-up has not run here: npm run setup" };
  }
}

/**
 * Tests with a tool of the set-up, in its variables. Where the set-up could not get it they are skipped, with the reason
 * in their title; on CI they fail.
 *
 * @param name what the title says of the tool: `docker compose`
 */
export function describeWith(
  found: SetUp,
  title: string,
  name: string,
  body: (this: Suite, environment: () => Readonly<Record<string, string>>) => void,
): void {
  const environment = "reason" in found ? {} : found.environment;
  describe("reason" in found ? `${title} [no ${name}: ${found.reason}]` : title, function () {
    const outside: Record<string, string | undefined> = {};
    before(function () {
      if ("reason" in found) {
        if (process.env.CI) throw new Error(found.reason);
        this.skip();
      }
      for (const [variable, value] of Object.entries(environment)) {
        outside[variable] = process.env[variable];
        process.env[variable] = value;
      }
    });
    body.call(this, () => environment);
    after(() => {
      for (const [variable, value] of Object.entries(outside)) {
        if (value === undefined) delete process.env[variable];
        else process.env[variable] = value;
      }
    });
  });
}
