import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { EngineUnsuitableError } from "../errors";

/** What decides whether a build needs `--fakeroot`, and whether it can have it. */
export interface Powers {
  uid: number;
  user: string;
  /** The capabilities that this process has, and all that the kernel knows, as bits. */
  held: bigint;
  all: bigint;
  /** Texts of /etc/subuid and /etc/subgid. */
  ranges: readonly [subuid: string, subgid: string];
}

/**
 * Whether a build has to say `--fakeroot`. For an ordinary user the engine does it by itself. root has no need of it,
 * except where the machine withholds capabilities, as containers and some hosts do: the engine asks for all of them.
 */
export function needsFakeroot({ uid, held, all }: Pick<Powers, "uid" | "held" | "all">): boolean {
  return uid === 0 && (held & all) !== all;
}

/** Why `--fakeroot` can't be had; null: it can. */
export function fakerootProblem({
  uid,
  user,
  ranges,
}: Pick<Powers, "uid" | "user" | "ranges">): string | null {
  const missing = ["/etc/subuid", "/etc/subgid"].filter(
    (_, at) =>
      !(ranges[at] ?? "")
        .split("\n")
        .some((line) => line.startsWith(`${user}:`) || line.startsWith(`${uid}:`)),
  );
  if (missing.length === 0) return null;
  return (
    `Apptainer has to build with --fakeroot here, because this machine withholds capabilities from ${user}, ` +
    `and ${missing.join(" and ")} ${missing.length > 1 ? "have" : "has"} no line for ${user}; ` +
    `add "${user}:200000:65536" there`
  );
}

const text = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");

async function readPowers(): Promise<Powers> {
  const status = /^CapPrm:\s*([0-9a-f]+)$/m.exec(await text("/proc/self/status"))?.[1];
  const last = Number(await text("/proc/sys/kernel/cap_last_cap"));
  const known = status !== undefined && Number.isInteger(last) && last > 0;
  const { uid, username: user } = userInfo();
  return {
    ...{ uid, user },
    held: known ? BigInt(`0x${status}`) : 0n,
    all: known ? (1n << BigInt(last + 1)) - 1n : 0n,
    ranges: [await text("/etc/subuid"), await text("/etc/subgid")],
  };
}

let found: Promise<readonly string[]> | undefined;

/**
 * The flags by which builds work here; found out once.
 *
 * @throws {EngineUnsuitableError} when `--fakeroot` is needed and can't be had
 */
export function fakerootFlags(): Promise<readonly string[]> {
  found ??= readPowers().then((powers) => {
    if (!needsFakeroot(powers)) return [];
    const problem = fakerootProblem(powers);
    if (problem !== null) throw new EngineUnsuitableError(problem);
    return ["--fakeroot"];
  });
  return found;
}
