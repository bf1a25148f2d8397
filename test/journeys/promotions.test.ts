import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { promote, rollback } from '../../deploy/model/promote.js';
import type { OpenContext } from '../../deploy/open.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { Journey } from '../deploy/journey.js';
import { localCloud } from '../deploy/local-context.js';
import { versionNames } from '../deploy/version-names.js';

/** Promotions and rollbacks under load; 1,000 are what the project promises: LOS_PROMOTIONS=1000. */
const SWITCHES = Number(process.env.LOS_PROMOTIONS ?? 50);

/** Two versions with other encoders and other trees. */
describe('versions of a model under load', () => {
  const cloud = localCloud('', 'trained');
  let ctx: OpenContext;
  let journey: Journey;
  const opened: OpenContext[] = [];
  const query = (sql: string) => ctx.snowflake.query(sql);

  before(async () => {
    ctx = await cloud.open();
    opened.push(ctx);
    journey = new Journey(ctx);
    await journey.trainOther();
    // A champion may always be made again that once was one.
    await promote(ctx, journey.contract, 'health-v2', { force: true });
  });
  after(async () => {
    for (const context of opened) await context.close();
    cloud.remove();
  });

  it(`answers every query from exactly one version through ${SWITCHES} promotions and rollbacks`, async () => {
    const rows = (limit: number) =>
      `(SELECT CASE_ID, ${featureObject(journey.contract)} AS F FROM HEALTH_FEATURES ORDER BY CASE_ID LIMIT ${limit})`;
    const expected = new Map<string, number[]>();
    for (const number of [1, 2]) {
      const { name, predict } = await versionNames(ctx, `health-v${number}`);
      const answers = await query(
        `SELECT ${predict}(F):days::FLOAT AS DAYS FROM ${rows(2500)} ORDER BY CASE_ID`,
      );
      expected.set(
        name,
        answers.map(({ DAYS }) => Number(DAYS)),
      );
    }
    expect(expected.get('health-v1')?.slice(0, 20)).not.to.deep.equal(
      expected.get('health-v2')?.slice(0, 20),
    );

    let done = false;
    const seen = { 'health-v1': 0, 'health-v2': 0 } as Record<string, number>;
    /** Asks until the promotions are over; 2,500 rows are more than one request to the endpoint. */
    const ask = async (limit: number, pause: number, sql: (from: string) => string) => {
      const reader = await cloud.open();
      opened.push(reader);
      while (!done) {
        const answers = await reader.snowflake.query<{ VERSION: string | null; DAYS: number }>(
          sql(rows(limit)),
        );
        const days = answers.map(({ DAYS }) => Number(DAYS));
        const version =
          answers[0]!.VERSION ?? [...expected].find(([, known]) => known[0] === days[0])?.[0] ?? 'none';
        expect(days).to.deep.equal(expected.get(version)?.slice(0, limit), `not all from ${version}`);
        for (const { VERSION } of answers) if (VERSION !== null) expect(VERSION).to.equal(version);
        seen[version] = (seen[version] ?? 0) + 1;
        await sleep(pause);
      }
    };
    const detail = (from: string) =>
      `SELECT D:version::VARCHAR AS VERSION, D:days::FLOAT AS DAYS FROM (SELECT CASE_ID, PREDICT_LOS_DETAIL(F) AS D FROM ${from}) ORDER BY CASE_ID`;
    const plain = (from: string) =>
      `SELECT NULL AS VERSION, DAYS FROM (SELECT CASE_ID, PREDICT_LOS(F) AS DAYS FROM ${from}) ORDER BY CASE_ID`;
    const reasons = (from: string) => detail(from).replace('PREDICT_LOS_DETAIL', 'PREDICT_LOS_REASONS');
    const readers = [ask(40, 100, detail), ask(2500, 1000, plain), ask(20, 200, reasons)];
    const failed = Promise.all(readers).then(() => undefined);
    const switching = (async () => {
      try {
        for (let i = 0; i < SWITCHES; i++) {
          const back = (i * 7919) % 3 === 0;
          if (back) await rollback(ctx, journey.contract);
          else await promote(ctx, journey.contract, `health-v${1 + ((i * 31) % 2)}`);
        }
      } finally {
        done = true;
      }
    })();
    await Promise.all([failed, switching]);
    expect(seen['health-v1']).to.be.above(0);
    expect(seen['health-v2']).to.be.above(0);
  });
});
