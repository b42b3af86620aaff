import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../engine/support/certificate";
import { ownImages, type OwnImages } from "../support/own-images";
import { initProject, type PulumiProject, type PulumiResult } from "../support/pulumi";
import { writeProject } from "../support/pulumi-project";
import { PROMOTION_OUTPUTS } from "../support/pulumi-program";
import { pushTiny } from "../support/push-tiny";
import { PASSWORD, startRegistry, USER, type TestRegistry } from "../support/registry";

const LABEL = "org.opencontainers.image.revision";
const [A, B] = ["a1".repeat(20), "b2".repeat(20)];
const WRONG = "wrong horse battery";
const encoded = (password: string): string => Buffer.from(`${USER}:${password}`).toString("base64");

describe("promotions in a registry with TLS and credentials", function () {
  this.timeout(1_800_000);
  let images: OwnImages;
  let folder: string;
  let real: TestRegistry;
  let project: PulumiProject;
  let standing: string;
  let digests: { one: string; both: string };
  /** Everything that Pulumi has said. */
  let said = "";

  const at = (rest: string): string => `${real.host}/${rest}`;
  const logIn = (password: string | null): Promise<void> =>
    writeFile(
      join(folder, "config.json"),
      JSON.stringify(password === null ? {} : { auths: { [real.host]: { auth: encoded(password) } } }),
    );
  const run = async (args: string[], variables: NodeJS.ProcessEnv = {}): Promise<PulumiResult> => {
    const result = await project.run(args, variables);
    said += result.stdout + result.stderr;
    return result;
  };
  /** What the targets stand for, as the registry itself says. */
  const live = async (): Promise<Record<string, string | null>> => ({
    one: await real.digest("production/web", "one"),
    both: await real.digest("production/web", "both"),
  });

  before(async () => {
    images = ownImages("registry-tls");
    folder = await mkdtemp(join(tmpdir(), "registry-tests-"));
    const tls = await selfSigned("127.0.0.1");
    real = await startRegistry({ auth: true, tls });
    await writeFile(join(folder, "ca.pem"), tls.cert);
    await writeFile(join(folder, "none.pem"), (await selfSigned("192.0.2.1")).cert);
    await logIn(PASSWORD);
    for (const [place, revision] of [
      ["team/web:one", A],
      ["production/web:one", B],
      ["production/web:both", B],
    ] as const) {
      await pushTiny(at(place), { ...images.labels, [LABEL]: revision }, folder);
    }
    digests = {
      one: (await real.digest("team/web", "one")) ?? assert.fail("nothing was pushed"),
      both: await real.index("team/web", "both", [
        await real.vary("team/web", "one", {}),
        await real.vary("team/web", "one", { architecture: "arm64", labels: { own: "arm" } }),
      ]),
    };
    standing = JSON.stringify(await live());
    const each = Object.entries(digests).map(([name, digest]) => {
      const inputs = {
        source: name === "one" ? at("team/web:one") : at(`team/web@${digest}`),
        targets: [at(`production/web:${name}`)],
        expectedRevision: A,
      };
      const outputs = PROMOTION_OUTPUTS.map((output) => `${output}: ${name}.${output}`).join(", ");
      return `const ${name} = new PromotedImage("${name}", ${JSON.stringify(inputs)});
exports.${name} = { ${outputs} };`;
    });
    const program = [`const { PromotedImage } = require("pulumi-verified-images");`, ...each].join("\n");
    project = await initProject(await writeProject({ name: "registry-tls", program }), {
      DOCKER_CONFIG: folder,
      SSL_CERT_FILE: join(folder, "ca.pem"),
    });
  });
  after(async () => {
    project?.remove();
    await real?.stop();
    await images?.clean();
    await rm(folder, { recursive: true, force: true });
  });

  const REFUSED: [string, () => Promise<void>, () => NodeJS.ProcessEnv, RegExp][] = [
    ["without credentials", () => logIn(null), () => ({}), /docker login 127\S+ .*; no tag was moved/],
    ["with wrong credentials", () => logIn(WRONG), () => ({}), /docker login 127\S+ .*; no tag was moved/],
    [
      "without the authority of its certificate",
      () => logIn(PASSWORD),
      () => ({ SSL_CERT_FILE: join(folder, "none.pem") }),
      /certificate is not trusted: put the certificate of its authority into \/etc\/docker\/certs\.d\/127\S+, .*; no tag was moved/,
    ],
  ];
  for (const [claim, arrange, variables, words] of REFUSED) {
    it(`are refused ${claim}, in preview and update, and no tag is moved`, async () => {
      await arrange();
      for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { code, stdout, stderr } = await run(args, variables());
        assert.notEqual(code, 0);
        assert.match(stdout + stderr, words);
        assert.ok((stdout + stderr).includes(`reading ${at("production/web:")}`), stdout + stderr);
      }
      assert.equal(JSON.stringify(await live()), standing);
    });
  }

  it("keep the digest, of one platform and of an index of two, and leave no password in state, outputs or words", async () => {
    await logIn(PASSWORD);
    const { code, stdout, stderr } = await run(["up", "--yes", "--skip-preview"]);
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await live(), digests);
    const { manifests } = (await real.json("production/web", "manifests", "both")) as {
      manifests: { digest: string }[];
    };
    for (const { digest } of manifests)
      assert.equal(await real.digest("production/web", digest), digest, "every platform has come along");
    const outputs = JSON.parse((await run(["stack", "output", "--json", "--show-secrets"])).stdout) as {
      [name in keyof typeof digests]: Record<string, unknown>;
    };
    assert.equal(outputs.one.digest, digests.one);
    assert.equal(outputs.both.digest, digests.both);
    assert.equal(outputs.both.imageId, digests.both);
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), []);

    await run(["stack", "export", "--show-secrets"]);
    let kept = "";
    const options = { recursive: true, withFileTypes: true } as const;
    for (const entry of await readdir(join(project.directory, "state"), options)) {
      if (entry.isFile()) kept += await readFile(join(entry.parentPath, entry.name), "latin1");
    }
    for (const text of [said, kept]) assert.ok(text.includes(digests.both), "it is what it is taken for");
    for (const password of [PASSWORD, WRONG]) {
      assert.ok(!(said + kept).includes(password), password);
      assert.ok(!(said + kept).includes(encoded(password)), encoded(password));
    }
  });
});
