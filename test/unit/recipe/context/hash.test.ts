import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { changedPaths } from "../../../../provider/recipe/context/changed-paths";
import { type ContextHashOptions, hashContext } from "../../../../provider/recipe/context/hash";
import { each } from "../../../support/each";
import { newDirectory, newTree, removeTrees } from "./tree";

const FILES = {
  Dockerfile: "FROM x\n",
  "src/main.py": "print(1)\n",
  "src/empty/": "",
  link: "-> src/main.py",
};

const seenIn = (context: string, options: Partial<ContextHashOptions> = {}): ReturnType<typeof hashContext> =>
  hashContext({ context, recipe: join(context, "Dockerfile"), exclude: [], ...options });
const hashOf = async (...question: Parameters<typeof seenIn>): Promise<string> =>
  (await seenIn(...question)).hash;

/** Lets root give up its rights meanwhile: it can read everything. */
async function asNobody(run: () => Promise<unknown>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe("hashContext", () => {
  afterEach(removeTrees);

  it("gives these bytes' hash: a line, then kind, executable or not, lengths, path and payload of each entry", async () => {
    const context = newTree({ "b/f": "hi", "b.x": "-> b" });
    const hash = createHash("sha256").update("verified-images context 2\n");
    const add = (kind: string, mode: number, path: string, payload: Buffer): void => {
      const numbers = Buffer.alloc(10);
      numbers.writeUInt16BE(mode, 0);
      numbers.writeUInt32BE(path.length, 2);
      numbers.writeUInt32BE(payload.length, 6);
      hash.update(kind).update(numbers).update(path).update(payload);
    };
    add("d", 0, "b", Buffer.alloc(0));
    add("l", 0, "b.x", Buffer.from("b"));
    add("f", 0, "b/f", createHash("sha256").update("hi").digest());
    const result = await seenIn(context, { recipe: "elsewhere/Dockerfile" });
    assert.deepEqual(
      { ...result, entries: [] },
      { entries: [], hash: `sha256:${hash.digest("hex")}`, files: 1, bytes: 2, paths: ["b.x", "b/f"] },
    );
  });

  it("is the same for the same tree elsewhere, made in another order, with other times", async () => {
    const one = newTree(FILES);
    const other = newTree(Object.fromEntries(Object.entries(FILES).reverse()));
    fs.utimesSync(join(other, "Dockerfile"), 1, 1);
    fs.chmodSync(other, 0o700);
    assert.equal(await hashOf(one), await hashOf(other));
    const moved = join(newDirectory(), "moved");
    fs.renameSync(other, moved);
    assert.equal(await hashOf(moved), await hashOf(one));
  });

  each("is the same whatever umask a tree was made with: %s", [
    ["002", 0o664, 0o775],
    ["022", 0o644, 0o755],
    ["027, with setgid folders", 0o640, 0o2750],
    ["077", 0o600, 0o700],
  ])(async (_, file, folder) => {
    const context = newTree({ ...FILES, "run.sh": "x" });
    fs.chmodSync(join(context, "run.sh"), 0o755);
    const before = await hashOf(context);
    fs.chmodSync(join(context, "src/main.py"), file);
    fs.chmodSync(join(context, "run.sh"), folder & 0o777);
    fs.chmodSync(join(context, "src"), folder);
    assert.equal(await hashOf(context), before);
  });

  const [MAIN, LINK] = ["src/main.py", "link"];
  const link = (to: string): void => {
    fs.rmSync(LINK);
    fs.symlinkSync(to, LINK);
  };
  each("changes with %s", [
    ["content", () => fs.writeFileSync(MAIN, "print(2)\n")],
    ["the executable bit", () => fs.chmodSync(MAIN, 0o755)],
    ["a name", () => fs.renameSync(MAIN, "src/main2.py")],
    ["an empty directory gone", () => fs.rmdirSync("src/empty")],
    ["an empty directory more", () => fs.mkdirSync("more")],
    ["a link's target", () => link("src/./main.py")],
    ["a link turned into its file", () => (fs.rmSync(LINK), fs.copyFileSync(MAIN, LINK))],
    ["a pipe", () => execFileSync("mkfifo", ["pipe"])],
    ["a .git below the root", () => newTree({ "src/.git/HEAD": "x" }, ".")],
  ])(async (_, change) => {
    const context = newTree(FILES);
    const before = await hashOf(context);
    const home = process.cwd();
    process.chdir(context);
    try {
      change();
    } finally {
      process.chdir(home);
    }
    assert.notEqual(await hashOf(context), before);
  });

  each("can't be made equal by moving bytes between names, contents and files: %j, %j", [
    [{ ab: "c" }, { a: "bc" }],
    [{ a: "b", c: "d" }, { a: "bcd" }],
    [{ a: "-> b" }, { a: "b" }],
    [{ "a/": "" }, { a: "" }],
  ])(async (one, other) =>
    assert.notEqual(await hashOf(newTree({ ...one })), await hashOf(newTree({ ...other }))),
  );

  each("an ignore file that is a link is read inside the context, and refused outside of it: %s", [
    [".dockerignore", "rules/ignore", true],
    [".dockerignore", "../outside", false],
    [".dockerignore", "../not-there", false],
    [".dockerignore", "rules/../../outside", false],
    ["Dockerfile.dockerignore", "rules/ignore", true],
    ["Dockerfile.dockerignore", "door/outside", false],
  ])(async (name, target, isRead) => {
    const around = newTree({ outside: "src\n", "context/door": "-> .." });
    const context = newTree({ ...FILES, "rules/ignore": "src\n" }, join(around, "context"));
    const before = await hashOf(context);
    fs.rmSync(join(context, name), { force: true });
    fs.symlinkSync(target, join(context, name));
    if (!isRead) {
      const refused = {
        code: "context-ignore-invalid",
        message: / is a link to .*, which is outside the build context /,
      };
      return await assert.rejects(hashOf(context), refused);
    }
    const { entries } = await seenIn(context, { recipe: join(context, "Dockerfile") });
    assert.ok(!entries.some(({ path }) => path.startsWith("src/")), "its rules count");
    assert.notEqual(await hashOf(context), before);
  });

  it("gives the entries from which changed paths are told, the first ones in byte order", async () => {
    const context = newTree(FILES);
    const [before, again] = [await seenIn(context, {}), await seenIn(context, {})];
    assert.deepEqual(changedPaths(before.entries, again.entries, 9), []);
    fs.writeFileSync(join(context, "src/main.py"), "print(3)\n");
    fs.rmSync(join(context, "link"));
    newTree({ zü: "1", "more/x": "2" }, context);
    const { entries } = await seenIn(context, {});
    const paths = ["link", "more", "more/x", "src/main.py", "zü"];
    assert.deepEqual(changedPaths(before.entries, entries, 9), paths);
    assert.deepEqual(changedPaths(entries, before.entries, 2), paths.slice(0, 2));
  });

  it("leaves out .git at the root, and the excluded directories, there or not", async () => {
    const context = newTree(FILES);
    const exclude = [join(context, ".images"), join(context, "not/there"), newDirectory()];
    const before = await hashOf(context, { exclude });
    newTree({ ".git/HEAD": "x", ".images/layer/x.lock": "y" }, context);
    assert.equal(await hashOf(context, { exclude }), before);
    assert.notEqual(await hashOf(context), before);
    fs.rmSync(join(context, ".git"), { recursive: true });
    fs.writeFileSync(join(context, ".git"), "gitdir: elsewhere");
    assert.equal(await hashOf(context, { exclude }), before);
  });

  it("knows an excluded directory through links", async () => {
    const context = newTree({ ...FILES, "store/x": "1" });
    const door = join(newDirectory(), "door");
    fs.symlinkSync(context, door);
    const [plain, linked] = [[join(context, "store")], [join(door, "store")]];
    const hashes = [await hashOf(context, { exclude: linked }), await hashOf(door, { exclude: plain })];
    assert.deepEqual(hashes, Array(2).fill(await hashOf(context, { exclude: plain })));
  });

  it("refuses to exclude the context itself, but not what lies around it", async () => {
    const context = newTree({ "app/Dockerfile": "FROM x" });
    const refused = { code: "context-exclusion-invalid", path: context };
    await assert.rejects(hashOf(context, { exclude: [context] }), refused);
    const app = join(context, "app");
    assert.equal(await hashOf(app, { exclude: [context] }), await hashOf(app));
  });

  it("honours .dockerignore, also exceptions below an ignored directory", async () => {
    const wanted = { "src/keep/a.py": "1" };
    const rules = { "src/keep/b.txt": "2", ".dockerignore": "**\n!src/keep/*.py\n" };
    const seen = await seenIn(newTree({ ...FILES, ...rules, ...wanted }));
    assert.deepEqual([seen.files, seen.hash], [1, await hashOf(newTree(wanted))]);
  });

  it("takes the recipe's own ignore file first, even an empty one", async () => {
    const context = newTree({ ...FILES, ".dockerignore": "src\n" });
    const recipe = join(newDirectory(), "Dockerfile");
    const counts = [(await seenIn(context, { recipe })).files];
    for (const rules of ["", "*\n"]) {
      fs.writeFileSync(`${recipe}.dockerignore`, rules);
      counts.push((await seenIn(context, { recipe })).files);
    }
    assert.deepEqual(counts, [2, 3, 0]);
  });

  it("counts sockets and pipes without opening them", async () => {
    const context = newTree(FILES);
    execFileSync("mkfifo", [join(context, "pipe")]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(context, "socket"), done));
    try {
      assert.equal((await seenIn(context)).files, 2);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it("tells names that are not UTF-8 apart", async () => {
    const hashes = [0xfe, 0xff].map((byte) => {
      const context = newDirectory();
      fs.writeFileSync(Buffer.concat([Buffer.from(`${context}/`), Buffer.from([byte])]), "x");
      return hashOf(context);
    });
    assert.notEqual(await hashes[0], await hashes[1]);
  });

  it("reads large files whole", async () => {
    const hashes = [7, 8].map((last) => {
      const context = newDirectory();
      const content = Buffer.alloc(3 * 1024 * 1024 + 17, 7);
      content[content.length - 1] = last;
      fs.writeFileSync(join(context, "big"), content);
      return hashOf(context);
    });
    assert.notEqual(await hashes[0], await hashes[1]);
  });

  it("stops with the signal's reason", async () => {
    const reason = new Error("enough");
    await assert.rejects(hashOf(newTree(FILES), { signal: AbortSignal.abort(reason) }), reason);
  });

  const UNREADABLE = { name: "ContextError", code: "context-unreadable" };
  it("names a context that isn't there, one that is a file, and a file that can't be read unless it is ignored", async () => {
    const context = newTree(FILES);
    for (const path of [join(context, "missing"), join(context, "Dockerfile")])
      await assert.rejects(hashOf(path), { ...UNREADABLE, path });
    const path = join(context, MAIN);
    fs.chmodSync(path, 0o000);
    await asNobody(() => assert.rejects(hashOf(context), { ...UNREADABLE, path }));
    fs.writeFileSync(join(context, ".dockerignore"), "src\n");
    await asNobody(() => hashOf(context));
  });
});
