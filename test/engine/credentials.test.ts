import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { builderReachableAddress } from "../support/builder-address";
import { docker } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { filesWith } from "./support/traces";
import { versionsIn } from "./support/versions-in";

const SECRET = "s3cr3tvalue1234567890";

/** A registry behind a door: it wants user and password, and names tarballs with both in their addresses. */
async function startDoor(
  behind: string,
): Promise<{ url: string; refused: () => number; close(): Promise<void> }> {
  const address = await builderReachableAddress();
  let refused = 0;
  const wanted = `Basic ${Buffer.from(`me:${SECRET}`).toString("base64")}`;
  const server = createServer((request, response) => {
    void (async () => {
      if (request.headers.authorization !== wanted) {
        refused += 1;
        response.writeHead(401, { "www-authenticate": "Basic" }).end();
        return;
      }
      const answer = await fetch(`${behind}${request.url ?? "/"}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const type = answer.headers.get("content-type") ?? "";
      const body = type.includes("json") ? bytes.toString("utf8").replaceAll(behind, url) : bytes;
      response.writeHead(answer.status, { "content-type": type }).end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen({ host: address, port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://me:${SECRET}@${address}:${port}`;
  return {
    url,
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe("a credential in a recipe", function () {
  this.timeout(300_000);
  let bench: Bench;
  let outcome: Outcome;
  const usual = process.umask();
  const LINES = [
    `curl "https://x.test/a?access_token=${SECRET}&b=1"`,
    `curl "https://x.test/a?X-Amz-Credential=${SECRET}&X-Amz-Signature=${SECRET}"`,
    `curl -H 'PRIVATE-TOKEN: ${SECRET}' https://x.test/a`,
    `TOKEN=${SECRET} curl https://x.test/a`,
    `curl --oauth2-bearer ${SECRET} https://x.test/a`,
    `curl -u me:${SECRET} https://x.test/a`,
    `pip install --index-url https://me:${SECRET}@x.test/simple one`,
    `git clone https://${SECRET}@x.test/r`,
  ];

  before(async () => {
    bench = await makeBench();
    const runs = LINES.map((line) => `RUN true || ${line}`);
    await bench.write(
      "Dockerfile",
      [`FROM ${await slimImage()}`, ...runs, `RUN echo TOKEN=${SECRET}`, ""].join("\n"),
    );
    // Files are private even if the umask would let everybody read them.
    process.umask(0o000);
    try {
      outcome = await bench.build();
    } finally {
      process.umask(usual);
    }
  });
  after(() => bench?.dispose());

  it("is in no output, warning, lock or log; only the recipes have it, which are the build", async () => {
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    assert.ok(outcome.unpinned.length >= LINES.length - 1, JSON.stringify(outcome.unpinned));
    assert.ok(!JSON.stringify(outcome).includes(SECRET), JSON.stringify(outcome));
    const stem = `${bench.name}/${bench.name}-${outcome.timestamp}`;
    assert.deepEqual(await filesWith(bench.root, SECRET), [`${stem}.Dockerfile`, `${stem}.rough.Dockerfile`]);
    // What the log has is read as before, and so is what a command printed.
    const log = await readFile(bench.paths(outcome.timestamp).buildLog, "utf8");
    assert.match(log, /true \|\| curl --oauth2-bearer \*\*\* https:\/\/x\.test\/a/);
    assert.match(log, /^#\d+ \d+\.\d+ TOKEN=\*\*\*$/m);
  });

  it("is in files that only their owner may read", async () => {
    const folder = join(bench.root, bench.name);
    const modes = new Map<string, string>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const { mode } = await stat(join(entry.parentPath, entry.name));
      modes.set(entry.name.replace(`${bench.name}-${outcome.timestamp}`, ""), (mode & 0o777).toString(8));
    }
    for (const suffix of [".build.json", ".rough.Dockerfile", ".Dockerfile", ".build.log", ".verify.log"])
      assert.equal(modes.get(suffix), "600", suffix);
    for (const suffix of [".lock", ".verified"]) assert.equal(modes.get(suffix), "644", suffix);
    for (const [name, mode] of modes) if (!name.startsWith(".")) assert.equal(mode, "600", name);
  });

  it("of a RUN that fails is in no error, and the line is still named", async () => {
    await bench.write(
      "Dockerfile",
      `FROM ${await slimImage()}\nRUN true\nRUN TOKEN="a ${SECRET}" sh -c "echo 'PRIVATE-TOKEN: ${SECRET}'; exit 3"\n`,
    );
    await assert.rejects(bench.build(), (error: Error) => {
      assert.ok(!error.message.includes(SECRET), error.message);
      assert.match(
        error.message,
        /line 3 of the recipe \(RUN TOKEN=\*\*\* sh -c .*\) ended with exit code 3/,
      );
      return true;
    });
    assert.deepEqual(
      (await filesWith(bench.root, SECRET)).filter((file) => !file.endsWith("Dockerfile")),
      [],
    );
  });
});

describe("an npm registry that wants a password in its address", function () {
  this.timeout(300_000);

  for (const [title, withLock] of [
    ["where npm makes the lock file", false],
    ["where the context has a lock file", true],
  ] as const) {
    it(`leaves none in the store, and the rebuild has the same packages, ${title}`, async () => {
      const registry = await startNpmRegistry();
      const door = await startDoor(registry.url);
      const bench = await makeBench();
      try {
        await registry.publish({ name: "lib", version: "1.0.0" });
        await registry.publish({ name: "top", version: "1.0.0", dependencies: { lib: "^1.0.0" } });
        const manifest = { name: "app", version: "1.0.0", dependencies: { top: "^1.0.0" } };
        await bench.write("package.json", JSON.stringify(manifest));
        const install = `npm install --registry=${door.url}/`;
        const recipe = (command: string): string => `FROM ${tools}\nWORKDIR /app\nCOPY . .\nRUN ${command}\n`;
        const tools = await toolsImage();
        await bench.write("Dockerfile", recipe(install));
        if (withLock) {
          const made = await bench.build({ verify: "skip" });
          const words = ["run", "--rm", "--network", "none", made.reference, "cat", "/app/package-lock.json"];
          await bench.write("package-lock.json", await docker(words));
          // The addresses in the lock file are all that npm is told.
          await bench.write("Dockerfile", recipe("npm ci"));
        }
        const hook = registry.onceDownloaded("lib", () =>
          registry.publish({ name: "lib", version: "1.1.0" }).then(() => undefined),
        );
        const outcome = await bench.build();
        const words = [
          "run",
          "--rm",
          "--network",
          "none",
          outcome.reference,
          "cat",
          "/app/package-lock.json",
        ];
        assert.ok((await docker(words)).includes(SECRET), "the lock file has no credential");
        assert.ok(hook.fired);
        assert.equal(outcome.verified, "verified", JSON.stringify([outcome.reason, outcome.drift]));
        assert.equal(versionsIn(await bench.lock(outcome))["npm:lib"], "1.0.0");
        const open = (await filesWith(bench.root, SECRET)).filter((file) => !file.endsWith("ockerfile"));
        assert.deepEqual(open, []);
        assert.ok(!JSON.stringify(outcome).includes(SECRET));
        assert.equal(withLock || door.refused() === 0, true);
      } finally {
        await bench.dispose();
        await door.close();
        await registry.close();
      }
    });
  }
});
