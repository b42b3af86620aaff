import { FREE } from "./free";
import { PIP_CONFIGURED } from "./pip-configured";
import { PIP_FREE } from "./pip-free";

/**
 * A `sitecustomize` module for Python (site module), which every Python process of a pinned RUN loads through PYTHONPATH.
 * It runs on Python 2.7 and 3. It puts `constraints.txt`, which is in the folder above it, where pip reads it:
 *
 * - beside the constraints that the recipe sets itself, by the variable or else by pip's configuration files, which count
 *   for nothing where the variable is set. pip takes several files, separated by spaces;
 * - not where pip fills the environment in which a project is built (build isolation). Before version 25.3 pip gives
 *   PIP_CONSTRAINT to that as well, and the project may need other versions than the image has. Such an environment is
 *   below a folder `pip-build-env-*`, which pip gets as its `--prefix`.
 *
 * What stands at other versions in other environments is held by the constraints of the environment that pip runs in, unless
 * pip is told to install elsewhere.
 *
 * A command that takes PIP_CONSTRAINT away (`env -u`) means it, so nothing is put there.
 *
 * Then it loads the `sitecustomize` that Python would have loaded without it. If anything goes wrong, pip works as without
 * this module.
 */
export const PIP_CUSTOMIZE = String.raw`import os
import sys

${PIP_CONFIGURED}
${PIP_FREE}

def _of_environment(folder, words):
    elsewhere = ('-t', '--target', '--prefix', '--root', '--python')
    if any(one.split('=')[0] in elsewhere for one in words):
        return []
    own = [os.path.realpath(one) for one in sys.path]
    try:
        with open(os.path.join(folder, 'environments.txt')) as listed:
            found = [line.rstrip('\n').split(' ', 1) for line in listed]
    except IOError:
        return []
    mine = [number for number, root in found if root in own]
    return [os.path.join(folder, 'environment-' + number + '.txt') for number in mine] if len(mine) == 1 else []


def _bind_pip(here):
    if 'PIP_CONSTRAINT' not in os.environ:
        return
    ours = os.path.join(os.path.dirname(here), 'constraints.txt')
    with open('/proc/self/cmdline', 'rb') as arguments:
        words = arguments.read()
    isolated = b'/pip-build-env-' in words
    folder = os.path.dirname(ours)
    files = [one for one in os.environ.get('PIP_CONSTRAINT', '').split() if os.path.dirname(one) != folder]
    if not isolated:
        words = words.decode('utf-8', 'replace').split('\0')
        if not files:
            files = _configured(words)
        files.append(ours)
        files += _of_environment(folder, words)
    if files:
        os.environ['PIP_CONSTRAINT'] = ' '.join(files)
    else:
        os.environ.pop('PIP_CONSTRAINT', None)
    if os.environ.get('${FREE}'):
        _leave_free(folder)


def _load_next(here):
    sys.path[:] = [one for one in sys.path if os.path.abspath(one) != here]
    own = sys.modules.pop('sitecustomize', None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        pass
    finally:
        if own is not None:
            sys.modules.setdefault('sitecustomize', own)


_here = os.path.dirname(os.path.abspath(__file__))
try:
    _bind_pip(_here)
except Exception:
    pass
_load_next(_here)
`;
