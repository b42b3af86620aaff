import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../support/archive";
import { startAptArchive } from "../support/apt-archive";
import { builderReachableAddress } from "../support/builder-address";
import { docker } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { selfSigned } from "./support/certificate";
import { leftBy } from "../support/left-by";
import { describeInLanes } from "./support/lanes";
import { assertNothingOfOurs, filesWith } from "./support/traces";

describeInLanes("a private certificate authority of this machine", function (beside) {
  this.timeout(600_000);
  const before_ = process.env.NODE_EXTRA_CA_CERTS;
  let bench: Bench;
  let archives: Archive[] = [];
  let body: string;
  let outcome: Outcome;

  before(async () => {
    bench = await makeBench();
    const tls = await selfSigned(await builderReachableAddress());
    const file = join(bench.directory, "authority.pem");
    await writeFile(file, tls.cert);
    body = tls.cert.split("\n")[1] ?? "";
    assert.equal(body.length, 64);
    process.env.NODE_EXTRA_CA_CERTS = file;
    const [pip, npm, apt] = await Promise.all([
      startPipIndex({ tls }),
      startNpmRegistry({ tls }),
      startAptArchive({ tls }),
    ]);
    archives = [apt, pip, npm];
    await apt.publish({ name: "own-deb", version: "1.0" });
    await pip.publish({ name: "own-tool", version: "1.0" });
    await npm.publish({ name: "own-cli", version: "1.0.0" });
    // How variables and bundle reach a RUN is the builder's; what a program makes of them is the same with any.
    const others = `RUN /opt/venv/bin/pip install --retries 0 --index-url ${pip.url}/simple/ own-tool
RUN curl -fsS -o /index.html ${pip.url}/simple/ && npm install -g --fetch-retries=0 --registry=${npm.url}/ own-cli`;
    await bench.write(
      "Dockerfile",
      `FROM ${beside ? await slimImage() : await toolsImage()}
RUN echo '${apt.sourceLine}' > /etc/apt/sources.list && rm -f /etc/apt/sources.list.d/* \\
 && apt-get update && apt-get install -y own-deb
${beside ? "" : others}
USER 1000
RUN cat "$SSL_CERT_FILE" "$CURL_CA_BUNDLE" "$NODE_EXTRA_CA_CERTS" > /dev/null
`,
    );
    outcome = await bench.build();
  });
  after(async () => {
    if (before_ === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
    else process.env.NODE_EXTRA_CA_CERTS = before_;
    await Promise.all(archives.map((archive) => archive.close()));
    await bench?.dispose();
  });

  it(`is trusted by ${beside ? "apt" : "pip, npm, apt and curl"} inside both builds, and there for any user`, () => {
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    for (const { requests } of beside ? archives.slice(0, 1) : archives) {
      assert.equal(requests.filter(({ path }) => /\.(?:whl|tgz|deb)$/.test(path)).length, 2);
    }
  });

  it("is in no part of the image, and its name at most in the history, where the log says so", async () => {
    await assertNothingOfOurs(bench, outcome, "PIP_CERT", [body]);
    const config = await docker(["image", "inspect", "--format", "{{json .Config.Env}}", outcome.imageId]);
    assert.ok(!/CERT|CA_BUNDLE|CAINFO/.test(config), config);
  });

  it("is in no file of the store, the logs included", async () => {
    assert.deepEqual(await filesWith(bench.root, body), []);
    assert.deepEqual(await filesWith(bench.root, "BEGIN CERTIFICATE"), []);
  });

  it("is no reason to build: with another authority nothing is built again", async () => {
    const { cert } = await selfSigned("192.0.2.1");
    await writeFile(process.env.NODE_EXTRA_CA_CERTS ?? "", cert);
    assert.deepEqual((await bench.build()).steps, []);
  });

  it("leaves no temporary file and no helper image", async () => {
    assert.deepEqual(await leftBy(process.pid), []);
  });
});
