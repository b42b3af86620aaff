import assert from "node:assert/strict";
import { BUILD_BEGINS } from "../../../../provider/engines/engine";
import { replacedInRuns } from "../../../../provider/build/roundtrip/replaced-in-run";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { rangeLine } from "../../../../provider/recipe/pins/replaced";
import { each } from "../../../support/each";

const START = BUILD_BEGINS;
const SAID = "Successfully installed";
const parsed = parseDockerfile("FROM a AS maker\nRUN one\nFROM b\nCOPY x y\nRUN two\nRUN three\n");
const found = (text: string): string[] =>
  replacedInRuns(text, parsed, ({ index }) => `given-${index}`).map(
    ({ stage, run, name, versions }) => `${stage}:${run} ${name} ${versions.join(" ")}`,
  );

describe("what one RUN installs at several versions", () => {
  const SEVERAL = [
    `#7 [given-1 3/4] RUN two\n#7 1.0 ${SAID} Own_Web-3.0 own-lib-3.1.0`,
    `#8 [maker 2/2] RUN one\n#8 1.0 ${SAID} own-lib-1.0\n#7 2.0 ${SAID} own-lib-2.3.8`,
    `#9 [given-1 4/4] RUN three\n#9 1.0 ${SAID} own-lib-2.4`,
  ];
  const TWICE = `#7 [given-1 3/4] RUN two\n#7 1.0 ${SAID} own-lib-1.0\n#7 2.0 ${SAID} own-lib-1.0`;
  each("%s", [
    ["is told by pip, with its RUN", [START, ...SEVERAL], ["1:1 own-lib 3.1.0 2.3.8"]],
    ["is nothing where pip installs it at the same version twice", [START, TWICE], []],
    ["is nothing in an empty log", [], []],
  ])((_, lines, expected) => assert.deepEqual(found(lines.join("\n")), expected));

  it("may be each of these versions, and no newer one", () => {
    assert.equal(rangeLine("own-lib", ["3.1.0", "2.3.8", "3.0"]), "own-lib>=2.3.8,<=3.1.0");
    assert.equal(rangeLine("own-lib", ["10.0", "9"]), "own-lib>=9,<=10.0");
    const left = "# own-lib was at 2.0rc1 and 1.0 in this RUN: left to the comparison";
    assert.equal(rangeLine("own-lib", ["2.0rc1", "1.0"]), left);
  });
});
