import { type Detector } from "../detector";

/** rpm's databases, in the places and formats it has had: Berkeley DB, ndb, SQLite. */
const DATABASE = /^\/(?:var\/lib|usr\/lib\/sysimage)\/rpm\/(?:Packages|Packages\.db|rpmdb\.sqlite)$/;

/**
 * rpm packages can't be read yet, and an image that has some must not pass for one that has none: a
 * database that is there is an error.
 */
export const rpmDetector: Detector<never> = {
  name: "rpm",
  want: () => undefined,
  note: (path, type) => type === "file" && DATABASE.test(path),
  parse: () => {
    throw new Error("is not read");
  },
  conclude({ noted }) {
    if (noted.size === 0) return { state: { state: "absent" } };
    const reason = `rpm databases are not supported yet ("${[...noted].sort().join('", "')}"); build from a Debian or Alpine base`;
    return { state: { state: "error", reason } };
  },
};
