import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_RETAIN } from "../../../provider/inputs/image-inputs";
import type { ImageInputs } from "../../../provider/inputs/image-inputs.generated";
import { NAME, NAME_CHARACTERS, nameFromResource } from "../../../provider/inputs/name";
import { makePlan } from "../../../provider/inputs/plan";
import { defaultPlatform, recipeSettings } from "../../../provider/inputs/recipe-settings";
import { parseReference } from "../../../provider/base/reference/parse";
import { defaultConcurrency, judgeConcurrency } from "../../../provider/inputs/concurrency";
import { seatWords } from "../../../provider/build/roundtrip/seat";
import { properties } from "../said";

describe("artifacts", () => {
  it("are lower-case letters and digits, joined by single dots, underscores and dashes", () => {
    for (const good of ["web", "web-app", "a.b_c-d", "1", "9x"]) assert.match(good, NAME);
    for (const bad of [
      "",
      "Web",
      "web--app",
      "web..app",
      "-web",
      "web-",
      "a/b",
      "..",
      ".",
      "web app",
      "ä",
      "web\n",
    ])
      assert.doesNotMatch(bad, NAME);
  });

  const names: [string, string][] = [
    ["web", "web"],
    ["Web App", "web-app"],
    ["my__Image--2", "my-image-2"],
    ["team/web:1", "team-web-1"],
    ["--web--", "web"],
    ["a.-_b", "a-b"],
    ["Größe", "gr-e"],
    ["../../etc", "etc"],
    ["世界", ""],
    ["", ""],
  ];
  for (const [name, artifact] of names) {
    it(`made of ${JSON.stringify(name)}: ${JSON.stringify(artifact)}`, () =>
      assert.equal(nameFromResource(name), artifact));
  }

  it("made of any name are valid, and stay as they are; or empty, which the check refuses", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), (name) => {
        const artifact = nameFromResource(name);
        assert.ok(artifact === "" || NAME.test(artifact));
        assert.equal(nameFromResource(artifact), artifact);
      }),
    ));

  it("of any allowed length make a valid reference with a timestamp", () => {
    const artifact = "x".repeat(NAME_CHARACTERS);
    assert.equal(parseReference(`${artifact}:20260101T000001000Z-10`).kind, "tag");
  });
});

describe("makePlan", () => {
  const inputs: ImageInputs = { name: "web", context: "app", root: "../store" };

  it("applies every default, and makes paths absolute", () =>
    assert.deepEqual(makePlan(inputs, "/project/program"), {
      name: "web",
      builder: null,
      ...{ lock: null, frozenLock: null, cache: null, cacheFrom: [], cacheTo: [] },
      contexts: {},
      context: "/project/program/app",
      recipe: "/project/program/app/Dockerfile",
      root: "/project/store",
      host: null,
      buildArgs: {},
      target: null,
      platform: null,
      labels: {},
      secrets: {},
      revision: null,
      engine: "docker",
      verify: "inline",
      requireVerified: false,
      pin: "versions",
      push: [],
      retain: DEFAULT_RETAIN,
      keep: false,
      force: null,
      timeouts: { git: 30, inspect: 30, rebuild: 1200 },
    }));

  it("keeps what is given, absolute paths too", () => {
    const given: Partial<ImageInputs> = {
      recipe: "/elsewhere/Recipe",
      host: "ssh://h",
      buildArgs: { A: "1" },
      target: "final",
      platform: "linux/arm64",
      labels: { a: "b" },
      secrets: { s: { env: "S" } },
      revision: "f".repeat(40),
      verify: "skip",
      requireVerified: true,
      retain: 3,
      keep: true,
      force: 7,
      timeouts: { git: 1, inspect: 2, rebuild: 3 },
    };
    const plan = makePlan({ ...inputs, ...given }, "/project");
    for (const [name, value] of Object.entries(given))
      assert.deepEqual(plan[name as keyof typeof plan], value, name);
  });

  it("takes the recipe from the program's directory, not from the context", () =>
    assert.equal(
      makePlan({ ...inputs, recipe: "docker/Dockerfile" }, "/project").recipe,
      "/project/docker/Dockerfile",
    ));

  it("takes null and undefined for absent, within timeouts too: a limit is never missing", () => {
    const optional = "recipe host buildArgs target platform labels secrets revision verify".split(" ");
    const names = [...optional, "requireVerified", "retain", "keep", "force", "timeouts"];
    for (const nothing of [null, undefined]) {
      const given = Object.fromEntries(names.map((name) => [name, nothing]));
      assert.deepEqual(makePlan({ ...inputs, ...given }, "/p"), makePlan(inputs, "/p"));
    }
    const timeouts = { git: undefined, inspect: undefined, rebuild: undefined };
    assert.deepEqual(makePlan({ ...inputs, timeouts }, "/p").timeouts, makePlan(inputs, "/p").timeouts);
    assert.throws(() => makePlan({ ...inputs, timeouts: { git: null } }, "/p"), /a number of seconds/);
    assert.deepEqual(makePlan({ ...inputs, timeouts: { rebuild: 5 } }, "/p").timeouts, {
      git: 30,
      inspect: 30,
      rebuild: 5,
    });
  });
});

