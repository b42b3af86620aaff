import type { Suite } from "mocha";
import { BUILDER_VARIABLE } from "../../runner/docker-container.mjs";
import { LONG_VARIABLE } from "../../runner/long.mjs";
import { describeWith, ON_ANOTHER_ENGINE, setUpOf } from "../../support/set-up";

/**
 * Tests with a builder beside the engine: a docker client with buildx, and a new BuildKit selected. Where the set-up
 * could not get one they are skipped, with the reason in their title; on CI they fail.
 */
export function describeBeside(title: string, body: (this: Suite) => void): void {
  // The other engines have no such builder.
  if (ON_ANOTHER_ENGINE in process.env) return;
  const found = setUpOf(process.env[BUILDER_VARIABLE] ?? "builder");
  describeWith(found, `${title} [builder beside the engine]`, "such builder", body);
}

/** Tests that may run twice; the body's argument says whether the builder is beside the engine. */
type Lanes = (title: string, body: (this: Suite, beside: boolean) => void) => void;

/** With the builder that the user has selected; not where the other builder alone is tested. */
const describeSelected: Lanes = (title, body) => {
  if (BUILDER_VARIABLE in process.env) return;
  describe(title, function () {
    body.call(this, false);
  });
};

/** The same tests twice: with the builder that the user has selected, and with one beside the engine. */
export const describeInLanes: Lanes = (title, body) => {
  describeSelected(title, body);
  describeBeside(title, function () {
    body.call(this, true);
  });
};

/** The same, with the builder beside the engine only in the campaign `long`. */
export const describeInLongLanes: Lanes = (title, body) =>
  (LONG_VARIABLE in process.env ? describeInLanes : describeSelected)(title, body);
