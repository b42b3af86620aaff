import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CA_VARIABLES, mergeCertificates, privateBundle } from "../../../../provider/recipe/ca-bundle/bundle";
import { CA_SECRET, CA_TARGET, injectCaBundle } from "../../../../provider/recipe/ca-bundle/inject";
import { withEnvironment } from "../../base/git/environment";
import { removeScratch, scratch } from "../../store/scratch";

const pem = (content: string): string => `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----`;
const KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";

describe("mergeCertificates", () => {
  it("keeps each certificate once, in order of first sight", () =>
    assert.deepEqual(
      mergeCertificates([`${pem("AAAA")}\n${pem("BBBB")}`, `${pem("BBBB")}\n${pem("CCCC")}`]),
      [pem("AAAA"), pem("BBBB"), pem("CCCC")],
    ));

  it("tells them by content, not by line breaks", () => {
    const windows = pem("AAAA\nBBBB").replaceAll("\n", "\r\n");
    assert.deepEqual(mergeCertificates([windows, pem("AAAA\nBBBB"), pem("AAAABBBB")]), [pem("AAAA\nBBBB")]);
  });

  it("takes certificates only: no comments, keys, cut or empty ones", () => {
    const text = `# my CA\nsubject=/CN=x\n${KEY}\n${pem("AAAA")}\nrest\n-----BEGIN CERTIFICATE-----\nBBBB\n`;
    assert.deepEqual(mergeCertificates([text, "", "-----BEGIN CERTIFICATE-----", KEY]), [pem("AAAA")]);
  });

  // Megabytes: time that grew with their square would go far beyond a test's limit.
  it("reads a text that never ends one in bounded time", () =>
    assert.deepEqual(mergeCertificates(["-----BEGIN CERTIFICATE-----AAAA\n".repeat(100_000)]), []));
});

const file = (content: string): string => {
  const path = join(scratch(), "ca.pem");
  writeFileSync(path, content);
  return path;
};

describe("privateBundle", () => {
  after(removeScratch);

  for (const name of CA_VARIABLES) {
    it(`holds the certificates that ${name} names, after the system's`, async () => {
      const bundle = (await privateBundle({ [name]: file(pem("T1dO")) })) ?? "";
      assert.ok(bundle.includes(pem("T1dO")));
      assert.ok(bundle.endsWith("-----END CERTIFICATE-----\n"));
      const without = (await privateBundle({})) ?? "";
      for (const certificate of mergeCertificates([without])) assert.ok(bundle.includes(certificate));
    });
  }

  it("holds each once where several variables name the same, and never a key", async () => {
    const path = file(`${KEY}\n${pem("T1dO")}`);
    const bundle = (await privateBundle({ SSL_CERT_FILE: path, PIP_CERT: path })) ?? "";
    assert.equal(bundle.split(pem("T1dO")).length, 2);
    assert.ok(!bundle.includes("PRIVATE KEY"));
  });

  it("is the same as without any variable where they name nothing, a directory, or no certificate", async () => {
    const nothing = await privateBundle({});
    const directory = scratch();
    mkdirSync(join(directory, "x"));
    for (const path of ["", "/nonexistent/ca.pem", directory, file("no certificate"), file(KEY)]) {
      assert.equal(await privateBundle({ SSL_CERT_FILE: path, UNRELATED: file(pem("T1dO")) }), nothing);
    }
  });
});

describe("injectCaBundle", () => {
  after(removeScratch);

  it("gives the bundle as a secret that every RUN mounts, and takes it away", async () => {
    await withEnvironment({ PIP_CERT: file(pem("T1dO")) }, async () => {
      const caBundle = await injectCaBundle();
      const { secrets, mounts, aptLines, variables } = caBundle;
      const bundle = secrets[CA_SECRET]?.file ?? "";
      assert.ok(readFileSync(bundle, "utf8").includes(pem("T1dO")));
      assert.equal(statSync(bundle).mode & 0o077, 0);
      assert.deepEqual(mounts, [`--mount=type=secret,id=${CA_SECRET},target=${CA_TARGET},mode=0444`]);
      assert.deepEqual(aptLines, [`Acquire::https::CaInfo "${CA_TARGET}";`]);
      assert.deepEqual(new Set([variables.PIP_CERT, ...Object.values(variables)]), new Set([CA_TARGET]));
      await caBundle.dispose();
      assert.ok(!existsSync(bundle));
      await caBundle.dispose();
    });
  });
});
