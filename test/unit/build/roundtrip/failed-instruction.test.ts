import assert from "node:assert/strict";
import {
  failedInstruction,
  writtenInstruction,
} from "../../../../provider/build/roundtrip/failed-instruction";
import { hideSecrets } from "../../../../provider/build/roundtrip/hide-secrets";
import { quotedOutput, quotedPlace } from "../../../../provider/build/roundtrip/quoted";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import type { Stage } from "../../../../provider/recipe/dockerfile/types";

const WRITTEN = parseDockerfile(`FROM a AS build
WORKDIR /
RUN make \\
  -C src
RUN make again
RUN make again
FROM b
COPY --from=build /x /x
RUN ["/bin/tool", "a b"]
RUN <<EOF
one
EOF
`);
/** The same with pins: a stage more, ARGs, and mounts. */
const BUILT = parseDockerfile(`FROM a AS verified-images-pins
RUN printf x > /pins
${WRITTEN.text.replace("WORKDIR", "ARG PIP_CONSTRAINT=/x\nWORKDIR").replaceAll("RUN ", "RUN --mount=type=tmpfs,target=/dev/x ")}`);
const given = ({ index }: Stage): string => `verified-images-stage-${index}`;
const old = (command: string): string => `#5 ERROR: executor failed running [${command}]: exit code: 1`;
const recent = (command: string): string =>
  `#5 ERROR: process ${JSON.stringify(command)} did not complete successfully: exit code: 1`;

describe("the instruction that ended a build", () => {
  // BuildKit's title of the step, the command of its error, and the line of the recipe without pins.
  const TMPFS = "--mount=type=tmpfs,target=/dev/x";
  const cases: [string, string, string | null][] = [
    [`[build 3/5] RUN ${TMPFS} make   -C src`, "/bin/sh -c make   -C src", "3 (RUN make -C src)"],
    ["[build 2/4] RUN make   -C src", "/bin/bash -o pipefail -c make   -C src", "3 (RUN make -C src)"],
    ["[build 4/5] RUN make again", "/bin/sh -c make again", "5 (RUN make again)"],
    ["[build 5/5] RUN make again", "/bin/sh -c make again", "6 (RUN make again)"],
    ["[linux/arm64 build  5/15] RUN make again", "/bin/sh -c make again", "5 (RUN make again)"],
    ['[stage-2 3/4] RUN ["/bin/tool", "a b"]', "/bin/tool a b", '9 (RUN ["/bin/tool", "a b"])'],
    ["[verified-images-stage-2 4/4] RUN <<EOF (one)", "/bin/sh -c one\n", "10 (RUN <<EOF)"],
    ["[verified-images-pins 2/2] RUN printf x > /pins", "/bin/sh -c printf x > /pins", null],
    ["[build 2/5] RUN from the base's ONBUILD", "/bin/sh -c from the base's ONBUILD", null],
    ["[elsewhere 2/5] RUN make again", "/bin/sh -c make again", null],
    ["[internal] load build context", "/bin/sh -c make again", null],
  ];
  for (const [title, command, expected] of cases) {
    it(`${title}: ${expected ?? "no line of the recipe"}`, () => {
      for (const error of [old(command), recent(command)]) {
        const place = failedInstruction({ title, error, exitCode: 1 }, BUILT, given);
        const own = place === null ? null : writtenInstruction(place, BUILT, WRITTEN);
        assert.equal(own && quotedPlace(own), expected?.replace(/^(\d+) /, "line $1 of the recipe ") ?? null);
      }
    });
  }

  it("may be one without a command, in a recipe of one stage without pins", () => {
    const recipe = parseDockerfile("FROM a\nRUN true\nCOPY x /x\nCOPY y /y\n");
    const failed = { title: "[4/4] COPY y /y", error: '#7 ERROR: "/y" not found: not found', exitCode: null };
    const place = failedInstruction(failed, recipe, given);
    assert.equal(place?.instruction.line, 4);
    assert.equal(place && writtenInstruction(place, recipe, recipe)?.instruction, place?.instruction);
  });

  it("is quoted without the build's secrets", async () => {
    process.env.OWN_TEST_SECRET = "first-line-of-it\n}\nlast-line-of-it\n";
    try {
      const said = { lines: ["} first-line-of-it", "fine"], error: "last-line-of-it" };
      const secrets = { token: { env: "OWN_TEST_SECRET" }, gone: { file: "/not/there" } };
      const { lines, error } = await hideSecrets({ ...said, exitCode: 1, title: "" }, secrets);
      assert.deepEqual([...lines, error], ["} ***", "fine", "***"]);
    } finally {
      delete process.env.OWN_TEST_SECRET;
    }
  });

  it("is quoted in short, without passwords, and so is what it printed", () => {
    const { stages } = parseDockerfile(`FROM a\nRUN curl https://me:secret@host/ ${"x".repeat(500)}\n`);
    const [stage] = stages;
    const instruction = stage?.instructions[0];
    assert.ok(stage && instruction);
    const words = quotedPlace({ stage, instruction });
    assert.match(words, /^line 2 of the recipe \(RUN curl https:\/\/host\/ x+…\)$/);
    assert.ok(words.length < 200);
    const printed = ["first", "", "\u001b[31msecond http://me:secret@host/\u001b[0m", "third"];
    assert.match(quotedOutput([...printed, "y".repeat(500)]), /^second http:\/\/host\/ \| third \| y+…$/);
    assert.equal(quotedOutput([]), "");
  });
});
