/**
 * Python: makes pip try again without those of our constraints that what it was asked for excludes. It then installs what the
 * recipe asks for. A constraint stays if nothing excludes it: it then failed because an index did not have the version, or
 * was out of order. pip of 2020 and later has the resolver that is changed here. Text of `pip-customize.ts`, which imports
 * os and sys.
 */
export const PIP_FREE = String.raw`
_RESOLVER = 'pip._internal.resolution.resolvelib.resolver'


def _spelt(name):
    return name.lower().replace('_', '-').replace('.', '-')


def _excludes(wanted, constraint):
    candidate, asked = wanted.get_candidate_lookup()
    if candidate is not None:
        return not constraint.req.specifier.contains(candidate.version, prereleases=True)
    versions = [one.version for one in constraint.req.specifier]
    return any(not asked.req.specifier.contains(one, prereleases=True) for one in versions)


def _free(resolver, folder):
    resolve = resolver.resolve

    def excluded(error, one):
        causes = getattr(error.__cause__, 'causes', [])
        return (
            one.constraint
            and folder in str(one.comes_from)
            and any(
                _spelt(cause.requirement.project_name) == _spelt(one.name) and _excludes(cause.requirement, one)
                for cause in causes
                if hasattr(cause.requirement, 'get_candidate_lookup') and cause.requirement.project_name
            )
        )

    def resolve_free(self, root_reqs, *rest, **more):
        left = list(root_reqs)
        while True:
            try:
                return resolve(self, left, *rest, **more)
            except Exception as error:
                kept = [one for one in left if not excluded(error, one)]
                if len(kept) == len(left):
                    raise
                left = kept

    resolver.resolve = resolve_free


class _FindResolver(object):
    def __init__(self, folder):
        self.folder = folder

    def find_spec(self, name, path=None, target=None):
        if name != _RESOLVER:
            return None
        sys.meta_path.remove(self)
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                _free(module.Resolver, self.folder)

            spec.loader.exec_module = exec_module
        return spec


def _leave_free(folder):
    if sys.version_info >= (3, 4):
        sys.meta_path.insert(0, _FindResolver(folder))
`;
