/** A file that says what a Python package is, who installed it, or which files it has. */
interface PythonFile {
  kind: "metadata" | "installer" | "record" | "wheel";
  /** The directory that contains the package. It would be on `sys.path`. */
  root: string;
  /** The directory or file that contains the package's metadata. */
  info: string;
}

const KINDS: Record<string, PythonFile["kind"]> = {
  INSTALLER: "installer",
  RECORD: "record",
  WHEEL: "wheel",
};

/**
 * What a path means to Python; null if nothing. A package has its metadata in `*.dist-info/METADATA`,
 * `*.egg-info/PKG-INFO`, a file `*.egg-info` or `*.egg/EGG-INFO/PKG-INFO`, in any directory.
 */
export function pythonFile(path: string): PythonFile | null {
  const match =
    /^(.*)\/([^/]+\.dist-info)\/(METADATA|INSTALLER|RECORD|WHEEL)$/.exec(path) ??
    /^(.*)\/([^/]+\.egg-info)\/(PKG-INFO)$/.exec(path) ??
    /^(.*)\/([^/]+\.egg)\/(EGG-INFO\/PKG-INFO)$/.exec(path) ??
    /^(.*)\/([^/]+\.egg-info)()$/.exec(path);
  if (match === null) {
    return null;
  }
  const [, root, info, file] = match as unknown as [string, string, string, string];
  return {
    kind: KINDS[file] ?? "metadata",
    root: root || "/",
    info: `${root}/${info}`,
  };
}

/** Whether a directory must contain metadata: `*.dist-info` or `*.egg-info` in an environment. */
export function isInfoDirectory(path: string): boolean {
  const match = /^(.*)\/([^/]+)\.(dist|egg)-info$/.exec(path);
  return match !== null && isEnvironment(match[1]!) && !isLeftOver(path);
}

/** Whether a directory is an environment (system, user, venv), judged by its name. */
export function isEnvironment(directory: string): boolean {
  return /\/(site-packages|dist-packages)$/.test(directory);
}

/** Whether an uninstall that failed left this metadata. pip puts `~` before its name, and ignores it from then on. */
export function isLeftOver(info: string): boolean {
  return info.slice(info.lastIndexOf("/") + 1).startsWith("~");
}
