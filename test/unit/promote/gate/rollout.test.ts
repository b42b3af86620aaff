import assert from "node:assert/strict";
import { imageFreshnessApplies, type Rollout } from "../../../../provider/promote/gate/rollout";
import {
  configuredRollout,
  needsSelf,
  rolloutFailures,
} from "../../../../provider/promote/gate/rollout-settings";
import type { RolloutTexts } from "../../../../provider/promote/gate/rollout-settings";
import { each } from "../../../support/each";
import { properties } from "../../said";

const SELF = "me/self";

describe("imageFreshnessApplies", () => {
  const self = { enabled: true, selfRepository: SELF };
  const list = (repositories: Rollout["repositories"]): Rollout => ({ enabled: true, repositories });
  each("%s", [
    ["off", "Team/App", { ...list("team/app"), enabled: false, selfRepository: "team/app" }, false],
    ["member of a CSV", "team/app", list("other/x, team/app"), true],
    ["no member of a CSV", "team/app", list("other/x,team/app2"), false],
    ["no member by substring", "app", list("team/app"), false],
    ["member of an array", "team/app", list(["other/x", "team/app"]), true],
    ["trimmed and lower-cased on both sides", " Team/App\n", list([" TEAM/app "]), true],
    ["empties dropped", "team/app", list(" ,,team/app, "), true],
    ["a list beats the self-hosting repository", SELF, { ...self, repositories: ["x/y"] }, false],
    ["empty CSV: self", SELF, { enabled: true, repositories: "", selfRepository: "Me/Self " }, true],
    ["empty CSV: another", "team/app", { ...self, repositories: "" }, false],
    ["only empties: self", SELF, { ...self, repositories: [" ", ""] }, true],
    ["empty array: self", SELF, { ...self, repositories: [] }, true],
    ["null: self", SELF, { ...self, repositories: null }, true],
    ["absent: self", SELF, self, true],
    ["no list and no self", "team/app", { enabled: true }, false],
    ["no list and a null self", "team/app", { enabled: true, selfRepository: null }, false],
    ["an empty repository matches no empty self", "", { enabled: true, selfRepository: "" }, false],
    ["a blank repository matches nothing", "  ", list(" , "), false],
  ])((_, repository, rollout, applies) => assert.equal(imageFreshnessApplies(repository, rollout), applies));

  const unreadable = { get: () => assert.fail("can't be read") };
  const thrower = Object.defineProperty({ enabled: true }, "repositories", unreadable);
  each("is no, and no error, with %s", [
    ["a number as list", "team/app", { enabled: true, repositories: 5 }],
    ["a list of numbers", "5", { enabled: true, repositories: [5] }],
    ["a getter that throws", "team/app", thrower],
    ["no rollout", "team/app", undefined],
    ["no repository", undefined, { enabled: true, repositories: "undefined" }],
    ["a repository of another type", 5, { enabled: true, repositories: "5" }],
    ["a self of another type", "5", { enabled: true, selfRepository: 5 }],
    ["enabled as a text", "team/app", { enabled: "true", repositories: "team/app" }],
    ["an object as list", "team/app", { enabled: true, repositories: { 0: "team/app" } }],
  ])((_, repository, rollout) =>
    assert.equal(imageFreshnessApplies(repository as string, rollout as unknown as Rollout), false),
  );
});

describe("the rollout by a stack's configuration", () => {
  const applies = (texts: RolloutTexts, repository: string): boolean | null => {
    const { rollout, failures } = configuredRollout(texts);
    assert.deepEqual(failures, []);
    return rollout === null ? null : imageFreshnessApplies(repository, rollout);
  };
  const off = { enabled: " false\n", repositories: "team/app", selfRepository: SELF };
  each("%s", [
    ["is nothing where nothing is configured", {}, null, null],
    ["is nothing with a self-hosting repository alone", { selfRepository: SELF }, null, null],
    ["reads a CSV", { enabled: "true", repositories: "other/x, Team/App" }, true, false],
    ["reads a JSON list", { enabled: "true", repositories: ' ["other/x","team/app"] ' }, true, false],
    ["is on with a list alone", { repositories: "team/app" }, true, false],
    ["is on for self when enabled alone", { enabled: "true", selfRepository: SELF }, false, true],
    ["is on for self with an empty list", { repositories: "", selfRepository: SELF }, false, true],
    ["is on for self with an empty JSON list", { repositories: "[]", selfRepository: SELF }, false, true],
    ["takes a list before self", { repositories: "team/app", selfRepository: SELF }, true, false],
    ["is off where it is switched off, whatever else is there", off, false, false],
  ])((_, texts, app, self) => {
    const found = ["team/app", SELF, "team/app2"].map((name) => applies(texts, name));
    assert.deepEqual(found, [app, self, app === null ? null : false]);
  });

  each("is an error, and never off, with %j", [
    [{ enabled: "flase" }, "enabled"],
    [{ enabled: "" }, "enabled"],
    [{ enabled: "1" }, "enabled"],
    [{ enabled: "TRUE" }, "enabled"],
    [{ enabled: "true", repositories: "[team/app]" }, "repositories"],
    [{ repositories: "[1]" }, "repositories"],
    [{ repositories: '[["a/b"]]' }, "repositories"],
    [{ repositories: "example/shop;example/web" }, "repositories"],
    [{ repositories: "a/b,https://github.com/example/shop" }, "repositories"],
    [{ repositories: '{"a":1}' }, "repositories"],
    [{ repositories: '["a b"]' }, "repositories"],
    [{ enabled: "true", selfRepository: "git@x.io:me/self" }, "selfRepository"],
  ])((texts, property) => {
    const { rollout, failures } = configuredRollout(texts);
    assert.deepEqual([rollout, properties(failures)], [null, [`verified-images:${property}`]]);
    assert.match(failures[0]?.reason ?? "", /expected .*; it could weaken the gate, so nothing is assumed$/);
  });

  it("names everything that can't be read at once", () =>
    assert.equal(configuredRollout({ enabled: "yes", repositories: "[" }).failures.length, 2));

  it("has the entry in its error that is no name", () => {
    const [failure] = configuredRollout({ repositories: "a/b, c d,e/f" }).failures;
    assert.match(failure?.reason ?? "", /^has "c d", expected owner\/name,owner\/other/);
  });

  it("by a program is an error, too, when it can't be read", () => {
    const said = (rollout: unknown): string[] => properties(rolloutFailures(rollout as Rollout));
    assert.deepEqual(said({ enabled: true, repositories: ["a/b"], selfRepository: null }), []);
    assert.deepEqual(said({ enabled: false, repositories: "a/b" }), []);
    assert.deepEqual(said({ enabled: "true", repositories: 5 }), ["rollout.enabled", "rollout.repositories"]);
    const URL = "https://github.com/a/b";
    for (const repositories of [[5], '["example/shop"]', "a/b;c/d", URL, ["a/b", "{}"], {}])
      assert.deepEqual(said({ enabled: true, repositories }), ["rollout.repositories"]);
    assert.deepEqual(said({ enabled: true, selfRepository: "https://x.io/a" }), ["rollout.selfRepository"]);
  });

  it("asks for the program's own repository only where the answer depends on it", () => {
    for (const rollout of [{}, { repositories: " , ", selfRepository: " " }])
      assert.ok(needsSelf({ enabled: true, ...rollout }));
    for (const rollout of [{ enabled: false }, { repositories: ["a/b"] }, { selfRepository: SELF }])
      assert.ok(!needsSelf({ enabled: true, ...rollout }));
  });
});
