import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { validate } from '../../demo/validate/validate.js';
import { UserError } from '../../deploy/errors.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { projectRoot } from '../../deploy/project.js';

const contractFile = (name: string) => join(projectRoot, 'sql', 'datasets', `${name}.yaml`);
const open = { target: 'local', progress: silentProgress, signal: new AbortController().signal };

describe('los validate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-validate-test-'));
  after(() => rmSync(folder, { recursive: true }));

  it('executes everything up to one scored admission, and leaves nothing in the configured state', async () => {
    const config = join(folder, 'los.config.yaml');
    // The rows of this dataset are those of others.
    writeFileSync(config, `state: ${join(folder, 'state')}\ndataset: ${contractFile('general')}\n`);
    const said: string[] = [];
    const progress = { ...silentProgress, note: (text: string) => said.push(text) };
    const result = await validate({ ...open, progress, config });
    expect(said.join()).to.match(/general reads relations of others.*the chain runs on health/);
    expect(result.dataset).to.equal('health');
    expect(result.contracts).to.include.members(['health', 'sparcs_hf']);
    expect(result.objects).to.be.at.least(30);
    expect(result.predicted).to.be.within(1, 10);
    expect(existsSync(join(folder, 'state'))).to.equal(false);
  });

  it('says where to look when a feature of the contract is no SQL', async () => {
    const file = join(folder, 'broken.yaml');
    const text = readFileSync(contractFile('sparcs_hf'), 'utf8');
    writeFileSync(
      file,
      text.replace(/^features:\n/m, "features:\n  NONSENSE: { type: numeric, sql: 'NO_SUCH_COLUMN + 1' }\n"),
    );
    const error = await validate(open, file).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.match(/NO_SUCH_COLUMN/);
    expect((error as UserError).next).to.match(/broken\.yaml/);
  });

  for (const [what, sql, said] of [
    [
      'takes a number for a condition',
      'IFF(BIRTH_WEIGHT, 1, 0)',
      "Invalid argument types for function 'IFF'",
    ],
    ['takes a text for a date', 'YEAR(ADMISSION_TYPE)', 'EXTRACT'],
    ['numbers rows in no order', 'ROW_NUMBER() OVER ()', 'requires ORDER BY'],
  ] as const)
    it(`refuses a feature that ${what}, as an account would`, async () => {
      const file = join(folder, 'refused.yaml');
      const text = readFileSync(contractFile('sparcs_hf'), 'utf8');
      const feature = `REFUSED: { type: numeric, sql: ${JSON.stringify(sql)} }`;
      writeFileSync(file, text.replace(/^features:\n/m, `features:\n  ${feature}\n`));
      const error = await validate(open, file).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).message).to.contain(said);
      expect((error as UserError).next).to.match(/refused\.yaml/);
    });
});
