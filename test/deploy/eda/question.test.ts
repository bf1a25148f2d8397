import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { carryOut } from '../../../deploy/commands/command.js';
import { command as eda } from '../../../deploy/commands/eda.js';
import type { OpenContext } from '../../../deploy/open.js';
import { fakeContext } from '../fake-context.js';

describe('one question alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-question-'));
  const file = join(folder, 'tiny.yaml');
  before(() =>
    writeFileSync(
      file,
      `name: tiny
table: TINY
id: ID
los: DAYS
columns: { ID: NUMBER, DAYS: NUMBER, WARD: VARCHAR, AGE: NUMBER }
features: { WARD: { type: categorical }, AGE: { type: numeric } }
`,
    ),
  );
  after(() => rmSync(folder, { recursive: true }));

  const ask = (question: string) =>
    Promise.resolve()
      .then(() =>
        carryOut(eda, 'eda', fakeContext() as OpenContext, {
          target: 'local',
          json: false,
          verbose: false,
          dataset: file,
          question,
        }),
      )
      .then(
        () => 'answered',
        (error: Error & { next?: string }) => `${error.message} ${error.next}`,
      );

  // A fake context has no clouds: what got that far would say something else.
  it('is refused before anything is computed, where there is no such question', async () => {
    expect(await ask('stay-by-wards')).to.match(
      /^There is no question stay-by-wards\. Did you mean stay-by-ward\? Ask one of distribution, stay-by-ward, /,
    );
  });

  it('is refused as early where the contract lacks what it is about', async () => {
    expect(await ask('weekdays')).to.match(
      /^There is no answer to weekdays: the contract names no dates of admission and discharge\./,
    );
    expect(await ask('patients')).to.match(/the contract names no column of patients/);
    expect(await ask('periods')).to.match(/neither dates nor a split/);
  });
});
