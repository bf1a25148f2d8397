import { expect } from 'chai';
import { parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import { RESERVED_WORDS } from '../../../procedures/dataset/column-rules.js';
import { sources } from '../../house/sources.js';
import { fakeContext } from '../fake-context.js';

const ctx = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });

/** With so many numbers beside its dates. */
function contractOf(count: number) {
  const names = Array.from({ length: count }, (_, i) => `MEASUREMENT_ON_ARRIVAL_${i}`);
  return parseContract(
    `name: wide
table: WIDE_ADMISSIONS
id: STAY_ID
admission: ADMITTED
discharge: DISCHARGED
columns: { STAY_ID: NUMBER, ADMITTED: DATE, DISCHARGED: DATE, ${names.map((name) => `${name}: NUMBER`).join(', ')} }
features: { ${names.map((name) => `${name}: { type: numeric }`).join(', ')} }
`,
    'wide.yaml',
  );
}

describe('what functions and procedures are called with', () => {
  it('has no more bytes than Snowflake takes, which is said before anything is made', async () => {
    await schemaObjects(ctx, contractOf(200), []);
    const refused = await Promise.resolve()
      .then(() => schemaObjects(ctx, contractOf(400), []))
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UserError);
    expect((refused as UserError).message).to.match(
      /^The contract has too many columns: .*LOS_INPUTS_OF_(COLUMNS|VALUES) has 1\d,\d{3} bytes/,
    );
  });

  it('is no reserved word', () => {
    const names = ['procedures', 'udfs'].flatMap((folder) =>
      sources(folder, ['.ts']).flatMap(({ path, text }) =>
        text.includes('signature')
          ? [...text.matchAll(/\['([A-Z_]+)', '[A-Z]+'\]/g)].map(([, name]) => `${path} ${name}`)
          : [],
      ),
    );
    expect(names.length).to.be.greaterThan(60);
    expect(names.filter((name) => RESERVED_WORDS.has(name.split(' ')[1]!))).to.deep.equal([]);
  });
});
