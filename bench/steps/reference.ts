import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

export interface Reference {
  readonly root: string;
  remove(): void;
}

/**
 * Checks another commit out beside this one and builds it, with the packages that are installed here.
 * @param commit a name that git knows
 * @throws Error where this is no checkout with that commit, e.g. a shallow clone
 */
export function checkOut(commit: string): Reference {
  const root = join(mkdtempSync(join(tmpdir(), 'bench-reference-')), 'checkout');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectRoot, stdio: 'pipe' });
  git('worktree', 'add', '--detach', root, commit);
  const remove = () => {
    git('worktree', 'remove', '--force', root);
    rmSync(join(root, '..'), { recursive: true, force: true });
  };
  try {
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'pipe' });
    if (!existsSync(join(root, 'dist/deploy/cli.js'))) throw new Error(`${commit} was built without a CLI`);
    return { root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
