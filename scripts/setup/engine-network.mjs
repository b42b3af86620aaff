import { createHash } from "node:crypto";
import { install } from "./apt.mjs";
import { adminPath, findFirst } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, run } from "./run.mjs";

/** Where the private networks of engines are looked for: 10.224.0.0 to 10.239.255.0, one of 256 addresses each. */
const FIRST = 224;
const NETWORKS = 16 * 256;

/** The bridge of a name with its hardware address, and the networks to try in turn. @param {string} name */
export function networkPlan(name) {
  const hash = createHash("sha256").update(name).digest();
  const start = hash.readUInt16BE(4) % NETWORKS;
  const at = (/** @type {number} */ number) => `10.${FIRST + (number >> 8)}.${number & 255}`;
  const networks = Array.from({ length: 8 }, (_, step) => at((start + step * 257) % NETWORKS));
  const address = ["02", ...[8, 9, 10, 11, 12].map((byte) => hash.toString("hex", byte, byte + 1))].join(":");
  return { bridge: `vimg${hash.toString("hex").slice(0, 8)}`, address, networks };
}

/** Rules that let containers on a bridge out, as dockerd would make them. @type {(bridge: string, network: string) => string[][]} */
const rules = (bridge, network) => [
  ["POSTROUTING", "-t", "nat", "-s", `${network}.0/24`, "!", "-o", bridge, "-j", "MASQUERADE"],
  ["FORWARD", "-i", bridge, "-j", "ACCEPT"],
  ["FORWARD", "-o", bridge, "-j", "ACCEPT"],
];

/**
 * A bridge of an engine's own with rules of its own, so that dockerd leaves the rules of another one alone. Made once,
 * and again after a restart of the machine. Gives the bridge's name.
 * @type {(name: string, context: Context) => Promise<string>}
 */
export async function ownNetwork(name, context) {
  const options = { ...context, env: { ...context.env, PATH: adminPath(context.env) } };
  const missing = ["iptables", "ip"].filter((tool) => findFirst(tool, options.env.PATH) === null);
  if (missing.length > 0) await install(["iptables", "iproute2"], context);
  const { bridge, address, networks } = networkPlan(name);
  const ip = (/** @type {string[]} */ ...args) => attempt("ip", args, options);
  const shown = await ip("-4", "addr", "show", "dev", bridge);
  const there = /inet (10\.\d+\.\d+)\.1\/24/.exec(shown.stdout)?.[1];
  let network = there;
  for (const one of there === undefined ? networks : []) {
    const routes = (await ip("-4", "route", "show", "match", `${one}.1`)).stdout.split("\n");
    if (routes.every((route) => route === "" || route.startsWith("default"))) network ??= one;
  }
  if (network === undefined)
    throw new SetupError(`None of the networks ${networks.join(", ")} is free for a container engine.`);
  if (there === undefined) {
    await ip("link", "add", bridge, "type", "bridge");
    const add = ["addr", "add", `${network}.1/24`, "dev", bridge];
    await run("A network bridge for the engine", "ip", add, options);
  }
  // Without an address of its own a bridge has that of one of its containers, and loses it when that one ends: connections
  // of all others then hang.
  await ip("link", "set", bridge, "address", address, "up");
  for (const [chain = "", ...rule] of rules(bridge, network)) {
    const table = rule[0] === "-t" ? rule.splice(0, 2) : [];
    const found = await attempt("iptables", [...table, "-C", chain, ...rule], options);
    if (!found.ok)
      await run("A rule for the engine's network", "iptables", [...table, "-I", chain, ...rule], options);
  }
  return bridge;
}
