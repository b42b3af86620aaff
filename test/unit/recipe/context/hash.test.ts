import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type ContextHashOptions, hashContext } from "../../../../provider/recipe/context/hash";
import { newDirectory, newTree, removeTrees } from "./tree";

const FILES = {
  Dockerfile: "FROM x\n",
  "src/main.py": "print(1)\n",
  "src/empty/": "",
  link: "-> src/main.py",
};
const UNREADABLE = { name: "ContextError", code: "context-unreadable" };

async function hashOf(context: string, options: Partial<ContextHashOptions> = {}): Promise<string> {
  return (await hashContext({ context, recipe: join(context, "Dockerfile"), exclude: [], ...options })).hash;
}

/** Hashes two trees, and says whether the hashes are equal. */
async function alike(a: Record<string, string>, b: Record<string, string>): Promise<boolean> {
  return (await hashOf(newTree(a))) === (await hashOf(newTree(b)));
}

describe("hashContext", () => {
  afterEach(removeTrees);

  it("gives these bytes' hash: a line, then kind, mode, lengths, path and payload of each entry", async () => {
    const context = newTree({ "b/f": "hi", "b.x": "-> b" });
    const frame = (kind: string, mode: number, path: string, payload: Buffer): Buffer => {
      const numbers = Buffer.alloc(10);
      numbers.writeUInt16BE(mode, 0);
      numbers.writeUInt32BE(path.length, 2);
      numbers.writeUInt32BE(payload.length, 6);
      return Buffer.concat([Buffer.from(kind), numbers, Buffer.from(path), payload]);
    };
    const content = createHash("sha256").update("hi").digest();
    const hash = createHash("sha256")
      .update("verified-images context 1\n")
      .update(frame("d", 0o755, "b", Buffer.alloc(0)))
      .update(frame("l", 0, "b.x", Buffer.from("b")))
      .update(frame("f", 0o644, "b/f", content))
      .digest("hex");
    const result = await hashContext({ context, recipe: "elsewhere/Dockerfile", exclude: [] });
    assert.deepEqual(result, { hash: `sha256:${hash}`, files: 1, bytes: 2 });
  });

  it("is the same for the same tree elsewhere, made in another order, with other times", async () => {
    const one = newTree(FILES);
    const other = newTree(Object.fromEntries(Object.entries(FILES).reverse()));
    utimesSync(join(other, "Dockerfile"), 1, 1);
    chmodSync(other, 0o700);
    assert.equal(await hashOf(one), await hashOf(other));
    renameSync(other, `${other}-moved`);
    assert.equal(await hashOf(`${other}-moved`), await hashOf(one));
    rmSync(`${other}-moved`, { recursive: true });
  });

  const changes: Record<string, (context: string) => void> = {
    content: (context) => writeFileSync(join(context, "src/main.py"), "print(2)\n"),
    "the executable bit": (context) => chmodSync(join(context, "src/main.py"), 0o755),
    setuid: (context) => chmodSync(join(context, "src/main.py"), 0o4644),
    "a directory's mode": (context) => chmodSync(join(context, "src"), 0o700),
    "a name": (context) => renameSync(join(context, "src/main.py"), join(context, "src/main2.py")),
    "an empty directory gone": (context) => rmSync(join(context, "src/empty"), { recursive: true }),
    "an empty directory more": (context) => mkdirSync(join(context, "more")),
    "a link's target": (context) => {
      rmSync(join(context, "link"));
      symlinkSync("src/./main.py", join(context, "link"));
    },
    "a link turned into its file": (context) => {
      rmSync(join(context, "link"));
      writeFileSync(join(context, "link"), readFileSync(join(context, "src/main.py")));
    },
    "a pipe": (context) => execFileSync("mkfifo", [join(context, "pipe")]),
    "a .git below the root": (context) => newTree({ "src/.git/HEAD": "x" }, context),
  };
  for (const [claim, change] of Object.entries(changes)) {
    it(`changes with ${claim}`, async () => {
      const context = newTree(FILES);
      const before = await hashOf(context);
      change(context);
      assert.notEqual(await hashOf(context), before);
    });
  }

  it("can't be made equal by moving bytes between names, contents and files", async () => {
    assert.ok(!(await alike({ ab: "c" }, { a: "bc" })));
    assert.ok(!(await alike({ a: "b", c: "d" }, { a: "bcd" })));
    assert.ok(!(await alike({ a: "-> b" }, { a: "b" })));
    assert.ok(!(await alike({ "a/": "" }, { a: "" })));
  });

  it("leaves out .git at the root, and the excluded directories, there or not", async () => {
    const context = newTree(FILES);
    const exclude = [join(context, ".images"), join(context, "not/there"), newDirectory()];
    const before = await hashOf(context, { exclude });
    newTree({ ".git/HEAD": "x", ".images/layer/x.lock": "y" }, context);
    assert.equal(await hashOf(context, { exclude }), before);
    assert.notEqual(await hashOf(context), before);
    rmSync(join(context, ".git"), { recursive: true });
    writeFileSync(join(context, ".git"), "gitdir: elsewhere");
    assert.equal(await hashOf(context, { exclude }), before);
  });

  it("knows an excluded directory through links", async () => {
    const context = newTree({ ...FILES, "store/x": "1" });
    const door = join(newDirectory(), "door");
    symlinkSync(context, door);
    const plain = await hashOf(context, { exclude: [join(context, "store")] });
    assert.equal(await hashOf(context, { exclude: [join(door, "store")] }), plain);
    assert.equal(await hashOf(door, { exclude: [join(context, "store")] }), plain);
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
    const ignored = { ...FILES, "src/keep/b.txt": "2", ".dockerignore": "**\n!src/keep/*.py\n" };
    const context = newTree({ ...ignored, ...wanted });
    const seen = await hashContext({ context, recipe: "none", exclude: [] });
    assert.equal(seen.files, 1);
    assert.equal(seen.hash, await hashOf(newTree(wanted)));
  });

  it("takes the recipe's own ignore file first, even an empty one", async () => {
    const context = newTree({ ...FILES, ".dockerignore": "src\n" });
    const recipe = join(newDirectory(), "Dockerfile");
    const count = async (): Promise<number> => (await hashContext({ context, recipe, exclude: [] })).files;
    assert.equal(await count(), 2);
    writeFileSync(`${recipe}.dockerignore`, "");
    assert.equal(await count(), 3);
    writeFileSync(`${recipe}.dockerignore`, "*\n");
    assert.equal(await count(), 0);
  });

  it("counts sockets and pipes without opening them", async () => {
    const context = newTree(FILES);
    execFileSync("mkfifo", [join(context, "pipe")]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(context, "socket"), done));
    try {
      assert.equal((await hashContext({ context, recipe: "none", exclude: [] })).files, 2);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it("tells names that are not UTF-8 apart", async () => {
    const hashes = await Promise.all(
      [0xfe, 0xff].map((byte) => {
        const context = newDirectory();
        writeFileSync(Buffer.concat([Buffer.from(`${context}/`), Buffer.from([byte])]), "x");
        return hashOf(context);
      }),
    );
    assert.notEqual(hashes[0], hashes[1]);
  });

  it("reads large files whole", async () => {
    const [context, other] = [newDirectory(), newDirectory()];
    const content = Buffer.alloc(3 * 1024 * 1024 + 17, 7);
    writeFileSync(join(context, "big"), content);
    content[content.length - 1] = 8;
    writeFileSync(join(other, "big"), content);
    assert.notEqual(await hashOf(context), await hashOf(other));
  });

  it("stops with the signal's reason", async () => {
    const reason = new Error("enough");
    await assert.rejects(hashOf(newTree(FILES), { signal: AbortSignal.abort(reason) }), reason);
  });

  it("names a context that isn't there, and one that is a file", async () => {
    const context = newTree(FILES);
    for (const name of ["missing", "Dockerfile"]) {
      await assert.rejects(hashOf(join(context, name)), { ...UNREADABLE, path: join(context, name) });
    }
  });

  it("names the file that can't be read, unless it is ignored", async () => {
    const context = newTree(FILES);
    chmodSync(join(context, "src/main.py"), 0o000);
    const refused = { ...UNREADABLE, path: `${context}/src/main.py` };
    await asNobody(() => assert.rejects(hashOf(context), refused));
    writeFileSync(join(context, ".dockerignore"), "src\n");
    await asNobody(() => hashOf(context));
  });
});

/** Root can read everything: gives up its rights meanwhile. */
async function asNobody(run: () => Promise<unknown>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
