import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { type Caller, callers } from '../../../deploy/stack/access.js';

/** The table in docs/permissions.md: procedure → from which role on. */
function documented(): Record<string, Caller | null> {
  const text = readFileSync(join(projectRoot, 'docs', 'permissions.md'), 'utf8');
  const section = text.slice(text.indexOf('### Who may CALL what'));
  const roles: Record<string, Caller | null> = {
    LOS_READ: 'read',
    LOS_RUN: 'run',
    LOS_OPERATE: 'operate',
    LOS_DEPLOY: null,
  };
  const found: Record<string, Caller | null> = {};
  for (const line of section.slice(0, section.indexOf('\n## ')).split('\n')) {
    const [, names, role] = /^\| ([A-Z0-9_, ]+) \| (\w+) \|/.exec(line) ?? [];
    if (names === undefined || role === undefined) continue;
    expect(roles, line).to.have.property(role);
    for (const name of names.split(', ')) found[name] = roles[role]!;
  }
  return found;
}

describe('who may CALL what', () => {
  it('is the same in docs/permissions.md and in the grants', () => {
    expect(documented()).to.deep.equal({ ...callers });
  });
});
