import assert from "node:assert/strict";
import { BuildFailedError } from "../../../../provider/engines/errors";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { explainOldFrontend } from "../../../../provider/build/roundtrip/old-frontend";

const SAID =
  "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 11: unknown instruction: SET";
const WITH = parseDockerfile("FROM debian\n\nRUN <<EOF\nset -e\nEOF\n");

describe("a builder that is too old for a here-document", () => {
  const failed = new BuildFailedError("docker build failed", "/log", SAID);

  it("is named as the reason, with the line in the recipe, what to do, and what the builder said", () => {
    const error = explainOldFrontend(failed, WITH);
    assert.ok(error instanceof BuildFailedError);
    assert.equal(
      error.message,
      "the here-document on line 3 of the recipe is more than this builder knows: it takes Docker 23 or newer, or " +
        '"# syntax=docker/dockerfile:1" as the first line where the builder can fetch that image; docker build failed',
    );
    assert.deepEqual([error.logFile, error.tail], ["/log", SAID]);
  });

  it("is no reason where the recipe has no here-document, the builder said something else, or it was no build", () => {
    assert.equal(explainOldFrontend(failed, parseDockerfile("FROM debian\nRUN true\n")), failed);
    const other = new BuildFailedError("docker build failed", "/log", "exit code: 1");
    assert.equal(explainOldFrontend(other, WITH), other);
    const fault = new Error(SAID);
    assert.equal(explainOldFrontend(fault, WITH), fault);
  });
});
