import { expect } from 'chai';
import type { OpenContext } from '../../../../deploy/open.js';
import { apply } from '../../../../deploy/operate/apply.js';
import { makePlan } from '../../../../deploy/resources/plan.js';
import { buildStack } from '../../../../deploy/stack/index.js';
import { longTests } from '../../../long.js';
import { hostedCloud } from '../../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('comments of objects', () => {
  const cloud = hostedCloud('', 'applied');
  let ctx: OpenContext;
  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const changes = async () =>
    (await makePlan(ctx, await buildStack(ctx))).changes.map(({ action, id }) => `${action} ${id}`);
  const comment = async (sql: string, name: string) => {
    const row = (await ctx.snowflake.query(sql)).find((each) => each.name === name)!;
    return String(row.comment ?? row.description);
  };

  it('begin with what an object is, and end with the fingerprint', async () => {
    expect(await comment('SHOW VIEWS', 'LOS_BEDS')).to.match(
      /^The latest forecast of beds occupied, night by night\. predict-los\/los [0-9a-f]{16}$/,
    );
    expect(await comment('SHOW TABLES', 'LOS_PREDICTION_LOG')).to.match(
      /^Every prediction .* predict-los\/los [0-9a-f]{16}$/,
    );
    expect(await comment('SHOW PROCEDURES', 'BUILD_FEATURES')).to.match(
      /^Brings feature table, .* predict-los\/los [0-9a-f]{16}$/,
    );
    expect(await comment('SHOW USER FUNCTIONS', 'LOS_EVALUATE_CURVE')).to.match(
      /^Accuracy of a predicted curve/,
    );
    expect(await comment('SHOW USER FUNCTIONS', 'PREDICT_LOS')).to.match(/^Expected stay in days/);
    expect(await comment('SHOW TASKS', 'LOS_SCORE')).to.match(/^Predicts the admissions that wait/);
  });

  long(
    'of an earlier deployment, which are a fingerprint alone, are of our objects: they change and are no other’s',
    async () => {
      expect(await changes()).to.deep.equal([]);
      const old = "'predict-los/los 0123456789abcdef'";
      for (const what of [
        'VIEW LOS_BEDS',
        'TABLE LOS_PREDICTION_LOG',
        'PROCEDURE BUILD_FEATURES()',
        'FUNCTION LOS_EVALUATE_CURVE(OBJECT, FLOAT)',
        'FUNCTION PREDICT_LOS(OBJECT)',
        'FUNCTION LOS_INVOKE_ENDPOINT(OBJECT)',
        'TASK LOS_WATCH',
      ])
        await ctx.snowflake.execute(`COMMENT ON ${what} IS ${old}`);
      // A function that is recreated is granted again.
      expect((await changes()).filter((change) => !change.includes('grants'))).to.have.members([
        'update snowflake.view:LOS_BEDS',
        'update snowflake.table:LOS_PREDICTION_LOG',
        'update snowflake.procedure:BUILD_FEATURES()',
        'update snowflake.function:LOS_EVALUATE_CURVE(OBJECT, FLOAT)',
        'update snowflake.function:PREDICT_LOS(OBJECT)',
        'update snowflake.external-function:LOS_INVOKE_ENDPOINT(OBJECT)',
        'update snowflake.task-graph:LOS_WATCH',
      ]);
      await apply(ctx);
      expect(await changes()).to.deep.equal([]);
      // A table is altered, never recreated: its comment too.
      expect(await comment('SHOW TABLES', 'LOS_PREDICTION_LOG')).to.match(
        /^Every prediction .* predict-los\/los [0-9a-f]{16}$/,
      );
    },
  );
});
