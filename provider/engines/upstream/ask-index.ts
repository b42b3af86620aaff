import { messageOf } from "../../base/errors/message";
import { cantTell, indexFinding, type Finding, type Wanted } from "../../packages/upstream/finding";
import { newestNpm, newestPython, pythonFiles, type Newest } from "../../packages/upstream/releases";
import { mapBounded } from "../../recipe/context/bounded";
import { httpGet, plainAddress } from "../http-get";

const MAX_BYTES = 64 * 1024 * 1024;
/** How many projects are asked for at the same time. */
const AT_ONCE = 8;

/** How one kind of index is asked for a project, and read. */
interface IndexKind {
  accept: string;
  path: (name: string) => string;
  newest: (body: string, wanted: Wanted) => Newest | null;
}

const KINDS: Readonly<Record<"pip" | "npm", IndexKind>> = {
  pip: {
    accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.5",
    path: (name) => `${name}/`,
    newest: (body, { locked, python }) => newestPython(pythonFiles(body), locked, python),
  },
  npm: {
    // The short form of a package's document, which is all that npm itself reads.
    accept: "application/vnd.npm.install-v1+json, application/json;q=0.5",
    path: (name) => name.replace("/", "%2f"),
    newest: (body, { locked }) => newestNpm(body, locked),
  },
};

/** Asks an index for each package, several at a time. What can't be asked within the signal's time is a "can't tell". */
export async function askIndexFor(
  ecosystem: "pip" | "npm",
  index: URL,
  wanted: readonly Wanted[],
  options: { ca: string | undefined; signal: AbortSignal },
): Promise<Finding[]> {
  const { accept, path, newest } = KINDS[ecosystem];
  const one = async (project: Wanted): Promise<Finding> => {
    try {
      const url = new URL(path(project.name), index);
      const { status, body } = await httpGet(url, { accept, maxBytes: MAX_BYTES, ...options });
      if (status === 404 || status === 410)
        return cantTell(project, `${plainAddress(index)} does not have it`);
      if (status !== 200) return cantTell(project, `${plainAddress(index)} answers with ${status}`);
      return indexFinding(project, newest(body.toString("utf8"), project));
    } catch (error) {
      return cantTell(project, `${plainAddress(index)} can't be asked: ${messageOf(error)}`);
    }
  };
  return await mapBounded(wanted, AT_ONCE, one);
}
