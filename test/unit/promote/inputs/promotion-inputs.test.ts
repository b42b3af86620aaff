import assert from "node:assert/strict";
import { checkPromotionInputs, normalisedTarget } from "../../../../provider/promote/inputs/promotion-inputs";
import { id } from "../../store/scratch";

const LATER = "(later)";
const later = (value: unknown): boolean => JSON.stringify(value)?.includes(LATER) === true;
const REVISION = "a".repeat(40);
const GOOD = { source: "web:1", targets: ["web:production"], expectedRevision: REVISION };
const said = (inputs: Record<string, unknown>): string[] =>
  checkPromotionInputs(inputs, later).map(({ property, reason }) => `${property}: ${reason}`);

describe("checkPromotionInputs", () => {
  const good: Record<string, unknown>[] = [
    GOOD,
    { ...GOOD, source: id("a") },
    { ...GOOD, source: `registry.example/web@${id("a")}` },
    { ...GOOD, source: "registry.example:5000/web:1" },
    { ...GOOD, targets: ["web", "team/web:a", "web:b"] },
    { ...GOOD, source: id("a"), targets: ["web", "localhost:5000/web", "docker.io/web"], immutable: true },
    { ...GOOD, source: "registry.example/web:1", targets: ["registry.example/web:live"] },
    {
      ...GOOD,
      root: "artifacts",
      requireVerified: true,
      host: "staging",
      engine: "docker",
      timeouts: { inspect: 5 },
    },
    { ...GOOD, expectedRevision: undefined, enabled: false },
    { ...GOOD, expectedRevision: "", enabled: false },
    { ...GOOD, enabled: true, immutable: false },
    { ...GOOD, source: LATER, expectedRevision: LATER },
    { ...GOOD, targets: [LATER] },
    { ...GOOD, targets: LATER },
    { ...GOOD, expectedRevision: undefined, enabled: LATER },
    { ...GOOD, root: LATER, requireVerified: true },
    { ...GOOD, __provider: "x", resourceUrn: "y" },
    { ...GOOD, commit: { worktree: "../app" } },
    { ...GOOD, commit: { worktree: "../app", branch: "origin/feature/x-1", dirty: "refuse" } },
    { ...GOOD, commit: LATER, overrideReason: LATER },
    { ...GOOD, overrideReason: "INC-1" },
    // The gate itself says no to these, and the reason covers it.
    { ...GOOD, overrideReason: "INC-1", expectedRevision: "" },
    { ...GOOD, overrideReason: "INC-1", expectedRevision: undefined },
    { ...GOOD, overrideReason: "INC-1", expectedRevision: "main" },
  ];
  for (const inputs of good) {
    it(`has nothing to say of ${JSON.stringify(inputs).slice(0, 100)}`, () =>
      assert.deepEqual(said(inputs), []));
  }

  const MISSING = "is missing; name at least one reference to tag, such as web-app:production";
  const bad: [string, Record<string, unknown>, (string | RegExp)[]][] = [
    [
      "nothing given",
      {},
      [
        "source: is missing; name the image to promote by its ID or a reference",
        `targets: ${MISSING}`,
        /^expectedRevision: is missing; give the validated git revision \(validatedRevision\(worktree\)\), or switch/,
      ],
    ],
    [
      "enabled null is no switch",
      { ...GOOD, expectedRevision: null, enabled: null },
      [/^expectedRevision: is missing/],
    ],
    [
      "an empty expectation",
      { ...GOOD, expectedRevision: "" },
      [/^expectedRevision: provenance fail-closed: empty expected revision; validatedRevision/],
    ],
    [
      "a short one",
      { ...GOOD, expectedRevision: "abc1234" },
      [/^expectedRevision: "abc1234" is not a full git revision/],
    ],
    ["one with blanks", { ...GOOD, expectedRevision: ` ${REVISION}` }, [/is not a full git revision/]],
    [
      "a source that is no reference",
      { ...GOOD, source: "A B" },
      [/^source: "A B" is not an image reference/],
    ],
    [
      "a SIF",
      { ...GOOD, source: "x.sif" },
      ["source: promotion of a SIF file is not supported yet; name an image"],
    ],
    ["a source of another type", { ...GOOD, source: 5 }, ["source: expected an image ID or reference"]],
    [
      "one target as text",
      { ...GOOD, targets: "web:production" },
      ["targets: expected a list of references"],
    ],
    [
      "no targets",
      { ...GOOD, targets: [] },
      ["targets: is empty; name at least one reference to tag, such as web-app:production"],
    ],
    [
      "bad targets, each by its place",
      { ...GOOD, targets: ["web:ok", "A B", `web@${id("a")}`, id("b"), "localhost:5000/web:1", 5] },
      [
        /^targets\.1: "A B" is not an image reference/,
        /^targets\.2: .* is no tag; a target is a reference such as web-app:production$/,
        /^targets\.3: .* is no tag/,
        "targets.5: expected an image reference",
      ],
    ],
    [
      "a target twice",
      { ...GOOD, targets: ["web:a", "web", "library/web:latest"] },
      ["targets: names web:latest twice"],
    ],
    [
      "a target in a registry twice",
      { ...GOOD, targets: ["r.io/web", "r.io/web:latest"] },
      ["targets: names r.io/web:latest twice"],
    ],
    [
      "a source in a registry for the engine and a registry at once",
      { ...GOOD, source: "r.io/web:1", targets: ["r.io/web:live", "web:live"] },
      [
        "targets: r.io/web:1 is in a registry, and the target web:live on the engine: a promotion pulls nothing. " +
          "Pull the image first (docker pull <repository>@<digest>) and promote its ID, or name targets in registries only",
      ],
    ],
    [
      "requireVerified without a store",
      { ...GOOD, requireVerified: true },
      ["requireVerified: needs root, the artifact store to look in"],
    ],
    ["an unknown engine", { ...GOOD, engine: "podman" }, ["engine: unknown engine; expected docker"]],
    [
      "a later engine",
      { ...GOOD, engine: "apptainer" },
      ["engine: engine apptainer is not supported yet; leave it out"],
    ],
    ["an immutable that is no flag", { ...GOOD, immutable: "yes" }, ["immutable: expected true or false"]],
    [
      "a commit without a work tree",
      { ...GOOD, commit: {} },
      ["commit.worktree: expected a path, the work tree, such as ../app"],
    ],
    [
      "a commit that can't be asked for",
      { ...GOOD, commit: { worktree: "", branch: "--all", dirty: "ignore", tag: "v1" } },
      [
        "commit.worktree: is empty; expected a path, the work tree, such as ../app",
        "commit.branch: is no name of a branch; expected one such as main or origin/main",
        "commit.dirty: expected warn or refuse",
        /^commit: /,
      ],
    ],
    ...[
      "",
      "a b",
      "a..b",
      "/a",
      "a/",
      "a//b",
      "a/.b",
      ".a",
      "a.lock",
      "a~1",
      "a^",
      "a:b",
      "a*",
      "a\\b",
      "a@{1}",
      "a\n",
    ].map((branch): (typeof bad)[number] => [
      `${JSON.stringify(branch)} as a branch`,
      { ...GOOD, commit: { worktree: "../app", branch } },
      ["commit.branch: is no name of a branch; expected one such as main or origin/main"],
    ]),
    [
      "an empty reason",
      { ...GOOD, overrideReason: " \n" },
      ["overrideReason: is empty; say why the gate is overridden, or leave it out"],
    ],
    [
      "an empty reason, which covers nothing",
      { ...GOOD, overrideReason: "", expectedRevision: "" },
      [/^expectedRevision: provenance fail-closed: empty expected revision/, /^overrideReason: is empty/],
    ],
    [
      "a reason that is no text",
      { ...GOOD, overrideReason: true },
      ["overrideReason: expected a sentence that says why the gate is overridden"],
    ],
    [
      "an expectation that is no text, whatever the reason",
      { ...GOOD, overrideReason: "INC-1", expectedRevision: 5 },
      ["expectedRevision: expected a git revision"],
    ],
    [
      "an unknown input",
      { ...GOOD, target: "web:x" },
      [/^target: there is no such input; the inputs are source, targets,/],
    ],
    ["an empty root", { ...GOOD, root: "" }, ["root: is empty"]],
    ["an enabled that is no flag", { ...GOOD, enabled: "no" }, ["enabled: expected true or false"]],
    [
      "a limit of nothing",
      { ...GOOD, timeouts: { inspect: 0 } },
      ["timeouts.inspect: expected more than 0 seconds"],
    ],
  ];
  for (const [claim, inputs, words] of bad) {
    it(claim, () => {
      const reasons = said(inputs);
      assert.equal(reasons.length, words.length, reasons.join("\n"));
      words.forEach((word, index) => {
        if (typeof word === "string") assert.equal(reasons[index], word);
        else assert.match(reasons[index] ?? "", word);
      });
    });
  }

  it("leaves the caller's inputs as they are", () => {
    const inputs = Object.freeze({ ...GOOD, enabled: false, expectedRevision: "" });
    assert.deepEqual(said(inputs), []);
    assert.equal(inputs.expectedRevision, "");
  });
});

describe("normalisedTarget", () => {
  it("is what Docker prints, the tag made explicit, and keeps a registry's host where one was written", () => {
    assert.equal(normalisedTarget("web"), "web:latest");
    assert.equal(normalisedTarget("library/web:1"), "web:1");
    assert.equal(normalisedTarget("docker.io/web:1"), "docker.io/library/web:1");
    assert.equal(normalisedTarget("docker.io/team/web"), "docker.io/team/web:latest");
    assert.equal(normalisedTarget("localhost:5000/web"), "localhost:5000/web:latest");
  });

  it("leaves alone what is no reference", () => {
    for (const text of ["", "A B", "04da6b54-80e4-46f7-96ec-b56ff0331ba9::"])
      assert.equal(normalisedTarget(text), text);
  });
});
