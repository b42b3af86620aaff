import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Digest } from "../../provider/base/reference/types";
import { asRegistryDigest, parseDigest } from "../../provider/base/reference/digest";
import { registryAt } from "../../provider/engines/registry/registry-at";
import { broughtWords, leftBehindWords, type Brought } from "../../provider/engines/registry/attached/count";
import { bringAlong } from "../../provider/promote/apply/bring-along";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { findPrograms } from "../support/find-program";
import { startFaultProxy, type Fault, type FaultProxy } from "../support/fault-proxy";
import { describeWithOras, pathWithOras, startReferrersRegistry } from "../support/referrers-registry";
import { PASSWORD, startRegistry, USER, type TestRegistry } from "../support/registry";
import { listedIn, putImage, putList, putReferrer, putSigned, type Entry } from "../support/signed-images";
import { command } from "./support/command";
import { within } from "./support/within";

const A = "a1".repeat(20);

type Properties = Record<string, unknown>;
const make = async (inputs: Properties): Promise<Properties> => (await promotion.create(inputs)).outs;

/** Brings along what belongs to an image, by itself. */
const bring = (from: string, digest: string, to: string): Promise<Brought[]> =>
  bringAlong(registryAt(30), { repository: from, digest: asRegistryDigest(parseDigest(digest)) }, [
    `${to}:live`,
  ]);

