import type { LockedPackage } from "../../provider/packages/lock/types";

/** As many packages as a large monorepo has, in five places; the same ones each time. */
export function manyPackages(count: number): LockedPackage[] {
  return Array.from({ length: count }, (_, at) => ({
    ecosystem: "npm",
    name: `package-${at % 20_000}`,
    version: `1.${at % 17}.0`,
    root: `/app/node_modules/${Math.floor(at / 20_000)}`,
    hash: `sha512-${at}`,
  }));
}