describe("recipeSettings", () => {
  it("expand for Linux on this machine's architecture, unless a platform is given", () => {
    const known = { target: null, buildArgs: { A: "1" } };
    const plan = { ...known, platform: null, contexts: { lib: "/lib", base: "docker-image://own:1" } };
    assert.deepEqual(recipeSettings(plan), {
      ...known,
      contexts: ["lib"],
      platform: defaultPlatform(),
      buildPlatform: defaultPlatform(),
    });
    assert.equal(recipeSettings({ ...plan, platform: "linux/s390x" }).platform, "linux/s390x");
    assert.equal(recipeSettings({ ...plan, platform: "linux/s390x" }).buildPlatform, defaultPlatform());
  });

  it("call architectures as Docker does", () => {
    for (const [node, docker] of Object.entries({
      x64: "amd64",
      arm64: "arm64",
      arm: "arm/v7",
      ia32: "386",
      s390x: "s390x",
    }))
      assert.equal(defaultPlatform(node), `linux/${docker}`);
  });
});

describe("how many builds run at once", () => {
  it("is half the cores, and at least one", () =>
    assert.deepEqual([1, 2, 3, 4, 9, 64].map(defaultConcurrency), [1, 1, 1, 2, 4, 32]));

  const limits: [string, string | undefined, string | undefined, number][] = [
    ["the default when nothing is set", undefined, undefined, 4],
    ["the default when what is set is empty", " ", "", 4],
    ["what the environment says", "3", undefined, 3],
    ["what the stack says", undefined, "5", 5],
    ["what the environment says before what the stack says", "1", "5", 1],
    ["more than there are cores", "100", undefined, 100],
  ];
  for (const [claim, variable, configured, limit] of limits) {
    it(`is ${claim}`, () =>
      assert.deepEqual(judgeConcurrency(variable, configured, 8), { limit, failures: [] }));
  }

  for (const wrong of ["0", "x", "1.5", "-1", "1e3", "2 3", "Infinity"]) {
    it(`is refused when it is ${wrong}, from either place, by name`, () => {
      const { failures } = judgeConcurrency(wrong, wrong, 8);
      assert.deepEqual(properties(failures), ["VERIFIED_IMAGES_CONCURRENCY", "verified-images:concurrency"]);
      assert.match(failures[0]?.reason ?? "", /give a whole number of at least 1, or leave it out$/);
    });
  }

  it("is refused in the stack even where the environment is right", () =>
    assert.equal(judgeConcurrency("2", "x", 8).failures.length, 1));
});

describe("one who waits for a seat", () => {
  const setting = "VERIFIED_IMAGES_CONCURRENCY or verified-images:concurrency changes it";
  it("says how many are running, how many come first, and how to change the limit", () => {
    assert.equal(
      seatWords({ running: 1, ahead: 0 }, 1),
      `waiting: 1 other build is running (limit 1; ${setting})`,
    );
    assert.equal(
      seatWords({ running: 2, ahead: 1 }, 2),
      `waiting: 2 other builds are running, 1 more waits before this one (limit 2; ${setting})`,
    );
    assert.equal(
      seatWords({ running: 2, ahead: 3 }, 2),
      `waiting: 2 other builds are running, 3 more wait before this one (limit 2; ${setting})`,
    );
  });
});
