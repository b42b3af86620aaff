import assert from "node:assert/strict";
import { checkPromotionInputs, normalisedTarget } from "../../../../provider/promote/inputs/promotion-inputs";
import { each } from "../../../support/each";
import { failureLines, LATER, later } from "../../said";
import { id } from "../../store/scratch";

const REVISION = "a".repeat(40);
const GOOD = { source: "web:1", targets: ["web:production"], expectedRevision: REVISION };
type Inputs = Record<string, unknown>;
const said = (inputs: Inputs): string[] => failureLines(checkPromotionInputs(inputs, later));

describe("checkPromotionInputs", () => {
  const good: Inputs[] = [
    {},
    { source: id("a") },
    { source: `registry.example/web@${id("a")}` },
    { source: "registry.example:5000/web:1" },
    { targets: ["web", "team/web:a", "web:b"] },
    { source: "x.sif", targets: ["live/x.sif", "../live/x.sif", "/live/x.sif"] },
    { source: "store/x/latest", targets: ["live/x.sif"], engine: "apptainer" },
    { source: id("a"), targets: ["live/x.sif"], root: "store" },
    { source: id("a"), targets: ["live/x.sif"], root: LATER },
    { source: LATER, targets: ["live/x.sif"] },
    { source: "x.sif:1", targets: ["live/x.sif:1"] },
    { source: id("a"), targets: ["web", "localhost:5000/web", "docker.io/web"], immutable: true },
    { source: "registry.example/web:1", targets: ["registry.example/web:live"] },
    { root: "artifacts", requireVerified: true, host: "staging", engine: "docker", timeouts: { inspect: 5 } },
    { expectedRevision: undefined, enabled: false },
    { expectedRevision: "", enabled: false },
    { enabled: true, immutable: false },
    { source: LATER, expectedRevision: LATER },
    { targets: [LATER] },
    { targets: LATER },
    { expectedRevision: undefined, enabled: LATER },
    { root: LATER, requireVerified: true },
    { __provider: "x", resourceUrn: "y" },
    { commit: { worktree: "../app" } },
    { commit: { worktree: "../app", branch: "origin/feature/x-1", dirty: "refuse" } },
    { commit: LATER, overrideReason: LATER },
    { overrideReason: "INC-1" },
    // The gate itself says no to these, and the reason covers it.
    { overrideReason: "INC-1", expectedRevision: "" },
    { overrideReason: "INC-1", expectedRevision: undefined },
    { overrideReason: "INC-1", expectedRevision: "main" },
  ];
  for (const inputs of good) {
    it(`has nothing to say of ${JSON.stringify(inputs)}`, () =>
      assert.deepEqual(said(Object.freeze({ ...GOOD, ...inputs })), []));
  }

  const NAME = "name at least one reference to tag, such as web-app:production";
  const BRANCH = "commit.branch: is no name of a branch; expected one such as main or origin/main";
  const TREE = "expected a path, the work tree, such as ../app";
  const EMPTY = /^expectedRevision: provenance fail-closed: empty expected revision; validatedRevision/;
  const badTargets = ["web:ok", "A B", `web@${id("a")}`, id("b"), "localhost:5000/web:1", 5];
  const branches = ["", "a b", "a..b", "/a", "a/", "a//b", "a/.b", ".a", "a.lock", "a~1", "a^", "a:b"];
  const bad: [Inputs, ...(string | RegExp)[]][] = [
    [{ expectedRevision: null, enabled: null }, /^expectedRevision: is missing/],
    [{ expectedRevision: "" }, EMPTY],
    [{ expectedRevision: "abc1234" }, /^expectedRevision: "abc1234" is not a full git revision/],
    [{ expectedRevision: ` ${REVISION}` }, /is not a full git revision/],
    [{ source: "A B" }, /^source: "A B" is not an image reference/],
    [
      { source: "x.sif" },
      "targets: web:production is a tag, but a SIF image is promoted to paths; name paths that end with .sif only",
    ],
    [
      { source: "./latest" },
      "targets: web:production is a tag, but a SIF image is promoted to paths; name paths that end with .sif only",
    ],
    [
      { targets: ["live/x.sif"] },
      "source: web:1 is a reference to an image of Docker, and the targets are paths of SIF images; name a SIF image by its path or its ID",
    ],
    [
      { source: id("a"), targets: ["live/x.sif"] },
      "source: is an ID, by which only a store finds a SIF image; name its store (root), or give its path",
    ],
    [
      { source: "x.sif", targets: ["live/x.sif"], host: "staging" },
      "host: is for Docker, and a SIF image is promoted; leave host out",
    ],
    [
      { source: "x.sif", engine: "docker" },
      "engine: is docker, and x.sif the path of a SIF image; leave engine out, or write x.sif:<tag> if it is a reference",
    ],
    [{ source: "x.sif", targets: ["live/x.sif", "./live//x.sif"] }, "targets: names live/x.sif twice"],
    [{ source: 5 }, "source: expected an image ID or reference"],
    [{ targets: "web:production" }, "targets: expected a list of references"],
    [{ targets: [] }, `targets: is empty; ${NAME}`],
    [
      { targets: badTargets },
      /^targets\.1: "A B" is not an image reference/,
      /^targets\.2: .* is no tag; a target is a reference such as web-app:production$/,
      /^targets\.3: .* is no tag/,
      "targets.5: expected an image reference",
    ],
    [{ targets: ["web:a", "web", "library/web:latest"] }, "targets: names web:latest twice"],
    [{ targets: ["r.io/web", "r.io/web:latest"] }, "targets: names r.io/web:latest twice"],
    [
      { source: "r.io/web:1", targets: ["r.io/web:live", "web:live"] },
      "targets: r.io/web:1 is in a registry, and the target web:live on the engine: a promotion pulls nothing. " +
        "Pull the image first (docker pull <repository>@<digest>) and promote its ID, or name targets in registries only",
    ],
    [{ requireVerified: true }, "requireVerified: needs root, the artifact store to look in"],
    [{ engine: "podman" }, "engine: unknown engine; expected docker or apptainer"],
    [
      { engine: "apptainer" },
      "targets: web:production is a tag, but a SIF image is promoted to paths; name paths that end with .sif only",
      /^source: web:1 is a reference/,
    ],
    [{ immutable: "yes" }, "immutable: expected true or false"],
    [{ commit: {} }, `commit.worktree: ${TREE}`],
    [
      { commit: { worktree: "", branch: "--all", dirty: "ignore", tag: "v1" } },
      ...[`commit.worktree: is empty; ${TREE}`, BRANCH, "commit.dirty: expected warn or refuse", /^commit: /],
    ],
    ...[...branches, "a*", "a\\b", "a@{1}", "a\n"].map((branch): (typeof bad)[number] => [
      { commit: { worktree: "../app", branch } },
      BRANCH,
    ]),
    [{ overrideReason: " \n" }, "overrideReason: is empty; say why the gate is overridden, or leave it out"],
    [{ overrideReason: "", expectedRevision: "" }, ...[EMPTY, /^overrideReason: is empty/]],
    [{ overrideReason: true }, "overrideReason: expected a sentence that says why the gate is overridden"],
    [{ overrideReason: "INC-1", expectedRevision: 5 }, "expectedRevision: expected a git revision"],
    [{ target: "web:x" }, /^target: there is no such input; the inputs are source, targets,/],
    [{ root: "" }, "root: is empty"],
    [{ enabled: "no" }, "enabled: expected true or false"],
    [{ timeouts: { inspect: 0 } }, "timeouts.inspect: expected more than 0 seconds"],
  ];
  const sayAll = (reasons: string[], words: (string | RegExp)[]): void => {
    assert.equal(reasons.length, words.length, reasons.join("\n"));
    for (const [index, word] of words.entries()) {
      if (typeof word === "string") assert.equal(reasons[index], word);
      else assert.match(reasons[index] ?? "", word);
    }
  };
  for (const [inputs, ...words] of bad)
    it(`refuses ${JSON.stringify(inputs)}`, () => sayAll(said({ ...GOOD, ...inputs }), words));

  it("names all that is missing", () =>
    sayAll(said({}), [
      "source: is missing; name the image to promote by its ID or a reference",
      `targets: is missing; ${NAME}`,
      /^expectedRevision: is missing; give the validated git revision \(validatedRevision\(worktree\)\), or switch/,
    ]));
});

describe("normalisedTarget", () => {
  each("is what Docker prints, the tag made explicit, with a registry's host as written: %s", [
    ["web", "web:latest"],
    ["library/web:1", "web:1"],
    ["docker.io/web:1", "docker.io/library/web:1"],
    ["docker.io/team/web", "docker.io/team/web:latest"],
    ["localhost:5000/web", "localhost:5000/web:latest"],
  ])((target, normal) => assert.equal(normalisedTarget(target), normal));

  it("leaves alone what is no reference", () => {
    for (const text of ["", "A B", "04da6b54-80e4-46f7-96ec-b56ff0331ba9::"])
      assert.equal(normalisedTarget(text), text);
  });
});
