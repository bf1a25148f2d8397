import { join } from 'node:path';
import { expect } from 'chai';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { UserError } from '../../../deploy/errors.js';
import { requireBuilt } from '../../../deploy/ground/require-built.js';
import { projectRoot } from '../../../deploy/project.js';

describe('a file that the build makes', () => {
  it('is there', () => {
    const path = join(projectRoot, 'dist', 'deploy', 'checks', 'settings.cjs');
    expect(requireBuilt(path, 'the check of the settings')).to.equal(path);
  });

  it('is told by name where it is missing, with what makes it', async () => {
    const error = await compileEntry('udfs/nowhere.ts').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    const { message, next } = error as UserError;
    expect(message).to.match(/^dist\/udfs\/nowhere\.body\.json is missing: .*bundles of udfs\/nowhere\.ts/);
    expect(next).to.contain(`npm run build in ${projectRoot}`);
  });
});
