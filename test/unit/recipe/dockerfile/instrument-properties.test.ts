import assert from "node:assert/strict";
import fc from "fast-check";
import { instrument } from "../../../../provider/recipe/dockerfile/instrument";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type ParsedDockerfile } from "../../../../provider/recipe/dockerfile/types";

const INSTRUCTIONS = [
  "RUN ls",
  "run\tls --flag",
  "RUN --network=none --mount=type=cache,target=/c ls",
  'RUN ["ls", "a b"]',
  "RUN a ~\n# comment\n\n  b ~\n  c",
  "RUN~\n ls",
  "RUN <<EOF\nFROM x\nRUN y ~\nEOF",
  "RUN cat <<-'A' 3<<B\n\tRUN 1\n\tA\nRUN 2\nB",
  "COPY <<EOF /x\nRUN z\nEOF",
  "COPY --from=0 a b",
  "COPY --from=nginx:1 a b",
  "RUN --mount=type=bind,from=nginx:1,target=/x ls",
  "ONBUILD RUN ls",
  'ENV A="x y" B=z',
  "ARG C=1",
  "WORKDIR /w",
  "USER u",
  "# RUN comment",
  "",
  "LABEL a=😀",
  'SHELL ["/bin/bash", "-c"]',
];

const recipes = fc
  .record({
    escape: fc.constantFrom("\\", "`"),
    lineBreak: fc.constantFrom("\n", "\r\n"),
    bom: fc.boolean(),
    finalBreak: fc.boolean(),
    globals: fc.subarray(["ARG G=1", "# a comment", "ARG H"]),
    stages: fc.array(fc.array(fc.constantFrom(...INSTRUCTIONS), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ escape, lineBreak, bom, finalBreak, globals, stages }) => {
    const lines = escape === "`" ? ["# escape=`", ...globals] : [...globals];
    for (const [index, instructions] of stages.entries())
      lines.push(`FROM image${index} AS s${index}`, ...instructions);
    const text = lines.join("\n") + (finalBreak ? "\n" : "");
    // "~" before a line break stands for the escape character.
    return (bom ? "\uFEFF" : "") + text.replace(/~(?=\n)/g, escape).replace(/\n/g, lineBreak);
  });

const shape = (parsed: ParsedDockerfile, ours: readonly string[] = []): unknown =>
  parsed.stages.map((stage) => [
    stage.name,
    stage.instructions.map((instruction) => [
      instruction.keyword,
      instruction.onbuild,
      instruction.flags.map(({ text }) => text).filter((text) => !ours.includes(text)),
      instruction.args.text,
      instruction.heredocs.map(({ start, end }) => parsed.text.slice(start, end)),
    ]),
  ]);

const settings = { platform: "linux/amd64" };

describe("instrument (properties)", () => {
  it("returns the same text when there is nothing to put in", () => {
    fc.assert(
      fc.property(recipes, (text) => {
        assert.equal(
          instrument(parseDockerfile(text), settings, { run: () => [], stageArguments: () => ({}) }),
          text,
        );
      }),
    );
  });

  it("gives a text with the same stages and commands, and flags in every RUN of the needed stages", () => {
    const flag = "--mount=type=secret,id=ours";
    fc.assert(
      fc.property(recipes, (text) => {
        const parsed = parseDockerfile(text);
        const seen: number[] = [];
        const run = (stage: { index: number }): string[] => {
          seen.push(stage.index);
          return [flag];
        };
        const again = parseDockerfile(instrument(parsed, settings, { run }));
        assert.deepEqual(shape(again, [flag]), shape(parsed));
        const flagged = again.stages.flatMap((stage) =>
          stage.instructions.filter((i) => i.flags[0]?.text === flag).map(() => stage.index),
        );
        assert.deepEqual(flagged, seen);
      }),
    );
  });

  it("takes what it put in out again by removing exactly its own text", () => {
    fc.assert(
      fc.property(recipes, (text) => {
        const header = "FROM helper AS helper-stage\n";
        const changed = instrument(parseDockerfile(text.replaceAll("--from=0", "--from=s0")), settings, {
          header,
          run: () => ["--mount=ours"],
          stageArguments: () => ({ OURS: "1" }),
        });
        const restored = changed
          .replace(header, "")
          .replaceAll(" --mount=ours", "")
          .replace(/\r?\nARG OURS="1"/g, "");
        assert.equal(restored, text.replaceAll("--from=0", "--from=s0"));
      }),
    );
  });
});
