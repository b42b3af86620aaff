import assert from "node:assert/strict";
import { imageFreshnessApplies, type Rollout } from "../../../../provider/promote/gate/rollout";
import {
  configuredRollout,
  needsSelf,
  rolloutFailures,
  type RolloutTexts,
} from "../../../../provider/promote/gate/rollout-settings";

const SELF = "me/self";
const applies = (texts: RolloutTexts, repository: string): boolean | null => {
  const { rollout, failures } = configuredRollout(texts);
  assert.deepEqual(failures, []);
  return rollout === null ? null : imageFreshnessApplies(repository, rollout);
};

describe("the rollout by a stack's configuration", () => {
  it("is nothing where nothing is configured: a self-hosting repository alone configures nothing", () => {
    assert.equal(applies({}, "team/app"), null);
    assert.equal(applies({ selfRepository: SELF }, "team/app"), null);
  });

  for (const [claim, texts, on, off] of [
    ["a CSV", { enabled: "true", repositories: "other/x, Team/App" }, "team/app", "team/app2"],
    ["a JSON list", { enabled: "true", repositories: ' ["other/x","team/app"] ' }, "team/app", "x"],
    ["a list alone is on", { repositories: "team/app" }, "team/app", SELF],
    ["enabled alone: self", { enabled: "true", selfRepository: SELF }, SELF, "team/app"],
    ["an empty list: self", { repositories: "", selfRepository: SELF }, SELF, "team/app"],
    ["an empty JSON list: self", { repositories: "[]", selfRepository: SELF }, SELF, "team/app"],
    ["a list beats self", { repositories: "x/y", selfRepository: SELF }, "x/y", SELF],
  ] as const) {
    it(claim, () => {
      assert.equal(applies(texts, on), true);
      assert.equal(applies(texts, off), false);
    });
  }

  it("is off where it is switched off, whatever else is there", () => {
    for (const repository of ["team/app", SELF]) {
      const texts = { enabled: " false\n", repositories: "team/app", selfRepository: SELF };
      assert.equal(applies(texts, repository), false);
    }
  });

  for (const [claim, texts, property] of [
    ["a misspelt switch", { enabled: "flase" }, "verified-images:enabled"],
    ["an empty switch", { enabled: "" }, "verified-images:enabled"],
    ["a number as a switch", { enabled: "1" }, "verified-images:enabled"],
    ["a switch in capitals", { enabled: "TRUE" }, "verified-images:enabled"],
    [
      "a list that is no JSON",
      { enabled: "true", repositories: "[team/app]" },
      "verified-images:repositories",
    ],
    ["a list of numbers", { repositories: "[1]" }, "verified-images:repositories"],
    ["a list within a list", { repositories: '[["a/b"]]' }, "verified-images:repositories"],
    ["semicolons", { repositories: "example/shop;example/web" }, "verified-images:repositories"],
    ["a URL", { repositories: "a/b,https://github.com/example/shop" }, "verified-images:repositories"],
    ["a JSON object", { repositories: '{"a":1}' }, "verified-images:repositories"],
    ["a name that has a blank", { repositories: '["a b"]' }, "verified-images:repositories"],
    [
      "a URL of its own",
      { enabled: "true", selfRepository: "git@x.io:me/self" },
      "verified-images:selfRepository",
    ],
  ] as const) {
    it(`is an error, and never off, with ${claim}`, () => {
      const { rollout, failures } = configuredRollout(texts);
      assert.equal(rollout, null);
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(
        failures[0]?.reason ?? "",
        /expected .*; it could weaken the gate, so nothing is assumed$/,
      );
    });
  }

  it("names everything that can't be read at once", () =>
    assert.equal(configuredRollout({ enabled: "yes", repositories: "[" }).failures.length, 2));

  it("by a program is an error, too, when it can't be read", () => {
    const said = (rollout: unknown): string[] =>
      rolloutFailures(rollout as Rollout).map(({ property }) => property);
    assert.deepEqual(said({ enabled: true, repositories: ["a/b"], selfRepository: null }), []);
    assert.deepEqual(said({ enabled: false, repositories: "a/b" }), []);
    assert.deepEqual(said({ enabled: "true", repositories: 5 }), ["rollout.enabled", "rollout.repositories"]);
    assert.deepEqual(said({ enabled: true, repositories: [5] }), ["rollout.repositories"]);
    for (const repositories of ['["example/shop"]', "a/b;c/d", "https://github.com/a/b", ["a/b", "{}"], {}]) {
      assert.deepEqual(said({ enabled: true, repositories }), ["rollout.repositories"]);
    }
    assert.deepEqual(said({ enabled: true, selfRepository: "https://x.io/a" }), ["rollout.selfRepository"]);
  });

  it("has the entry in its error that is no name", () => {
    const [failure] = configuredRollout({ repositories: "a/b, c d,e/f" }).failures;
    assert.match(failure?.reason ?? "", /^has "c d", expected owner\/name,owner\/other/);
  });

  it("asks for the program's own repository only where the answer depends on it", () => {
    assert.ok(needsSelf({ enabled: true }));
    assert.ok(needsSelf({ enabled: true, repositories: " , ", selfRepository: " " }));
    assert.ok(!needsSelf({ enabled: false }));
    assert.ok(!needsSelf({ enabled: true, repositories: ["a/b"] }));
    assert.ok(!needsSelf({ enabled: true, selfRepository: SELF }));
  });
});
