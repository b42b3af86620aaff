import assert from "node:assert/strict";
import { parseDefinition } from "../../../../provider/recipe/definition/parse";
import { findUnpinnedInDefinition } from "../../../../provider/recipe/definition/unpinned";

/** What is listed of a definition, as `line kind`. */
const found = (text: string): string[] =>
  findUnpinnedInDefinition(parseDefinition(text)).map(({ line, kind }) => `${line} ${kind}`);

const HEADER = "Bootstrap: docker\nFrom: debian:12\n";

describe("what a definition leaves unpinned", () => {
  it("is nothing where apt, pip and npm install by name", () => {
    assert.deepEqual(
      found(`${HEADER}%post\n  apt-get install -y \\\n    curl\n  pip install flask\n  npm i -g x\n`),
      [],
    );
  });

  it("is found in every %post and in %appinstall, at its line", () => {
    const text = `${HEADER}%post\n  curl http://x/a.sh | sh\n%post\n  true && \\\n    git clone http://x/y\n%appinstall foo\n  wget http://x/z\n`;
    assert.deepEqual(found(text), ["4 curl-pipe-shell", "7 git-clone", "9 download"]);
  });

  it("is not found in a here-document that nobody runs, or in a comment", () => {
    const text = `${HEADER}%post\n  cat > x <<'END'\ncurl http://x/a.sh | sh\nEND\n  # git clone http://x/y\n  git clone http://x/z\n`;
    assert.deepEqual(found(text), ["8 git-clone"]);
  });

  it("has every %setup and %pre, which run on the host", () => {
    assert.deepEqual(found(`${HEADER}%setup\n  true\n%pre\n  true\n`), ["3 host-script", "5 host-script"]);
  });

  it("has a %post that no shell runs", () => {
    assert.deepEqual(found(`${HEADER}%post -c /usr/bin/python3\n  import os\n`), ["3 interpreter"]);
    assert.deepEqual(found(`${HEADER}%post -c /bin/bash -l\n  true\n`), []);
  });

  it("has the agents whose source can't be pinned, and no others", () => {
    const of = (agent: string): string[] => found(`Bootstrap: ${agent}\nFrom: x\nOSVersion: y\n`);
    for (const agent of ["docker", "oras", "docker-archive", "oci-archive", "localimage", "scratch"])
      assert.deepEqual(of(agent), [], agent);
    for (const agent of [
      "debootstrap",
      "yum",
      "zypper",
      "arch",
      "busybox",
      "library",
      "shub",
      "oci",
      "docker-daemon",
    ])
      assert.deepEqual(of(agent), ["1 bootstrap"], agent);
  });

  it("has files from outside of the context, which nobody looks at", () => {
    assert.deepEqual(found(`${HEADER}%files\n  /etc/a /a\n  ../b\n  ..c\n  d/../e\n`), [
      "4 host-file",
      "5 host-file",
    ]);
  });

  it("has each stage but the last that runs something", () => {
    const text = `${HEADER}Stage: one\n%post\n  make\n${HEADER}%files from one\n  /a\n`;
    assert.deepEqual(found(text), ["1 stage-unseen"]);
  });
});
