import { expect } from 'chai';
import { makePlan } from '../../../../deploy/resources/plan.js';
import { listItems, typeText } from '../../../../deploy/resources/snowflake/read-statement.js';
import { routineRows } from '../../../../deploy/resources/snowflake/routines.js';
import { buildStack } from '../../../../deploy/stack/index.js';
import { fakeContext } from '../../fake-context.js';
import { FakeSnowflake } from '../../fake-snowflake.js';

/** Types that other people's routines in the schema may have, as a listing may write them. */
const TYPES = [
  'TABLE (A VARCHAR(10), B NUMBER(10,2))',
  'OBJECT(a NUMBER(38,0) NOT NULL, "b,c)" VARCHAR)',
  'ARRAY(NUMBER(10,2))',
  'MAP(VARCHAR, ARRAY(OBJECT(x FLOAT)))',
  'VECTOR(FLOAT, 256)',
  'NUMBER(38,0) NOT NULL',
  'TIMESTAMP_NTZ(9) NULL',
  '',
];

const rows = TYPES.map((type, i) => ({
  FUNCTION_NAME: `OTHER_${i}`,
  PROCEDURE_NAME: `OTHER_${i}`,
  ARGUMENT_SIGNATURE: `(A ${type || 'FLOAT'}, "odd (name" VARCHAR)`,
  DATA_TYPE: type,
  FUNCTION_LANGUAGE: 'SQL',
  COMMENT: null,
  IS_EXTERNAL: 'NO',
}));

describe('routines that another has in the schema', () => {
  for (const type of TYPES)
    it(`may have the type ${type || '(none)'}`, () => {
      expect(typeText(type, false).replaceAll(' ', '')).to.equal(type.toUpperCase().replaceAll(' ', ''));
    });

  it('keep the usual spelling where it is known', () => {
    expect(typeText('number(38, 0)', true)).to.equal('NUMBER NOT NULL');
    expect(typeText('VARCHAR(16777216)', false)).to.equal('VARCHAR');
    expect(typeText('decimal(10, 2)', false)).to.equal('NUMBER(10,2)');
  });

  it('are named by their argument types, whatever stands in them', async () => {
    const ctx = fakeContext({ snowflake: new FakeSnowflake([[/INFORMATION_SCHEMA.FUNCTIONS/, rows]]) });
    expect((await routineRows(ctx, 'FUNCTION')).map(({ name }) => name)).to.deep.equal(
      TYPES.map((type, i) => `OTHER_${i}(${type || 'FLOAT'}, VARCHAR)`),
    );
  });

  it('are separated at the commas between them only', () => {
    expect(listItems('A NUMBER(10,2), "x,y" MAP(VARCHAR, ARRAY(NUMBER(10,2))), C DATE')).to.deep.equal([
      'A NUMBER(10,2)',
      '"x,y" MAP(VARCHAR, ARRAY(NUMBER(10,2)))',
      'C DATE',
    ]);
    expect(listItems('')).to.deep.equal([]);
  });

  it('stop neither a plan nor what follows from it', async () => {
    const snowflake = new FakeSnowflake([[/INFORMATION_SCHEMA.(FUNCTION|PROCEDURE)S/, rows]]);
    const ctx = fakeContext({
      snowflake,
      aws: { region: 'us-east-1', accountId: '123456789012' } as never,
    });
    const { resources, kinds } = await buildStack(ctx);
    const inSchema = /^snowflake\.(function|procedure|external-function)$/;
    const routines = resources
      .filter(({ kind }) => inSchema.test(kind))
      .map((resource) => ({ ...resource, dependsOn: [] }));
    const plan = await makePlan(ctx, {
      resources: routines,
      kinds: kinds.filter(({ id }) => inSchema.test(id)),
    });
    expect(plan.changes.map(({ action }) => action)).to.deep.equal(routines.map(() => 'create'));
  });
});
