import type { ImageId, TagReference } from "../../provider/base/reference/types";
import { digestReference, parseTagReference } from "../../provider/base/reference/explicit";
import { asRegistryDigest, parseDigest } from "../../provider/base/reference/digest";
import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { pushImage } from "../../provider/build/functions/push-built";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { registryAt } from "../../provider/engines/registry/registry-at";
import {
  NotAnImageError,
  RegistryError,
  RegistryToolMissingError,
} from "../../provider/engines/registry/errors";
import { contentTag } from "../../provider/engines/registry/push";
import { buildTiny, docker, imageExists } from "../support/docker";
import { startFaultProxy, type Fault, type FaultProxy } from "../support/fault-proxy";
import { ownImages } from "../support/own-images";
import { PASSWORD, startRegistry, USER, type TestRegistry } from "../support/registry";
import { selfSigned } from "./support/certificate";
import { within } from "./support/within";

const A = "a1".repeat(20);

async function failing(work: () => Promise<unknown>): Promise<Error> {
  const { error } = await work().then(
    (value) => ({ error: new Error(`it answered ${JSON.stringify(value)}`) }),
    (error: Error) => ({ error }),
  );
  return error;
}

describe("images in a registry", function () {
  this.timeout(120_000);
  const images = ownImages("registry");
  const engine = dockerEngine(undefined, 30_000);
  const registry = registryAt(30);
  let real: TestRegistry;
  let proxy: FaultProxy;
  let folder: string;
  let id: ImageId;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "registry-tests-"));
    real = await startRegistry();
    proxy = await startFaultProxy(real.host);
    id = await buildTiny({ name: `${images.name}:a`, labels: { ...images.labels, [REVISION_LABEL]: A } });
  });
  after(async () => {
    await proxy.stop();
    await real.stop();
    await images.clean();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (rest: string): TagReference => parseTagReference(`${real.host}/${rest}`);

  describe("push", () => {
    it("puts exactly the image with this ID under every reference, and leaves no name of its own on the engine", async () => {
      const digest = await pushImage(engine, registry, id, [at("team/web:1"), at("other/web:x")]);
      assert.equal(await real.digest("team/web", "1"), digest);
      assert.equal(await real.digest("other/web", "x"), digest);
      const manifest = (await real.json("team/web", "manifests", "1")) as { config: { digest: string } };
      assert.ok([manifest.config.digest, digest].includes(id), "as the engine keeps it");
      assert.deepEqual(await real.tags("team/web"), ["1", contentTag("", id).slice(1)]);
      assert.deepEqual(await real.tags("other/web"), ["x"]);
      assert.equal(await imageExists(contentTag(`${real.host}/team/web`, id)), false);
      const names = await docker(["image", "inspect", "--format", "{{json .RepoTags}}", id]);
      assert.deepEqual(JSON.parse(names), [`${images.name}:a`]);
    });

    it("pushes nothing when the registry has it already", async () => {
      await pushImage(engine, registry, id, [at("team/web:1")]);
      const still = { ...engine, push: () => Promise.reject(new Error("pushed again")) };
      const digest = await pushImage(still, registry, id, [at("team/web:1"), at("team/web:2")]);
      assert.equal(await real.digest("team/web", "2"), digest);
    });

    it("finds out when another image has arrived", async () => {
      const other = await buildTiny({ name: `${images.name}:b`, labels: images.labels, text: "b" });
      const raced = {
        ...engine,
        async push(reference: string) {
          await docker(["tag", other, reference]);
          await engine.push(reference);
        },
      };
      const error = await failing(() => pushImage(raced, registry, id, [at("raced/web:1")]));
      assert.match(
        error.message,
        new RegExp(`^${id} was pushed as .*, but the registry has another image there`),
      );
      assert.equal(await real.digest("raced/web", "1"), null, "the target was not touched");
    });

    it("puts the references before it back when one can't be written, and names what is new", async () => {
      const other = await buildTiny({ name: `${images.name}:c`, labels: images.labels, text: "c" });
      const former = await pushImage(engine, registry, other, [at("back/web:1")]);
      proxy.fault = (method, path) =>
        method === "PUT" && path.endsWith("/manifests/blocked") ? { status: 500 } : null;
      const targets = [
        at("back/web:1"),
        at("back/web:new"),
        parseTagReference(`${proxy.host}/back/web:blocked`),
      ];
      const error = await failing(() => pushImage(engine, registry, id, targets));
      proxy.fault = null;
      assert.match(error.message, /^promotion of sha256:\w+ failed: copying .*500/s);
      assert.match(
        error.message,
        new RegExp(`new in their registry, where a tag can't be removed, .*: ${at("back/web:new")}$`),
      );
      assert.equal(await real.digest("back/web", "1"), former);
      assert.equal(await real.digest("back/web", "blocked"), null);
    });
  });

  describe("describe", () => {
    before(() => pushImage(engine, registry, id, [at("team/web:1")]));
    it("has digest, configuration and labels of a single image", async () => {
      const digest = await real.digest("team/web", "1");
      const found = await registry.describe(at("team/web:1"));
      assert.ok(found);
      assert.equal(found.digest, digest);
      assert.equal(found.isIndex, false);
      const [only] = found.images;
      assert.ok(only);
      assert.ok([only.configDigest, digest].includes(id), "as the engine keeps it");
      assert.equal(only.platform, "linux/amd64");
      assert.equal(only.labels[REVISION_LABEL], A);
    });

    it("has those of each platform of an index, and leaves attestations out", async () => {
      const [one, two] = [
        await real.vary("team/web", "1", {}),
        await real.vary("team/web", "1", { architecture: "arm64", labels: { more: "yes" } }),
      ];
      const digest = await real.index("team/web", "both", [one, two]);
      const found = await registry.describe(at("team/web:both"));
      assert.equal(found?.digest, digest);
      assert.equal(found.isIndex, true);
      assert.deepEqual(
        found.images.map(({ platform, labels }) => [platform, labels.more]),
        [
          ["linux/amd64", undefined],
          ["linux/arm64", "yes"],
        ],
      );
    });

    it("has an image that is only marked as an attestation, because an engine may run it", async () => {
      const platform = { os: "unknown", architecture: "unknown" };
      const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
      const hidden = {
        ...(await real.vary("team/web", "1", { labels: { more: "hidden" } })),
        platform,
        annotations,
      };
      const mediaType = "application/vnd.oci.image.index.v1+json";
      const manifests = [await real.vary("team/web", "1", {}), hidden];
      await real.put("team/web", "marked", { schemaVersion: 2, mediaType, manifests });
      const found = await registry.describe(at("team/web:marked"));
      assert.deepEqual(
        found?.images.map(({ labels }) => labels.more),
        [undefined, "hidden"],
      );
      const text = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
      const twice = text.replace(
        '"platform":',
        '"Platform":{"os":"linux","architecture":"amd64"},"platform":',
      );
      await real.putText("team/web", "twice", mediaType, twice);
      await assert.rejects(
        registry.describe(at("team/web:twice")),
        /NotAnImageError.*twice spells the key "platform" as "Platform"/,
      );
    });

    it("copies an index to another repository with every image and an equal digest", async () => {
      const children = [
        await real.vary("team/web", "1", {}),
        await real.vary("team/web", "1", { architecture: "arm64" }),
      ];
      const digest = asRegistryDigest(parseDigest(await real.index("team/web", "both", children)));
      await registry.point({ repository: at("team/web"), digest }, at("copied/web:both"));
      assert.equal(await real.digest("copied/web", "both"), digest);
      const found = await registry.describe(at("copied/web:both"));
      assert.equal(found?.images.length, 2);
    });

    it("is null only for what the registry itself says it does not have", async () => {
      assert.equal(await registry.describe(at("team/web:nothing")), null);
      assert.equal(await registry.describe(at("nobody/nothing:1")), null);
      const nothing = parseDigest(`sha256:${"0".repeat(64)}`);
      assert.equal(await registry.describe(digestReference(`${real.host}/team/web`, nothing)), null);
    });

    it("takes no chart or other artifact for an image", async () => {
      const manifest = await real.json("team/web", "manifests", "1");
      const strange = { ...manifest, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] };
      delete (strange as { config?: unknown }).config;
      delete (strange as { layers?: unknown }).layers;
      await real.put("team/web", "strange", strange);
      const error = await failing(() => registry.describe(at("team/web:strange")));
      assert.ok(error instanceof NotAnImageError, error.message);
    });
  });

  describe("can't tell", () => {
    const json = { "content-type": "application/json" };
    const cases: [string, Fault, RegExp][] = [
      ["401", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }, /docker login 127/],
      ["403", { status: 403 }, /docker login 127/],
      ["500", { status: 500 }, /trouble of its own/],
      ["503", { status: 503 }, /trouble of its own/],
      [
        "404 without the registry's own words",
        { status: 404, text: "<html>manifest unknown</html>" },
        /perhaps no registry/,
      ],
      [
        "403 with the code of an absent manifest",
        {
          status: 403,
          headers: json,
          text: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}',
        },
        /calls unknown.* 403 \(Forbidden\); .*docker login 127/,
      ],
      ["200 with a web page", { status: 200, text: "<html>log in</html>" }, /./],
    ];
    for (const [name, fault, words] of cases) {
      it(`at ${name}`, async () => {
        proxy.fault = () => fault;
        const error = await failing(() => registry.digestOf(`${proxy.host}/team/web:1`));
        proxy.fault = null;
        assert.ok(error instanceof RegistryError || error instanceof NotAnImageError, error.message);
        assert.ok(error.message.includes(`reading ${proxy.host}/team/web:1`), error.message);
        assert.match(error.message, words);
        assert.ok(!error.message.includes("\n"));
      });
    }

    it("when nothing answers in time, and says which limit that is", async () => {
      proxy.fault = () => "hang";
      const error = await failing(() => registryAt(1).digestOf(`${proxy.host}/team/web:1`));
      proxy.fault = null;
      assert.match(error.message, /did not answer within 1 s; .*`timeouts.inspect`$/);
    });

    it("when nobody listens", async () => {
      const error = await failing(() => registry.digestOf("127.0.0.1:1/team/web:1"));
      assert.match(
        error.message,
        /connection refused; is the registry running, and is 127.0.0.1:1 its right/,
      );
    });

    it("without skopeo, and says what to install", async () => {
      const error = await failing(() => within({ PATH: folder }, () => registry.digestOf(at("team/web:1"))));
      assert.ok(error instanceof RegistryToolMissingError);
      assert.match(error.message, /install it \(apt-get install skopeo/);
    });
  });

  describe("with TLS and credentials", () => {
    let closed: TestRegistry;
    let environment: Record<string, string>;

    /** A docker configuration in a folder of its own. */
    async function configuration(name: string, config: object): Promise<string> {
      const own = await mkdtemp(join(folder, `${name}-`));
      await writeFile(join(own, "config.json"), JSON.stringify(config));
      return own;
    }

    before(async () => {
      const tls = await selfSigned("127.0.0.1");
      const ca = join(folder, "ca.pem");
      await writeFile(ca, tls.cert);
      closed = await startRegistry({ auth: true, tls });
      const helper = join(folder, "docker-credential-tests");
      await writeFile(
        helper,
        `#!/bin/sh\nread host\necho "$1 $host" >> "${folder}/asked"\necho '${JSON.stringify({ Username: USER, Secret: PASSWORD })}'\n`,
      );
      await chmod(helper, 0o755);
      environment = { SSL_CERT_FILE: ca, PATH: `${folder}:${process.env.PATH ?? ""}` };
    });
    after(() => closed.stop());

    const push = (DOCKER_CONFIG: string, path = "team/web"): Promise<string | null> =>
      within({ ...environment, DOCKER_CONFIG }, () =>
        pushImage(engine, registryAt(30), id, [parseTagReference(`${closed.host}/${path}:1`)]),
      );

    it("pushes with the password in docker's own file, and trusts the user's authority", async () => {
      const auth = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
      const digest = await push(await configuration("file", { auths: { [closed.host]: { auth } } }));
      assert.match(digest ?? "", /^sha256:/);
    });

    for (const [name, config] of Object.entries({
      "a helper for this registry": (host: string) => ({ credHelpers: { [host]: "tests" } }),
      "a store for all": () => ({ credsStore: "tests" }),
    })) {
      it(`pushes with ${name}, and leaves no password behind`, async () => {
        await rm(join(folder, "asked"), { force: true });
        const before = await readdir(tmpdir());
        await push(await configuration("helper", config(closed.host)), name.replaceAll(" ", "-"));
        const asked = await readFile(join(folder, "asked"), "utf8");
        assert.deepEqual([...new Set(asked.trim().split("\n"))], [`get ${closed.host}`]);
        assert.deepEqual(
          (await readdir(tmpdir())).filter(
            (each) =>
              /^verified-images-registry/.test(each) &&
              each.includes(`.${process.pid}.`) &&
              !before.includes(each),
          ),
          [],
        );
      });
    }

    it("says to log in when there are no credentials, and repeats none when they are wrong", async () => {
      const wrong = Buffer.from(`${USER}:another secret`).toString("base64");
      for (const config of [{}, { auths: { [closed.host]: { auth: wrong } } }]) {
        const error = await failing(async () => push(await configuration("none", config)));
        assert.ok(error instanceof RegistryError, error.message);
        assert.match(error.message, new RegExp(`docker login ${closed.host}`));
        assert.doesNotMatch(error.message, /another secret/);
        assert.ok(!error.message.includes(wrong));
      }
    });

    it("does not speak to a registry whose certificate nobody vouches for", async () => {
      const auth = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
      const DOCKER_CONFIG = await configuration("file", { auths: { [closed.host]: { auth } } });
      const error = await failing(() =>
        within({ DOCKER_CONFIG }, () => registryAt(30).digestOf(`${closed.host}/team/web:1`)),
      );
      assert.match(error.message, /certificate is not trusted: put the certificate of its authority into/);
    });
  });
});
