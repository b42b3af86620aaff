import type { Archive } from "../../support/archive";

/** Shell text that makes an archive of our own the only one apt knows, and installs packages from it. */
export function aptInstall(archive: Archive, ...packages: string[]): string {
  const install = `apt-get install -y -qq --no-install-recommends ${packages.join(" ")}`;
  return `echo '${archive.sourceLine}' > /etc/apt/sources.list && apt-get update -qq && ${install}`;
}

/** The paragraph of an installed package in dpkg's status file. */
function paragraph(name: string, version: string): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\n`;
}

/** A dpkg status file with these packages: all that a Debian image needs in order to be captured. */
export function dpkgStatus(packages: Readonly<Record<string, string>>): string {
  return Object.entries(packages)
    .map(([name, version]) => paragraph(name, version))
    .join("\n");
}

/** A recipe without any RUN, so built in a second: its packages are what the context's `status` says. */
export const COPY_ONLY = "FROM scratch\nCOPY status /var/lib/dpkg/status\nCOPY app /app\n";