describe("a promotion to another repository brings along", function () {
  this.timeout(120_000);
  let real: TestRegistry;
  let proxy: FaultProxy;
  let image: Entry;
  let programs: string;
  const outside = process.env.PATH;

  before(async () => {
    // Where oras is wanted, it is put in front.
    programs = await mkdtemp(join(tmpdir(), "attached-tests-"));
    for (const name of ["skopeo", "docker-registry"]) {
      await symlink(findPrograms(name)[0] ?? name, join(programs, name));
    }
    process.env.PATH = programs;
    real = await startRegistry();
    proxy = await startFaultProxy(real.host);
    image = await putImage(real, "team/web", "1", A);
  });
  after(async () => {
    process.env.PATH = outside;
    await proxy.stop();
    await real.stop();
    await rm(programs, { recursive: true, force: true });
  });

  const at = (rest: string): string => `${real.host}/${rest}`;
  const inputs = (target: string, more: Properties = {}): Properties => ({
    ...{
      source: at("team/web:1"),
      targets: [at(target)],
      expectedRevision: A,
      host: "unix:///nonexistent.sock",
    },
    ...more,
  });

  it("nothing from a repository that has nothing but the image, without a word", async () => {
    const brought = await bring(at("team/web"), image.digest, at("bare/web"));
    assert.deepEqual([broughtWords(brought), leftBehindWords(brought)], [null, []]);
    assert.deepEqual(await bring(at("team/web"), image.digest, at("team/web")), []);
  });

  describe("what cosign keeps as tags", () => {
    let tags: string[];
    before(async () => {
      tags = [
        await putSigned(real, "team/web", image.digest, "sig", ["one", "two"]),
        await putSigned(real, "team/web", image.digest, "att", ["statement"]),
      ];
    });

    it("with equal digests, under the same names, counted in the receipt", async () => {
      const root = await mkdtemp(join(tmpdir(), "attached-tests-"));
      try {
        await make(inputs("production/web:live", { root, requireVerified: false }));
        for (const tag of tags) {
          assert.equal(await real.digest("production/web", tag), await real.digest("team/web", tag));
        }
        const [line = ""] = (await readFile(join(root, "promotions.jsonl"), "utf8")).split("\n");
        const { along } = JSON.parse(line) as { along: Brought[] };
        assert.equal(broughtWords(along), "2 signatures and 1 attestation came along");
        assert.deepEqual(
          along.map(({ repository }) => repository),
          [at("production/web")],
        );
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });

    it("and the command says how many", async () => {
      const words = ["promote", at("team/web:1"), "--target", at("cli/web:live"), "--expected-revision", A];
      const { stdout, stderr } = await command(tmpdir(), words);
      assert.equal(
        stdout,
        `${at("cli/web:live")} is ${image.digest}\n2 signatures and 1 attestation came along\n`,
        stderr,
      );
    });

    it("once: what is there already is left as it is", async () => {
      const [again] = await bring(at("team/web"), image.digest, at("production/web"));
      assert.deepEqual([again?.there, again?.signatures, again?.kept], [2, 0, []]);
    });

    it("but keeps a signature that the target has of its own, and says so", async () => {
      const tag = await putSigned(real, "signed/web", image.digest, "sig", ["its own"]);
      const own = await real.digest("signed/web", tag);
      const brought = await bring(at("team/web"), image.digest, at("signed/web"));
      assert.equal(broughtWords(brought), "1 attestation came along");
      assert.deepEqual(leftBehindWords(brought), [
        `${at("signed/web")}:${tag} stands for something else than at the source and stays so: what the source has there did not come along`,
      ]);
      assert.equal(await real.digest("signed/web", tag), own);
    });

    it("where the tags can't be listed, by asking for each by its name", async () => {
      proxy.fault = (_, path) => (path.includes("team/web/tags/list") ? { status: 403 } : null);
      const from = `${proxy.host}/team/web`;
      try {
        const brought = await bring(from, image.digest, at("unlisted/web"));
        assert.equal(broughtWords(brought), "2 signatures and 1 attestation came along");
      } finally {
        proxy.fault = null;
      }
    });

    for (const [name, fault, words] of [
      ["a signature that can't be read", { at: ".sig", status: 500 }, /trouble of its own/],
      [
        "referrers that can't be asked for",
        { at: "/referrers/", status: 500 },
        /no usable answer \(it answered 500\)/,
      ],
      ["an answer that is no list", { at: "/referrers/", status: 200 }, /its answer is no list of manifests/],
    ] as const) {
      it(`or promotes nothing: ${name}`, async () => {
        proxy.fault = (_, path): Fault | null =>
          path.includes(fault.at) ? { status: fault.status, text: "{}" } : null;
        const target = `doubt-${fault.at.replace(/\W/g, "")}-${fault.status}/web`;
        try {
          await assert.rejects(
            make(inputs(`${target}:live`, { source: `${proxy.host}/team/web:1` })),
            (error: Error) => {
              assert.match(error.message, words);
              assert.match(error.message, /could not be brought along: .*; no tag was moved$/s);
              return true;
            },
          );
          assert.equal(await real.digest(target, "live"), null);
        } finally {
          proxy.fault = null;
        }
      });
    }

    it("or promotes nothing: a copy that breaks off", async () => {
      proxy.fault = (method, path) =>
        method === "PUT" && path.endsWith(".att")
          ? { status: 403, text: '{"errors":[{"code":"DENIED"}]}' }
          : null;
      try {
        await assert.rejects(
          make(inputs("broken/web:live", { targets: [`${proxy.host}/broken/web:live`] })),
          /could not be brought along: copying .*\.att.*; no tag was moved$/s,
        );
      } finally {
        proxy.fault = null;
      }
      assert.equal(await real.digest("broken/web", "live"), null);
    });

    it("and says where it could not ask for referrers, because the registry wants credentials", async () => {
      proxy.fault = (_, path) => (path.includes("/referrers/") ? { status: 401 } : null);
      try {
        const brought = await bring(`${proxy.host}/team/web`, image.digest, at("asked/web"));
        assert.equal(broughtWords(brought), "2 signatures and 1 attestation came along");
        assert.match(
          leftBehindWords(brought).join(),
          /was not asked for OCI referrers \(it wants credentials for that\).*install oras/,
        );
      } finally {
        proxy.fault = null;
      }
    });

    it("of each image of an index, and the attestations that are in the index anyway", async () => {
      const children = [
        {
          ...(await putImage(real, "team/many", "a", A)),
          platform: { os: "linux", architecture: "amd64" },
        },
        {
          ...(await putImage(real, "team/many", "b", A, "arm64")),
          platform: { os: "linux", architecture: "arm64" },
        },
      ];
      const digest = await real.index("team/many", "1", children);
      const tag = await putSigned(real, "team/many", children[1]?.digest ?? "", "sig", ["of arm64"]);
      await putSigned(real, "team/many", digest, "sig", ["of all"]);
      await make({ source: at("team/many:1"), targets: [at("production/many:live")], expectedRevision: A });
      assert.equal(await real.digest("production/many", "live"), digest);
      assert.equal(await real.digest("production/many", tag), await real.digest("team/many", tag));
      const listed = await listedIn(real, "production/many", "live");
      assert.equal(listed.length, 3);
      for (const one of listed) assert.equal(await real.digest("production/many", one), one);
    });

    it("nothing visible when it is interrupted", async () => {
      const interrupted = new AbortController();
      proxy.fault = (method, path) => {
        if (method !== "PUT" || !path.endsWith(".att")) return null;
        interrupted.abort();
        return "hang";
      };
      const source = { repository: at("team/web"), digest: asRegistryDigest(parseDigest(image.digest)) };
      const target = `${proxy.host}/interrupted/web:live`;
      try {
        await assert.rejects(
          bringAlong(registryAt(30), source, [target], interrupted.signal),
          /could not be brought along: copying .* was cancelled; no tag was moved$/,
        );
      } finally {
        proxy.fault = null;
      }
      assert.equal(await real.digest("interrupted/web", "live"), null);
      assert.equal(
        broughtWords(await bring(at("team/web"), image.digest, at("interrupted/web"))),
        "1 attestation came along",
      );
    });

    for (const [name, script] of [
      ["prints another form", `echo '{"manifests":[]}'`],
      ["lacks an option", "echo 'Error: unknown flag: --depth' >&2; exit 1"],
    ] as const) {
      it(`or promotes nothing with an oras that ${name}`, async () => {
        const folder = await mkdtemp(join(tmpdir(), "attached-tests-"));
        try {
          await writeFile(join(folder, "oras"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
          await within({ PATH: `${folder}:${process.env.PATH ?? ""}` }, () =>
            assert.rejects(
              bring(at("team/web"), image.digest, at("old-oras/web")),
              /oras 1\.3 or newer is needed; so what belongs to the image can't be told; no tag was moved$/,
            ),
          );
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      });
    }

    it("refuses a signature's manifest that programs read in different ways", async () => {
      const odd = await putImage(real, "odd/web", "1", A);
      const tag = await putSigned(real, "odd/web", odd.digest, "sig", ["x"]);
      const whole = JSON.stringify(await real.json("odd/web", "manifests", tag));
      await real.putText("odd/web", tag, odd.mediaType, whole.replace('{"', '{"Layers":[],"'));
      await assert.rejects(
        bring(at("odd/web"), odd.digest, at("odder/web")),
        /spells the key "layers" as "Layers"/,
      );
    });
  });

  describeWithOras("referrers", () => {
    let lists: TestRegistry;
    let subject: Entry;
    let [sbom, signature]: Entry[] = [];
    before(async () => {
      lists = await startReferrersRegistry();
      subject = await putImage(lists, "team/web", "1", A);
      sbom = await putReferrer(lists, "team/web", subject, "sbom");
      signature = await putReferrer(lists, "team/web", sbom, "signature of the sbom");
    });
    after(() => lists.stop());

    const digestsOf = (...entries: (Entry | undefined)[]): string[] =>
      entries.map((entry) => entry?.digest ?? "").sort();
    const listed = async (
      registry: TestRegistry,
      path: string,
      about: Digest | string,
    ): Promise<string[]> => {
      const answer = await fetch(`http://${registry.host}/v2/${path}/referrers/${about}`);
      const { manifests } = (await answer.json()) as { manifests: Entry[] };
      return manifests.map(({ digest }) => digest).sort();
    };

    for (const how of ["without oras", "with oras"] as const) {
      const running = <T>(work: () => Promise<T>): Promise<T> =>
        how === "with oras" ? within({ PATH: pathWithOras() }, work) : work();

      it(`to a registry that lists them, one of a referrer too, ${how}`, async () => {
        const path = `${how.replaceAll(" ", "-")}/web`;
        const brought = await running(() =>
          bring(`${lists.host}/team/web`, subject.digest, `${lists.host}/${path}`),
        );
        assert.equal(broughtWords(brought), "2 referrers came along");
        assert.deepEqual(await listed(lists, path, subject.digest), digestsOf(sbom));
        assert.deepEqual(await listed(lists, path, sbom?.digest ?? ""), digestsOf(signature));
      });
    }

    it("to a registry that has a tag for the list, and on from there", async () => {
      await within({ PATH: pathWithOras() }, async () => {
        const brought = await bring(`${lists.host}/team/web`, subject.digest, at("mirror/web"));
        assert.equal(broughtWords(brought), "2 referrers came along");
        const tag = subject.digest.replace(":", "-");
        assert.deepEqual(await listedIn(real, "mirror/web", tag), digestsOf(sbom));
        const { manifests } = (await real.json("mirror/web", "manifests", tag)) as { manifests: Entry[] };
        assert.deepEqual(manifests, [sbom]);
        const back = await bring(at("mirror/web"), subject.digest, `${lists.host}/back/web`);
        assert.equal(broughtWords(back), "2 referrers came along");
        assert.deepEqual(await listed(lists, "back/web", sbom?.digest ?? ""), digestsOf(signature));
      });
    });

    it("into a list that names others, which stay in it", async () => {
      await within({ PATH: pathWithOras() }, async () => {
        const own = await putReferrer(real, "merged/web", subject, "its own");
        const tag = await putList(real, "merged/web", subject.digest, [own]);
        const brought = await bring(`${lists.host}/team/web`, subject.digest, at("merged/web"));
        assert.equal(broughtWords(brought), "2 referrers came along");
        assert.deepEqual(await listedIn(real, "merged/web", tag), digestsOf(own, sbom));
        const [again] = await bring(`${lists.host}/team/web`, subject.digest, at("merged/web"));
        assert.deepEqual([again?.there, again?.referrers], [2, 0]);
      });
    });

    it("but moves no tag that stands for something else than a list", async () => {
      await putImage(real, "other/web", subject.digest.replace(":", "-"), A);
      await within({ PATH: pathWithOras() }, () =>
        assert.rejects(
          bring(`${lists.host}/team/web`, subject.digest, at("other/web")),
          /it stands for something else there, which is not overwritten; .*no tag was moved$/s,
        ),
      );
    });

    it("or says what it takes where neither oras nor this skopeo can write the list", async () => {
      const error = await bring(`${lists.host}/team/web`, subject.digest, at("unwritten/web")).catch(
        (caught: Error) => caught,
      );
      // A newer skopeo writes it.
      if (error instanceof Error) {
        assert.match(
          error.message,
          /can't put the list there unchanged; install oras \(https:\/\/oras\.land\); no tag was moved$/s,
        );
      } else assert.equal(broughtWords(error), "2 referrers came along");
    });

    it("leaves out what a list names although it is gone, or belongs to something else", async () => {
      const own = await putImage(real, "stale/web", "1", A, "arm64");
      const other = await putReferrer(real, "stale/web", image, "of another image");
      const gone = { ...other, digest: `sha256:${"0".repeat(64)}` };
      await putList(real, "stale/web", own.digest, [other]);
      const tag = own.digest.replace(":", "-");
      const list = await real.json("stale/web", "manifests", tag);
      assert.ok(list);
      proxy.fault = (_, path) =>
        path.endsWith(tag)
          ? {
              status: 200,
              text: JSON.stringify({ ...list, manifests: [gone, other] }),
              headers: { "content-type": "application/vnd.oci.image.index.v1+json" },
            }
          : null;
      try {
        const brought = await bring(`${proxy.host}/stale/web`, own.digest, at("fresh/web"));
        assert.equal(broughtWords(brought), null);
      } finally {
        proxy.fault = null;
      }
    });

    it("with the user's credentials, through oras", async () => {
      const closed = await startRegistry({ auth: true });
      const folder = await mkdtemp(join(tmpdir(), "attached-tests-"));
      try {
        const auth = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
        await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [closed.host]: { auth } } }));
        const own = await putImage(closed, "team/web", "1", A);
        const referrer = await putReferrer(closed, "team/web", own, "x");
        await putList(closed, "team/web", own.digest, [referrer]);
        await within({ DOCKER_CONFIG: folder, PATH: pathWithOras() }, async () => {
          const brought = await bring(`${closed.host}/team/web`, own.digest, `${closed.host}/production/web`);
          assert.equal(broughtWords(brought), "1 referrer came along");
          assert.deepEqual(leftBehindWords(brought), []);
          const tag = own.digest.replace(":", "-");
          assert.deepEqual(await listedIn(closed, "production/web", tag), [referrer.digest]);
        });
      } finally {
        await closed.stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});
