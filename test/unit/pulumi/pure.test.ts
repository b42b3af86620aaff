import assert from "node:assert/strict";
import { relative } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { initFailed } from "../../../provider/pulumi/host/init-failed";
import { programPath, programPaths } from "../../../provider/pulumi/host/program-paths";
import { echoed, userInputs } from "../../../provider/pulumi/host/properties";
import { same } from "../../../provider/pulumi/host/same";
import { isUnknown, UNKNOWN } from "../../../provider/pulumi/host/unknowns";

describe("unknowns", () => {
  it("are what the SDK says they are", () => assert.equal(UNKNOWN, runtime.unknownValue));

  it("are found at any leaf, and nowhere else", () => {
    for (const value of [UNKNOWN, [1, UNKNOWN], { a: { b: [{ c: UNKNOWN }] } }]) assert.ok(isUnknown(value));
    for (const value of [undefined, null, "", 0, [], {}, `${UNKNOWN} `, { [UNKNOWN]: 1 }])
      assert.ok(!isUnknown(value));
  });
});

describe("same", () => {
  const equal: [unknown, unknown][] = [
    [undefined, null],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: { c: [1], b: 2 } }, { a: { b: 2, c: [1] } }],
    [{ a: 1, b: undefined }, { a: 1 }],
    [[], []],
    ["ä", "ä"],
  ];
  const unequal: [unknown, unknown][] = [
    [1, "1"],
    [0, null],
    ["", null],
    [false, undefined],
    [[], {}],
    [{}, null],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: null }, {}],
    [true, "true"],
  ];
  for (const [a, b] of equal)
    it(`${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => assert.ok(same(a, b) && same(b, a)));
  for (const [a, b] of unequal)
    it(`not ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => assert.ok(!same(a, b) && !same(b, a)));
});

describe("programPath", () => {
  const HERE = "/home/me/project";
  const paths: [unknown, unknown][] = [
    ["app", "app"],
    ["./app", "app"],
    ["././app/Dockerfile", "app/Dockerfile"],
    [".", "."],
    ["../app", "../app"],
    [`${HERE}/app`, "app"],
    [HERE, "."],
    ["/home/me/other", "../other"],
    ["/home/me/project-2/app", "../project-2/app"],
    ["/", "../../.."],
    ["", ""],
    [UNKNOWN, UNKNOWN],
    [undefined, undefined],
    [5, 5],
  ];
  for (const [given, wanted] of paths)
    it(`${String(given)}: ${String(wanted)}`, () => assert.deepEqual(programPath(given, HERE), wanted));

  it("of one place is the same in every clone", () => {
    for (const clone of ["/a", "/b/c/d"]) assert.equal(programPath(`${clone}/app`, clone), "app");
    assert.equal(relative("/a", "/a/app"), "app");
  });
});

describe("programPaths", () => {
  const HERE = "/project";

  it("makes recipe, context, root and the files of secrets relative, and leaves the rest", () => {
    const inputs = {
      recipe: "/project/app/Dockerfile",
      context: "/project/app",
      root: "/artifacts",
      host: "unix:///run/docker.sock",
      force: "/project/x",
      secrets: { key: { file: "/project/key.pem" }, token: { env: "TOKEN" } },
    };
    const before = structuredClone(inputs);
    assert.deepEqual(programPaths(inputs, HERE), {
      ...inputs,
      recipe: "app/Dockerfile",
      context: "app",
      root: "../artifacts",
      secrets: { key: { file: "key.pem" }, token: { env: "TOKEN" } },
    });
    assert.deepEqual(inputs, before);
  });

  it("makes the work tree of a promotion relative, and leaves alone what is odd or not known yet", () => {
    const commit = { worktree: "/project/app/", branch: "main" };
    assert.deepEqual(programPaths({ commit }, HERE), { commit: { worktree: "app", branch: "main" } });
    for (const odd of [null, "x", ["x"], UNKNOWN, {}, { worktree: UNKNOWN }, { worktree: 5 }])
      assert.deepEqual(programPaths({ commit: odd }, HERE), { commit: odd });
  });

  it("adds nothing that was not there, and leaves alone what is odd or not known yet", () => {
    assert.deepEqual(programPaths({ name: "web" }, HERE), { name: "web" });
    for (const secrets of [
      null,
      "x",
      ["x"],
      UNKNOWN,
      { a: null, b: "x", c: { file: UNKNOWN }, d: UNKNOWN },
    ]) {
      assert.deepEqual(programPaths({ secrets, recipe: UNKNOWN, root: null }, HERE), {
        secrets,
        recipe: UNKNOWN,
        root: null,
      });
    }
  });
});

describe("properties", () => {
  const all = {
    __provider: "p",
    resourceUrn: "u",
    recipeHash: "r",
    contextHash: "c",
    live: "l",
    name: "web",
    keep: null,
  };

  it("that are the user's own are told from what Pulumi and this package add", () =>
    assert.deepEqual(userInputs(all), { name: "web", keep: null }));

  it("go into the state, all but what is about one moment", () => {
    const { live, ...rest } = all;
    assert.deepEqual(echoed(all), rest);
    assert.equal(live, all.live);
  });
});

describe("initFailed", () => {
  it("is an error that makes Pulumi keep the resource as it is", () => {
    const cause = new Error("not verified");
    const error = initFailed(cause, "web", { name: "web", __provider: "x" });
    assert.ok(error instanceof Error);
    assert.equal(error.message, "not verified");
    assert.equal(error.cause, cause);
    assert.deepEqual(
      { ...error },
      { id: "web", properties: { name: "web", __provider: "x" }, reasons: ["not verified"] },
    );
  });
});
