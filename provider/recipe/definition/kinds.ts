/** What only a definition file can have that no lock pins, and when it is listed. */
export const DEFINITION_KINDS = {
  "host-script": "`%setup` and `%pre`: commands that run on the host, with all that it has",
  bootstrap:
    "a bootstrap agent whose source nothing can pin, and a folder or a network source that may change",
  "host-file": "a line of `%files` that names a file outside of the context",
  interpreter:
    "`%post` or `%appinstall` that another program than a POSIX shell runs: no pin can be put before it",
  "stage-unseen": "a stage other than the last: only what apt installed in it is seen",
} satisfies Record<string, string>;

export type DefinitionKind = keyof typeof DEFINITION_KINDS;
