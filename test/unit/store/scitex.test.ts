import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differenceOf } from "../../../cli/difference";
import { listedBuilds } from "../../../cli/listed-build";
import { listText } from "../../../cli/output/list-text";
import { isScitexLock, parseScitexLock } from "../../../provider/packages/lock/scitex";
import { findScitexBuild } from "../../../provider/store/scitex/builds";
import { verificationOf } from "../../../provider/store/verification-of";

/** As scitex-container 0.4.4 writes it. */
const LOCK = `# scitex-container lock
[metadata]
pip_executable=/opt/venv/bin/pip
[pip]
flask==3.0.3
My_Pkg @ file:///src
-e git+https://user:secret@host/x.git#egg=x
[dpkg]
curl=7.88.1-10
libc6=2.36-9
[node]
{"name":"lib","dependencies":{"npm":{"version":"9.2.0"},"typescript":{"version":"5.9.2"}}}
`;
const EMPTY = "# scitex-container lock\n[metadata]\n[pip]\n[dpkg]\n[node]\n\n";
const [OLD, NEW] = ["2026-0901-101500", "2026-1001-101500"];

describe("a store of scitex-container", () => {
  let root: string;
  const at = (timestamp: string, ending: string): string => join(root, "tool", `tool-${timestamp}.${ending}`);
  const write = async (timestamp: string, files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [ending, text] of Object.entries({ sif: "image", ...files }))
      await writeFile(at(timestamp, ending), text);
  };
  const state = async (artifact: string): Promise<string> => (await verificationOf(artifact, root)).state;
  const reason = async (artifact: string): Promise<string> =>
    (await verificationOf(artifact, root)).reason ?? "none";

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "verified-images-unit-"));
    await mkdir(join(root, "tool"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("has locks whose packages are read as those of any lock, without credentials", () => {
    const { packages } = parseScitexLock(LOCK);
    assert.deepEqual(
      packages.map(({ ecosystem, name, version }) => `${ecosystem}:${name} ${version}`),
      [
        "dpkg:curl 7.88.1-10",
        "dpkg:libc6 2.36-9",
        "npm:npm 9.2.0",
        "npm:typescript 5.9.2",
        ...packages.filter(({ name }) => name.startsWith("-e ")).map(({ name }) => `pip:${name} unknown`),
        "pip:flask 3.0.3",
        "pip:my-pkg file:///src",
      ],
    );
    assert.ok(packages.some(({ name }) => name.startsWith("-e git+https://")));
    assert.doesNotMatch(JSON.stringify(packages), /secret/);
    assert.deepEqual([LOCK, EMPTY, "{}"].map(isScitexLock), [true, true, false]);
  });

  it("has locks that are refused when a line of them can't be understood", () => {
    assert.throws(() => parseScitexLock("{}"), { code: "lock-invalid" });
    assert.throws(() => parseScitexLock(`${EMPTY}[dpkg]\ncurl\n`), /"curl" of \[dpkg\] is not name=version/);
    assert.throws(() => parseScitexLock(`${EMPTY}{`), /\[node\] is no JSON/);
  });

  it("has locks that can be compared", () => {
    const after = parseScitexLock(
      LOCK.replace("flask==3.0.3", "flask==3.1.0").replace("curl=7.88.1-10\n", ""),
    );
    const { changed, added, removed } = differenceOf(parseScitexLock(LOCK), after);
    assert.deepEqual(
      { changed, added, removed },
      {
        changed: [{ name: "pip:flask", from: "3.0.3", to: "3.1.0" }],
        added: [],
        removed: [{ name: "dpkg:curl", version: "7.88.1-10" }],
      },
    );
  });

  it("is verified where a mark says so and the lock has packages", async () => {
    await write(NEW, { lock: LOCK, verified: "round-trip verified\n" });
    await symlink(`tool/tool-${NEW}.sif`, join(root, "tool.sif"));
    for (const artifact of ["tool", `tool:${NEW}`, at(NEW, "sif"), at(NEW, "lock"), join(root, "tool.sif")])
      assert.equal(await state(artifact), "verified", artifact);
  });

  it("is unknown where the lock is empty, damaged or missing, whatever the mark says", async () => {
    await write(NEW, { lock: EMPTY, verified: "" });
    assert.equal(await state(`tool:${NEW}`), "unknown");
    assert.match(await reason(`tool:${NEW}`), /names no package, so scitex-container has compared nothing/);
    await writeFile(at(NEW, "lock"), "[pip]\n");
    assert.equal(await state(`tool:${NEW}`), "unknown");
    await rm(at(NEW, "lock"));
    assert.match(await reason(`tool:${NEW}`), /is missing/);
  });

  it("is unverified where a mark says so, with its words, also beside the other mark", async () => {
    await write(NEW, {
      lock: LOCK,
      verified: "",
      unverified: "reproducibility unverified\npip flask 3.0.3 -> 3.1.0\n",
    });
    assert.equal(await state(`tool:${NEW}`), "unverified");
    assert.match(await reason(`tool:${NEW}`), /scitex-container says: reproducibility unverified; pip flask/);
  });

  it("is unknown without a mark, and unknown to a store that has not built it", async () => {
    await write(NEW, { lock: LOCK });
    assert.match(await reason(`tool:${NEW}`), /has not verified it/);
    const other = await mkdtemp(join(tmpdir(), "verified-images-unit-"));
    try {
      assert.equal(await findScitexBuild(other, at(NEW, "sif")), null);
      assert.equal(await findScitexBuild(other, `tool:${NEW}`), null);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it("is listed, the newest first, and nothing in it is changed", async () => {
    await write(OLD, { lock: LOCK, verified: "", keep: "" });
    await write(NEW, { lock: EMPTY, verified: "" });
    await symlink(`tool/tool-${OLD}.sif`, join(root, "tool.sif"));
    const before = await readdir(join(root, "tool"));
    await chmod(join(root, "tool"), 0o555);
    const builds = await listedBuilds(root, "tool");
    await chmod(join(root, "tool"), 0o755);
    assert.deepEqual(
      builds.map(({ timestamp, state, latest, kept, packages }) => ({
        timestamp,
        state,
        latest,
        kept,
        packages,
      })),
      [
        { timestamp: NEW, state: "unknown", latest: false, kept: false, packages: {} },
        {
          timestamp: OLD,
          state: "verified",
          latest: true,
          kept: true,
          packages: { dpkg: 2, npm: 2, pip: 3 },
        },
      ],
    );
    assert.match(
      listText(builds),
      /tool +2026-0901-101500 +verified +dpkg 2, npm 2, pip 3 +- +latest, by scitex-container, kept/,
    );
    assert.deepEqual(await readdir(join(root, "tool")), before);
    assert.equal(await readFile(at(OLD, "lock"), "utf8"), LOCK);
  });
});
