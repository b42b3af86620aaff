import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalLock } from "../../../provider/packages/lock/canonical";
import { makeLock } from "../../../provider/packages/lock/make";
import type { Lock } from "../../../provider/packages/lock/types";
import { runCommand } from "../../../cli/run";

interface Ran {
  code: number;
  out: string;
  err: string;
}

const REVISION = "a".repeat(40);

describe("the command, without an engine", () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "cli-tests-"))));
  after(() => rm(directory, { recursive: true, force: true }));

  async function ran(words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const said = { out: "", err: "" };
    const out = (text: string): void => void (said.out += text);
    const err = (text: string): void => void (said.err += text);
    return { code: await runCommand([...words], { env, directory, out, err }), ...said };
  }

  async function store(name: string, settings?: string): Promise<string> {
    const root = join(directory, name);
    await mkdir(root, { recursive: true });
    if (settings !== undefined) await writeFile(join(root, "verified-images.json"), settings);
    return root;
  }

  const lockWith = (version: string, digest: string): Lock =>
    makeLock({
      bases: [{ reference: "debian", digest: `sha256:${digest.repeat(64)}` }],
      packages: [{ ecosystem: "dpkg", name: "curl", version }],
      ...{ sources: [], unpinned: [] },
    });

  async function lockFile(name: string, lock: Lock): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, canonicalLock(lock));
    return file;
  }

  it("prints nothing that steers a terminal, as text and as JSON", async () => {
    const root = await store("steering");
    for (const more of [[], ["--json"]]) {
      const { code, out, err } = await ran(["show", "w\u001b[2Jeb\u202e\u009b", "--root", root, ...more]);
      assert.notEqual(code, 0);
      assert.match(out + err, more.length === 0 ? /w\\u\{1b\}\[2Jeb/ : /w\\+u\{?(?:001b|1b)/);
      assert.doesNotMatch(out + err, /(?!\n)[\p{Cc}\p{Cf}]/u);
    }
    const tampered = await lockFile("steering.lock", lockWith("1\u202e2", "a"));
    const { out, err } = await ran(["diff", tampered, await lockFile("plain.lock", lockWith("1", "a"))]);
    assert.doesNotMatch(out + err, /(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it("tells every command in its help, each with examples", async () => {
    const { code, out } = await ran(["--help"]);
    assert.equal(code, 0);
    const names = "build verify check gate promote stage list show diff keep prune".split(" ");
    for (const name of names) {
      assert.match(out, new RegExp(`^ {2}${name} `, "m"));
      const help = await ran([name, "--help"]);
      assert.equal(help.code, 0);
      assert.match(help.out, /--json/);
      assert.match(help.out, new RegExp(`\\$ verified-images ${name} `));
    }
  });

  const USAGE: Record<number, string[]> = {
    1: [
      ...["gate", "gate web-app --nonsense", "gate web-app --timeout inspect=soon"],
      ...["--nonsense gate web-app", "--root ./store gate web-app", "-- gate web-app --nonsense"],
      ...["promote", "promote web-app --nonsense", "promote web-app --target web-app:production"],
    ],
    2: [
      ...["", "nonsense", "list --nonsense", "list", "verify", "show web-app --format excel", "stage"],
      ...["stage web-app --timeout inspect=soon", "--nonsense list gate", "--nonsense", "nonsense gate"],
    ],
  };
  for (const [code, lines] of Object.entries(USAGE)) {
    for (const line of lines) {
      it(`ends with ${code} at: verified-images ${line}`, async () => {
        const { err, ...rest } = await ran(line.split(" ").filter(Boolean));
        assert.deepEqual(rest, { code: Number(code), out: "" });
        assert.notEqual(err, "");
      });
    }
  }

  it("names at once all that is wrong with what is to be staged, by its flags", async () => {
    const wrong = "--container web --production-container web --port many --revision abc".split(" ");
    const names = ["--tag", "shop:staging", "--production-tag", "docker.io/library/shop:staging"];
    const { code, err } = await ran(["stage", "--plain", "--context", "/nowhere", ...wrong, ...names]);
    assert.equal(code, 2);
    const said = [
      "--revision: is no full git revision",
      '--context: is no directory: "/nowhere"',
      "--check: is missing",
      "--port: expected a port number",
      "--container: web is production's name",
      "--tag: shop:staging is production's name",
    ];
    for (const words of said) assert.ok(err.includes(words), `${words} in ${err}`);
  });

  it("takes no promotion's override without a store that remembers it", async () => {
    const words = ["promote", "web", "--target", "web:production", "--expected-revision", REVISION];
    const { code, err } = await ran([...words, "--override-reason", "the shop is down"]);
    assert.equal(code, 1);
    assert.match(err, /--override-reason: needs --root/);
  });

  for (const words of [["list"], ["list", "--nonsense"], ["gate"], ["check", "x", "--root", "/nowhere"]]) {
    it(`gives one JSON document also when it fails: ${words.join(" ")}`, async () => {
      const { code, out } = await ran([...words, "--json"]);
      assert.notEqual(code, 0);
      const { error } = JSON.parse(out) as { error: { code: string; message: string } };
      assert.deepEqual([typeof error.code, typeof error.message], ["string", "string"]);
      assert.ok(!error.message.startsWith("error:"));
    });
  }

  it("gives it, and the gate's no, where --json stands before the command", async () => {
    const { code, out } = await ran(["--json", "gate", "web-app", "--expected-revision", REVISION]);
    assert.equal(code, 1);
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    assert.deepEqual(error, { code: "usage", message: "unknown option '--json'" });
  });

  it("takes the store from the environment, and says that it can't tell when it is not there", async () => {
    const root = await store("env");
    const found = await ran(["list", "--json"], { VERIFIED_IMAGES_ROOT: root });
    assert.deepEqual([found.code, JSON.parse(found.out)], [0, { root, builds: [] }]);
    const gone = await ran(["list", "--root", join(directory, "gone")], { VERIFIED_IMAGES_ROOT: root });
    assert.equal(gone.code, 3);
    assert.match(gone.err, /^error: there is no artifact store at /);
  });

  it("never guesses the store: an empty setting is none", async () => {
    const { code, err } = await ran(["list"], { VERIFIED_IMAGES_ROOT: "" });
    assert.equal(code, 2);
    assert.match(err, /^error: root: is missing; give the artifact store's directory with --root/);
  });

  it("checks nothing where no revision is expected, and says so", async () => {
    const { code, out } = await ran(["gate", "web-app"]);
    const words = "provenance not checked: neither --expected-revision nor EXPECTED_REVISION is set\n";
    assert.deepEqual([code, out], [0, words]);
  });

  for (const [name, words, env] of [
    ["by the environment", [], { EXPECTED_REVISION: "" }],
    ["by spaces in it", [], { EXPECTED_REVISION: "  " }],
    ["by the flag before the environment", ["--expected-revision", ""], { EXPECTED_REVISION: REVISION }],
  ] as const) {
    it(`refuses an empty expectation ${name}`, async () => {
      const { code, out } = await ran(["gate", "web-app", ...words], env);
      assert.deepEqual([code, out], [1, "provenance fail-closed: empty expected revision\n"]);
    });
  }

  it("refuses when verified images are required and there is no store to ask", async () => {
    const { code, err } = await ran(["gate", "web-app", "--require-verified"]);
    assert.equal(code, 1);
    assert.match(err, /^error: root: is missing/);
  });

  it("refuses when a store is named that is not there, for it might demand verified images", async () => {
    const words = ["gate", "web-app", "--root", join(directory, "gone")];
    const { code, err } = await ran(words);
    assert.equal(code, 1);
    assert.match(err, /^error: there is no artifact store at /);
    assert.equal((await ran([...words, "--no-require-verified"])).code, 0);
  });

  for (const [name, settings] of [
    ["is no JSON", "{"],
    ["is a list", "[]"],
    ["has a bad value", '{"requireVerified": "true"}'],
    ["has a misspelt key", '{"requireVerifed": true}'],
  ] as const) {
    it(`takes no settings file for a weaker gate when it ${name}`, async () => {
      const root = await store("bad", settings);
      assert.equal((await ran(["check", "web-app", "--root", root])).code, 2);
      assert.equal((await ran(["gate", "web-app", "--root", root])).code, 1);
    });
  }

  it("only warns of an artifact that the store does not know, unless verified is required by any setting", async () => {
    const root = await store("plain");
    const loose = await ran(["check", "web-app", "--root", root]);
    assert.deepEqual([loose.code, loose.out], [0, ""]);
    const warning = /^warning: web-app is not verified \(unknown\): the store .* has no build of it/;
    assert.match(loose.err, warning);
    const strict = await store("strict", '{"requireVerified": true}');
    for (const [words, env] of [
      [["--root", root, "--require-verified"], {}],
      [["--root", root], { VERIFIED_IMAGES_REQUIRE_VERIFIED: "1" }],
      [["--root", strict], {}],
    ] as const) {
      const { code, err } = await ran(["check", "web-app", ...words], env);
      assert.equal(code, 1);
      assert.match(err, /^error: web-app is not verified/);
    }
    assert.equal((await ran(["check", "web-app", "--root", strict, "--no-require-verified"])).code, 0);
  });

  it("compares lock files as diff does: 0 the same, 1 different, by name", async () => {
    const [one, two, three] = [
      await lockFile("one.lock", lockWith("1.0", "1")),
      await lockFile("two.lock", lockWith("2.0", "1")),
      await lockFile("three.lock", lockWith("1.0", "2")),
    ];
    const same = await ran(["diff", one, one]);
    assert.deepEqual([same.code, same.out], [0, "no drift: 1 package identical\n"]);
    const changed = await ran(["diff", one, two]);
    assert.deepEqual([changed.code, changed.out], [1, "changed dpkg:curl 1.0 -> 2.0\n"]);
    const moved = await ran(["diff", one, three, "--json"]);
    assert.equal(moved.code, 1);
    const { bases, identical, summary } = JSON.parse(moved.out) as Record<string, unknown>;
    const [from, to] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
    assert.deepEqual([identical, bases], [false, [{ reference: "debian", from, to }]]);
    assert.equal(summary, "no drift: 1 package identical; 1 base image differs");
  });

  it("compares lock files as they were at a revision of git, and makes a table for a pull request", async () => {
    await lockFile("web.lock", lockWith("1.0", "1"));
    const git = (...words: string[]): void => void execFileSync("git", words, { cwd: directory });
    git("init", "--quiet");
    git("add", "web.lock");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first");
    const now = await lockFile("web.lock", lockWith("2.0|`x", "1"));
    const changed = await ran(["diff", "HEAD:web.lock", now, "--format", "markdown"]);
    const table =
      "| package | before | after |\n| --- | --- | --- |\n| `dpkg:curl` | `1.0` | ``2.0\\|`x`` |\n";
    assert.deepEqual([changed.code, changed.out], [1, `**1 changed, 0 added, 0 removed**\n\n${table}`]);
    assert.equal((await ran(["diff", "HEAD:web.lock", "HEAD:./web.lock"])).code, 0);
    for (const [words, message] of [
      [
        ["main-is-not-there:web.lock", now],
        /main-is-not-there:web\.lock: can't be read \(git cat-file failed .*invalid object name/,
      ],
      [["HEAD:other.lock", now], /HEAD:other\.lock: can't be read/],
      [["nowhere.lock", now], /nowhere\.lock: is no file; name a build, a lock file, or one in git as/],
      [[now, now, "--format", "markdown", "--json"], /--json: goes with no --format markdown/],
    ] as const) {
      const { code, err } = await ran(["diff", ...words]);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });

  it("takes no other file for a lock", async () => {
    const file = join(directory, "other.lock");
    await writeFile(file, "{}");
    const [gone, root] = [join(directory, "gone.lock"), await store("none")];
    for (const words of [
      [file, file],
      [file, gone],
      [gone, file],
      ["web-app", file, "--root", root],
    ])
      assert.equal((await ran(["diff", ...words])).code, 2);
  });

  it("names an artifact that the store does not have, and follows no path out of it", async () => {
    const root = await store("empty");
    for (const name of ["web-app", "..", "../empty", "a:b"]) {
      for (const words of ["show", "keep", "verify", "list"]) {
        const { code, err } = await ran([
          words,
          name,
          ...(words === "keep" ? ["latest"] : []),
          "--root",
          root,
        ]);
        assert.equal(code, 2);
        assert.match(err, /^error: name: the store .* has no /);
      }
    }
  });
});
