import assert from "node:assert/strict";
import { imageFreshnessApplies, type Rollout } from "../../../../provider/promote/gate/rollout";

describe("imageFreshnessApplies", () => {
  const cases: [string, string, Rollout, boolean][] = [
    ["off", "Team/App", { enabled: false, repositories: "team/app", selfRepository: "team/app" }, false],
    ["member of a CSV", "team/app", { enabled: true, repositories: "other/x, team/app" }, true],
    ["no member of a CSV", "team/app", { enabled: true, repositories: "other/x,team/app2" }, false],
    ["no member by substring", "app", { enabled: true, repositories: "team/app" }, false],
    ["member of an array", "team/app", { enabled: true, repositories: ["other/x", "team/app"] }, true],
    [
      "trimmed and lower-cased on both sides",
      " Team/App\n",
      { enabled: true, repositories: [" TEAM/app "] },
      true,
    ],
    ["empties dropped", "team/app", { enabled: true, repositories: " ,,team/app, " }, true],
    [
      "a list beats the self-hosting repository",
      "me/self",
      { enabled: true, repositories: ["x/y"], selfRepository: "me/self" },
      false,
    ],
    ["empty CSV: self", "me/self", { enabled: true, repositories: "", selfRepository: "Me/Self " }, true],
    ["empty CSV: another", "team/app", { enabled: true, repositories: "", selfRepository: "me/self" }, false],
    [
      "only empties: self",
      "me/self",
      { enabled: true, repositories: [" ", ""], selfRepository: "me/self" },
      true,
    ],
    ["empty array: self", "me/self", { enabled: true, repositories: [], selfRepository: "me/self" }, true],
    ["null: self", "me/self", { enabled: true, repositories: null, selfRepository: "me/self" }, true],
    ["absent: self", "me/self", { enabled: true, selfRepository: "me/self" }, true],
    ["no list and no self", "team/app", { enabled: true }, false],
    ["no list and a null self", "team/app", { enabled: true, selfRepository: null }, false],
    ["an empty repository matches no empty self", "", { enabled: true, selfRepository: "" }, false],
    ["a blank repository matches nothing", "  ", { enabled: true, repositories: " , " }, false],
  ];
  for (const [claim, repository, rollout, applies] of cases) {
    it(claim, () => assert.equal(imageFreshnessApplies(repository, rollout), applies));
  }

  const thrower = {
    enabled: true,
    get repositories(): string {
      throw new Error("can't be read");
    },
  };
  const broken: [string, unknown, unknown][] = [
    ["a number as list", "team/app", { enabled: true, repositories: 5 }],
    ["a list of numbers", "5", { enabled: true, repositories: [5] }],
    ["a getter that throws", "team/app", thrower],
    ["no rollout", "team/app", undefined],
    ["no repository", undefined, { enabled: true, repositories: "undefined" }],
    ["a repository of another type", 5, { enabled: true, repositories: "5" }],
    ["a self of another type", "5", { enabled: true, selfRepository: 5 }],
    ["enabled as a text", "team/app", { enabled: "true", repositories: "team/app" }],
    ["an object as list", "team/app", { enabled: true, repositories: { 0: "team/app" } }],
  ];
  for (const [claim, repository, rollout] of broken) {
    it(`is no, and no error, with ${claim}`, () =>
      assert.equal(imageFreshnessApplies(repository as string, rollout as Rollout), false));
  }
});
