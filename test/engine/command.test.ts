import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListedBuild } from "../../cli/listed-build";
import type { ImageOutputs } from "../../provider/build/roundtrip/image-outputs";
import { startAptArchive } from "../support/apt-archive";
import type { ChildResult } from "../support/child";
import { docker, imageExists, imageLabels } from "../support/docker";
import { driftingRecipe, driftOnce } from "../support/drifting-recipe";
import { inOrder } from "../support/in-order";
import { makeBench, type Bench } from "./support/bench";
import { command } from "./support/command";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";

const REVISION = "a".repeat(40);
const OTHER = "b".repeat(40);

/** What a command printed, which has to be one JSON document and nothing else. */
const documentOf = <T>({ stdout }: ChildResult): T => JSON.parse(stdout) as T;

describe("verified-images", function () {
  this.timeout(600_000);
  const it = inOrder();
  let bench: Bench;
  let first: ImageOutputs;
  let second: ImageOutputs;

  /** Runs a command with the store of the bench, in its directory. */
  const ran = (words: string[], env: Record<string, string> = {}): Promise<ChildResult> =>
    command(bench.directory, words, { VERIFIED_IMAGES_ROOT: "store", ...env });

  const built = (...more: string[]): Promise<ChildResult> =>
    ran(["build", "--name", bench.name, "--context", "context", "--json", ...more]);

  before(async () => {
    bench = await makeBench();
    await bench.write("Dockerfile", COPY_ONLY);
    await bench.write("status", dpkgStatus({ base: "1.0", tool: "2.0-1" }));
    await bench.write("app", "one");
  });
  after(() => bench?.dispose());

  it("build makes an image, its lock and its verdict, with steps on standard error", async () => {
    const result = await built("--revision", REVISION, "--label", "owner=us", "--wait");
    assert.equal(result.code, 0, result.stderr);
    first = documentOf<ImageOutputs>(result);
    assert.deepEqual([first.verified, first.revision, first.packages], ["verified", REVISION, { dpkg: 2 }]);
    assert.match(result.stderr, /: locked rebuild done after /);
    assert.equal(first.lockFile, `store/${bench.name}/${bench.name}-${first.timestamp}.lock`);
    const labels = await imageLabels(first.reference);
    assert.deepEqual([labels.owner, labels["org.opencontainers.image.revision"]], ["us", REVISION]);
  });

  it("build builds nothing when nothing has changed, and names all wrong inputs at once", async () => {
    const again = documentOf<ImageOutputs>(await built("--revision", REVISION, "--label", "owner=us"));
    assert.equal(again.timestamp, first.timestamp);
    const { code, stderr } = await ran(["build", "--revision", "HEAD"]);
    assert.equal(code, 2);
    for (const name of ["name: is missing", "context: is missing", 'revision: "HEAD" is not a full']) {
      assert.ok(stderr.includes(name), stderr);
    }
  });

  it("build --no-verify leaves the verdict to verify", async () => {
    await bench.write("status", dpkgStatus({ base: "1.1", tool: "2.0-1", fresh: "3.0" }));
    const skipped = await built("--no-verify");
    assert.equal(skipped.code, 0, skipped.stderr);
    second = documentOf<ImageOutputs>(skipped);
    assert.equal(second.verified, "unknown");
    assert.match(skipped.stderr, /^warning: .*not verified: the rebuild was skipped/m);
    const strict = await ran(["check", bench.name, "--require-verified"]);
    assert.equal(strict.code, 1);
    const verified = await ran(["verify", bench.name, "--json"]);
    assert.equal(verified.code, 0, verified.stderr);
    const { reference, identical } = documentOf<Record<string, unknown>>(verified);
    assert.deepEqual([reference, identical], [second.reference, true]);
    const now = await ran(["check", second.reference, "--require-verified"]);
    assert.deepEqual([now.code, now.stdout], [0, `${second.reference} is verified\n`]);
  });

  it("list shows every build, the newest first", async () => {
    const { builds } = documentOf<{ builds: ListedBuild[] }>(await ran(["list", "--json"]));
    assert.deepEqual(
      builds.map(({ reference, state, packages, latest }) => ({ reference, state, packages, latest })),
      [
        { reference: second.reference, state: "verified", packages: { dpkg: 3 }, latest: true },
        { reference: first.reference, state: "verified", packages: { dpkg: 2 }, latest: false },
      ],
    );
    const { stdout } = await ran(["list", bench.name]);
    assert.match(stdout, /^NAME +TIMESTAMP +STATE +PACKAGES +REVISION\n/);
    assert.match(
      stdout,
      new RegExp(`^${bench.name}  ${first.timestamp}  verified  dpkg 2 +${REVISION.slice(0, 12)}$`, "m"),
    );
  });

  it("diff names what differs between two builds, or a build and a file", async () => {
    const words = ["changed dpkg:base 1.0 -> 1.1", "added dpkg:fresh 3.0", ""].join("\n");
    for (const before of [first.reference, first.imageId, `./${first.lockFile}`]) {
      const { code, stdout } = await ran(["diff", before, bench.name]);
      assert.deepEqual([code, stdout], [1, words]);
    }
    assert.equal((await ran(["diff", second.reference, bench.name])).code, 0);
  });

  it("show tells what is known of a build, and its lock in other formats", async () => {
    const shown = documentOf<ImageOutputs & { kept: boolean }>(await ran(["show", bench.name, "--json"]));
    assert.deepEqual(shown, {
      ...second,
      verified: "verified",
      proof: "round trip",
      reason: null,
      kept: false,
    });
    const lock = await ran(["show", bench.name, first.timestamp, "--format", "json"]);
    assert.deepEqual(documentOf(lock), JSON.parse(JSON.stringify(await bench.lock(first))));
    const bom = documentOf<{ components: unknown[] }>(
      await ran(["show", bench.name, "--format", "cyclonedx", "--json"]),
    );
    assert.equal(bom.components.length, 3);
    const sums = await ran(["show", bench.name, "--format", "sha256sums"]);
    assert.ok(sums.stdout.includes(`${second.lockHash.slice("sha256:".length)}  `));
    assert.equal((await ran(["show", bench.name, "--format", "sha256sums", "--json"])).code, 2);
  });

  // What the gate answers to each label and expectation: test/unit/cli/gate-answer.test.ts.
  for (const [name, words, env, code, verdict] of [
    ["a match by the environment", [], { EXPECTED_REVISION: REVISION }, 0, /^provenance match: a{12}\n$/],
    [
      "a mismatch by the flag, which goes before the environment,",
      ["--expected-revision", OTHER],
      { EXPECTED_REVISION: REVISION },
      1,
      /^provenance mismatch: image a{12} != expected b{12}\n$/,
    ],
    ["an empty one", [], { EXPECTED_REVISION: "" }, 1, /^provenance fail-closed: empty expected revision\n$/],
    ["none", [], {}, 0, /^provenance not checked: /],
  ] as const) {
    it(`gate: ${name} is ${code === 0 ? "yes" : "no"}`, async () => {
      const { code: actual, stdout } = await ran(["gate", first.reference, ...words], env);
      assert.equal(actual, code);
      assert.match(stdout, verdict);
    });
  }

  it("gate: no image and no engine are no", async () => {
    const gone = await ran(["gate", `${bench.name}:gone`, "--expected-revision", REVISION, "--json"]);
    assert.equal(gone.code, 1);
    assert.equal(documentOf<{ error: { code: string } }>(gone).error.code, "source-missing");
    const nowhere = ["--host", "unix:///nonexistent.sock"];
    const lost = await ran(["gate", first.reference, "--expected-revision", REVISION, ...nowhere]);
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /^error: Docker is not reachable at unix:\/\/\/nonexistent\.sock/);
  });

  it("gate asks the store as well, when verified images are required", async () => {
    const words = ["gate", first.reference, "--expected-revision", REVISION, "--require-verified"];
    assert.equal((await ran(words)).code, 0);
    const other = await ran([...words, "--root", "context"]);
    assert.equal(other.code, 1);
    assert.match(
      other.stdout,
      /^the image sha256:.* is not verified \(unknown\): the store .* has no build of it$/m,
    );
  });

  it("tells that nobody can tell when the engine is not there", async () => {
    const { code, stdout } = await built("--host", "unix:///nonexistent.sock");
    assert.equal(code, 3);
    const { error } = JSON.parse(stdout) as { error: { code: string } };
    assert.equal(error.code, "engine-unreachable");
  });

  it("prune removes old builds with their images, but none that is kept, promoted or the latest", async () => {
    const turn = async (app: string): Promise<ImageOutputs> => {
      await bench.write("app", app);
      return documentOf<ImageOutputs>(await built("--no-verify"));
    };
    const [third, fourth, newest] = [await turn("three"), await turn("four"), await turn("five")];
    await docker(["tag", second.imageId, `${bench.name}:production`]);
    const kept = await ran(["keep", bench.name, first.timestamp]);
    assert.deepEqual([kept.code, kept.stdout], [0, `${first.reference} is kept\n`]);
    await writeFile(join(bench.root, "verified-images.json"), '{"retain": 1}');
    const bad = await ran(["prune", bench.name, "--json"], { VERIFIED_IMAGES_RETAIN: "none" });
    assert.match(bad.stderr, /^warning: VERIFIED_IMAGES_RETAIN is "none", .*; 1 is taken instead$/m);
    assert.deepEqual(documentOf(bad), { retain: 1, removed: [third.reference, fourth.reference] });
    assert.equal(await imageExists(third.reference), false);
    const { builds } = documentOf<{ builds: ListedBuild[] }>(await ran(["list", "--json"]));
    const left = builds.map(({ reference, kept: isKept }) => [reference, isKept]);
    assert.deepEqual(left, [
      [newest.reference, false],
      [second.reference, false],
      [first.reference, true],
    ]);
    const let_go = await ran(["keep", bench.name, first.timestamp, "--remove"]);
    assert.equal(let_go.stdout, `${first.reference} is no longer kept\n`);
    assert.equal((await ran(["prune"])).stdout, `removed ${first.reference}\n`);
    assert.equal((await ran(["prune"])).stdout, "nothing to remove (retain 1)\n");
  });
});

