import assert from "node:assert/strict";
import { accessSync, chmodSync, constants, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makePlan, planImage } from "../../../provider/inputs/plan";
import { failureLines, LATER, later } from "../said";
import { scratch } from "../store/scratch";

/** A program's directory with these files; names that end in a slash are directories. */
function program(files: Record<string, string> = { "app/Dockerfile": "FROM debian\nRUN x\n" }): string {
  const directory = scratch();
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, content);
  }
  return directory;
}
const GOOD = { name: "web", context: "app", root: "artifacts" };
const said = async (inputs: Record<string, unknown>, directory = program()): Promise<string[]> =>
  failureLines((await planImage(inputs, directory, { later })).failures).map((line) =>
    line.replaceAll(directory, "<program>"),
  );

describe("planImage", () => {
  it("has nothing to say of good inputs, and makes nothing", async () => {
    const directory = program();
    for (const more of [{}, { recipe: "app/Dockerfile", engine: null, recipeX: undefined }])
      assert.deepEqual(await said({ ...GOOD, ...more }, directory), []);
  });

  it("names all that is missing, and what to give", async () => {
    const reasons = await said({});
    const missing = ["name: is missing", "context: is missing", "root: is missing"];
    assert.deepEqual(
      reasons.map((reason) => reason.split(";")[0]),
      missing,
    );
    for (const reason of reasons) assert.match(reason, /; give .*, such as /);
  });

  it("names everything that is wrong, at once", async () => {
    const inputs = { name: "Web", context: "none", root: "app/Dockerfile", recipe: "none", engine: "podman" };
    const secrets = { a: { env: "UNIT_TEST_NONE" } };
    const reasons = await said({ ...inputs, tag: "x", secrets, retain: 0 });
    const properties = reasons.map((reason) => reason.split(":")[0]);
    assert.deepEqual(properties.sort(), "context engine name recipe retain root secrets.a tag".split(" "));
  });

  it("says where no recipe is, and what the default is", async () => {
    const directory = program({ "app/": "" });
    const words = "there is no such file; recipe names the Dockerfile (default: <context>/Dockerfile)";
    for (const [recipe, place] of [
      [undefined, "app/Dockerfile"],
      [null, "app/Dockerfile"],
      ["x/Recipe", "x/Recipe"],
    ] as const)
      assert.deepEqual(await said({ ...GOOD, recipe }, directory), [`recipe: <program>/${place}: ${words}`]);
    assert.match((await said({ ...GOOD, recipe: "app" }, directory))[0] ?? "", /it can't be read \(EISDIR\)/);
  });

  it("says what is wrong in the recipe, with the line", async () => {
    const recipe = async (text: string, inputs = {}): Promise<string> =>
      (await said({ ...GOOD, ...inputs }, program({ "app/Dockerfile": text })))[0] ?? "";
    assert.match(await recipe(""), /^recipe: <program>\/app\/Dockerfile: .*empty/);
    assert.match(await recipe("RUN x\n"), /^recipe: .*FROM/);
    assert.match(await recipe("FROM debian\nRUNN x\n"), /^recipe: .*line 2/i);
    assert.match(await recipe("FROM debian AS one\n", { target: "two" }), /^recipe: .*two/);
    assert.match(await recipe("ARG BASE\nFROM $BASE\n"), /^recipe: /);
    assert.equal(await recipe("ARG BASE\nFROM $BASE\n", { buildArgs: { BASE: "debian" } }), "");
  });

  it("says of a context that it is no directory", async () => {
    const words = "is not a directory; give the build context's directory";
    for (const context of ["none", "app/Dockerfile"])
      assert.deepEqual(await said({ ...GOOD, context }), [`context: <program>/${context} ${words}`]);
  });

  it("says of a root that it is no directory, or that it can't be written", async () => {
    assert.deepEqual(await said({ ...GOOD, root: "app/Dockerfile/store" }), [
      "root: <program>/app/Dockerfile is not a directory; the artifact store needs one",
    ]);
    assert.deepEqual(await said({ ...GOOD, root: "a/b/c" }), []);
    const directory = program({ "app/Dockerfile": "FROM debian\n", "closed/": "" });
    chmodSync(join(directory, "closed"), 0o555);
    const places = [join(directory, "closed"), "/sys", "/proc/sys"];
    for (const place of places) {
      // The superuser may write everywhere but to a file system that is mounted read-only.
      const writable = ((): boolean => {
        try {
          accessSync(place, constants.W_OK);
          return true;
        } catch {
          return false;
        }
      })();
      const name = place.replace(directory, "<program>");
      const words = `root: ${name} is not writable; choose another root or change its permissions`;
      const reasons = await said({ ...GOOD, root: join(place, "a/store") }, directory);
      assert.deepEqual(reasons, writable ? [] : [words]);
    }
  });

  it("says that a root can't be the context itself, by whatever name", async () => {
    const directory = program();
    symlinkSync("app", join(directory, "link"));
    for (const root of ["app", "./app/../app", "link"]) {
      const [reason = ""] = await said({ ...GOOD, root }, directory);
      assert.match(reason, /^root: \S+ is the build context itself/);
    }
    assert.deepEqual(await said({ ...GOOD, root: "app/artifacts" }, directory), []);
    assert.deepEqual(await said({ ...GOOD, root: "." }, directory), [], "a store around the context");
  });

  it("says of secrets that they can't be had, and never what they are", async () => {
    process.env.UNIT_TEST_SECRET = "hunter2";
    try {
      const secrets = {
        there: { env: "UNIT_TEST_SECRET" },
        gone: { env: "UNIT_TEST_NONE" },
        file: { file: "app/Dockerfile" },
        lost: { file: "app/key.pem" },
      };
      assert.deepEqual(await said({ ...GOOD, secrets }), [
        "secrets.gone: the environment has no variable UNIT_TEST_NONE",
        "secrets.lost: app/key.pem can't be read",
      ]);
    } finally {
      delete process.env.UNIT_TEST_SECRET;
    }
  });

  it("refuses what can't be together", async () => {
    for (const verify of ["skip", "background"]) {
      assert.deepEqual(await said({ ...GOOD, requireVerified: true, verify }), [
        `requireVerified: can't be true together with verify: ${verify}, which gives no verdict in time; use verify: inline`,
      ]);
    }
    assert.deepEqual(await said({ ...GOOD, requireVerified: true, verify: "inline" }), []);
    const revision = "a".repeat(40);
    const label = "org.opencontainers.image.revision";
    const both = { ...GOOD, revision, labels: { [label]: revision }, buildArgs: { GIT_SHA: revision } };
    assert.deepEqual(await said(both), [
      `labels.${label}: is set by revision; give one of them only`,
      "buildArgs.GIT_SHA: is set by revision; give one of them only",
    ]);
    assert.deepEqual(await said({ ...both, revision: null }), []);
    assert.deepEqual(await said({ ...GOOD, revision, labels: null, buildArgs: null }), []);
    assert.equal((await said({ ...GOOD, revision, labels: "x", buildArgs: 5 })).length, 2);
  });

  it("leaves alone what is not known yet, and what would need it", async () => {
    for (const name of "name root recipe target buildArgs platform secrets revision labels".split(" "))
      assert.deepEqual(await said({ ...GOOD, [name]: LATER }), [], name);
    assert.deepEqual(await said({ ...GOOD, context: LATER }), []);
    assert.deepEqual(await said({ ...GOOD, secrets: { a: { env: LATER } }, labels: { a: LATER } }), []);
    assert.deepEqual(await said({ ...GOOD, context: LATER, retain: 0 }), [
      "retain: expected at least 1: the latest build is never pruned",
    ]);
  });

  it("makes a plan of what is right and known, and of nothing else", async () => {
    const directory = program();
    const { plan, known, recipe } = await planImage({ ...GOOD, retain: 3 }, directory);
    assert.deepEqual(plan, makePlan({ ...GOOD, retain: 3 }, directory));
    assert.deepEqual(known, plan);
    assert.deepEqual(recipe?.references, ["debian"]);
    const unsure = { ...GOOD, name: LATER, retain: 0, buildArgs: { A: LATER } };
    const part = await planImage(unsure, directory, { later });
    assert.equal(part.plan, null);
    assert.deepEqual(part.recipe?.references, [], "a variable may decide");
    const { name, retain, buildArgs, ...rest } = makePlan(GOOD, directory);
    assert.deepEqual(part.known, rest);
    assert.ok(name && retain && buildArgs);
  });
});