describe("verified-images, on a recipe that drifts", function () {
  this.timeout(240_000);

  it("names the drift in build, check, verify and list, and fails where verified is required", async () => {
    const bench = await makeBench();
    const archive = await startAptArchive();
    try {
      await driftOnce(archive);
      await bench.write("Dockerfile", driftingRecipe(archive));
      const env = { VERIFIED_IMAGES_ROOT: "store", VERIFIED_IMAGES_REQUIRE_VERIFIED: "1" };
      const ran = (...words: string[]): Promise<ChildResult> => command(bench.directory, words, env);
      const built = await ran("build", "--name", bench.name, "--context", "context", "--json");
      assert.equal(built.code, 1, built.stderr);
      const { error, evidence } = documentOf<{ error: { code: string }; evidence: ImageOutputs }>(built);
      assert.equal(error.code, "not-verified");
      assert.deepEqual(evidence.drift.changed, [{ name: "dpkg:loose", from: "1.0", to: "2.0" }]);
      assert.deepEqual(evidence.drift.added, [{ name: "dpkg:newcomer", version: "1.0" }]);
      const drift = "changed dpkg:loose 1.0 -> 2.0; added dpkg:newcomer 1.0";
      const strict = await ran("check", bench.name);
      assert.deepEqual([strict.code, strict.stdout], [1, ""]);
      assert.equal(strict.stderr, `error: ${bench.name} is not verified (unverified): ${drift}\n`);
      const loose = await ran("check", bench.name, "--no-require-verified", "--json");
      assert.equal(loose.code, 0);
      assert.equal(documentOf<{ state: string }>(loose).state, "unverified");
      const elsewhere = await command(tmpdir(), [
        "verify",
        bench.name,
        "--root",
        join(bench.directory, "store"),
      ]);
      assert.equal(elsewhere.code, 3, elsewhere.stderr);
      assert.match(
        elsewhere.stderr,
        /build context context is not there, seen from \S+\. .*: run this there\./,
      );
      const verified = await ran("verify", bench.name);
      assert.equal(verified.code, 1, verified.stderr);
      assert.match(verified.stdout, /is unverified: drift in 2 of .*\n {2}changed dpkg:loose 1\.0 -> 2\.0\n/);
      assert.match((await ran("list")).stdout, /  unverified  dpkg \d+ .*latest$/m);
    } finally {
      await archive.close();
      await bench.dispose();
    }
  });
});
