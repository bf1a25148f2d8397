import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { readDeclarations } from '../../../deploy/headers/files.js';
import type { OpenContext } from '../../../deploy/open.js';
import { variant } from '../../../procedures/ground/work.js';
import { acceptLoss, checkTables, type TablesCheck } from '../../../procedures/records/check.js';
import type { TablesPlan } from '../../../procedures/records/counted.js';
import { signedComment } from '../../../procedures/records/second-count.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { longTests } from '../../long.js';
import { fillRecords, keyOf, recordTables } from './records.js';

const { long } = longTests(import.meta.url);

describe('rows of records', () => {
  const { open } = hostedCloud('', 'applied');
  let ctx: OpenContext;
  const run = (sql: string) => ctx.snowflake.execute(sql);
  const query = (sql: string) => ctx.snowflake.query(sql);
  const nothing: Omit<TablesCheck, 'kept'> = { counted: recordTables.length, losses: [], uncounted: [] };

  before(async () => {
    ctx = await open();
    await run('DELETE FROM LOS_DEPLOYMENT_LOG');
    for (const table of recordTables) await fillRecords(ctx, table, 40);
  });
  after(() => ctx?.close());

  async function check() {
    const [row] = await query('CALL CHECK_TABLES()');
    const { kept: _, ...found } = variant<TablesCheck>(row!.CHECK_TABLES);
    return found;
  }
  const lost = ({ losses }: Pick<TablesCheck, 'losses'>) =>
    Object.fromEntries(losses.map((each) => [each.table, `${each.lost} of ${each.rows}`]));
  const everyTable = (words: string) => Object.fromEntries(recordTables.map((table) => [table, words]));
  /** Runs what is advised. What only Time Travel has is taken from a clone that was made in time. */
  async function mend(found: Pick<TablesCheck, 'losses'>): Promise<void> {
    for (const { next } of found.losses) {
      const advised =
        /(?:unless [^:]*|one of each): (.*;) To accept the (?:loss|rows)/.exec(next)?.[1] ??
        expect.fail(next);
      for (const statement of advised.split(/;\s*/).filter((each) => each !== ''))
        await run(statement.replace(/(\S+) AT \(TIMESTAMP => '[^']*'::TIMESTAMP_TZ\)/, '$1_BEFORE'));
    }
    // What is advised has a reconciliation write its run down.
    await run("DELETE FROM LOS_RUN_LOG WHERE NOT RLIKE(RUN_ID, '(made up|later).*')");
  }

  it('are counted, and nothing is lost', async () => {
    expect(await check()).to.deep.equal(nothing);
    expect(await check()).to.deep.equal(nothing);
    for (const table of recordTables) await run(`CREATE TABLE ${table}_BEFORE CLONE ${table}`);
  });

  it('are not missed that were written while others were counted', async () => {
    // As a run that begins between the statement that compares and the one that remembers.
    await run(
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'later still', 'look', 'health', 'SUCCEEDED', DATEADD(minute, 5, CURRENT_TIMESTAMP())",
    );
    expect(await check()).to.deep.equal(nothing);
    expect(await check()).to.deep.equal(nothing);
    await run("DELETE FROM LOS_RUN_LOG WHERE RUN_ID = 'later still'");
    expect(await check()).to.deep.equal(nothing);
  });

  it('are not missed where two count at the same time, and the first to begin is the last to end', async () => {
    const plan: TablesPlan = {
      place: ctx.settings,
      dataset: 'health',
      zone: 'UTC',
      keepDays: 800,
      tables: [
        {
          name: 'LOS_RUN_LOG',
          key: ['RUN_ID'],
          day: "CONVERT_TIMEZONE('UTC', STARTED_AT)::DATE",
          rows: "DATASET = 'health'",
          moment: 'STARTED_AT',
          expires: true,
        },
      ],
    };
    let others = 0;
    const slow = {
      query: ctx.snowflake.query.bind(ctx.snowflake),
      // Between its two statements a run begins, and another look counts that.
      async execute(...statement: Parameters<typeof ctx.snowflake.execute>) {
        others++;
        await run(
          "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'meanwhile', 'look', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP()",
        );
        expect(await check()).to.deep.equal(nothing);
        return await ctx.snowflake.execute(...statement);
      },
    } as Partial<Snowflake> as Snowflake;
    await drive({ snowflake: slow }, checkTables(plan));
    expect(others).to.equal(1);
    expect(await check()).to.deep.equal(nothing);
    await run("DELETE FROM LOS_RUN_LOG WHERE RUN_ID = 'meanwhile'");
    expect(lost(await check())).to.deep.equal({ LOS_RUN_LOG: '1 of 41' });
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_RUN_LOG'));
    expect(await check()).to.deep.equal(nothing);
  });

  it('are missed where all of them are gone, until what is advised has brought them back', async () => {
    for (const table of recordTables) await run(`TRUNCATE TABLE ${table}`);
    const found = await check();
    expect(lost(found)).to.deep.equal(everyTable('40 of 40'));
    // What is written meanwhile stays.
    await fillRecords(ctx, 'LOS_RUN_LOG', 3, 'later');
    expect(lost(await check())).to.deep.equal(everyTable('40 of 40'));
    await mend(found);
    expect(await check()).to.deep.equal(nothing);
    const [row] = await query(
      "SELECT COUNT(*) AS N, COUNT_IF(STARTSWITH(RUN_ID, 'later')) AS LATER FROM LOS_RUN_LOG",
    );
    expect([Number(row!.N), Number(row!.LATER)]).to.deep.equal([43, 3]);
    await run("DELETE FROM LOS_RUN_LOG WHERE STARTSWITH(RUN_ID, 'later')");
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_RUN_LOG'));
    expect(await check()).to.deep.equal(nothing);
  });

  long('are named where they are there twice, until what is advised has left one of each', async () => {
    // A row whose moment is known is no new one.
    const doubled = readDeclarations()
      .filter(({ header: { moment, day = '' } }) => moment !== undefined || day.includes('CONVERT_TIMEZONE'))
      .map(({ header }) => header.name)
      .filter((name) => recordTables.includes(name));
    expect(doubled).to.include.members([
      'LOS_PREDICTION_LOG',
      'LOS_MODEL_REGISTRY',
      'LOS_RUN_LOG',
      'LOS_EVENTS',
    ]);
    for (const table of doubled) await run(`INSERT INTO ${table} SELECT * FROM ${table}`);
    await fillRecords(ctx, 'LOS_EVENTS', 2, 'later');
    const found = await check();
    expect(found.losses.map((loss) => [loss.table, loss.lost, loss.doubled])).to.have.deep.members(
      doubled.map((table) => [table, 0, 40]),
    );
    await mend(found);
    expect(await check()).to.deep.equal(nothing);
    const [row] = await query('SELECT COUNT(*) AS N FROM LOS_EVENTS');
    expect(Number(row!.N)).to.equal(42);
    await run("DELETE FROM LOS_EVENTS WHERE STARTSWITH(EVENT_ID, 'later')");
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_EVENTS'));
    expect(await check()).to.deep.equal(nothing);
  });

  it('are not missed where they were counted twice', async () => {
    await run('INSERT INTO LOS_TABLE_COUNTS SELECT * FROM LOS_TABLE_COUNTS');
    expect(await check()).to.deep.equal(nothing);
    await run('CREATE OR REPLACE TABLE COUNTED_ONCE AS SELECT DISTINCT * FROM LOS_TABLE_COUNTS');
    await run('DELETE FROM LOS_TABLE_COUNTS');
    await run('INSERT INTO LOS_TABLE_COUNTS SELECT * FROM COUNTED_ONCE');
    await run('DROP TABLE COUNTED_ONCE');
    expect(await check()).to.deep.equal(nothing);
  });

  long('are missed where half of them are gone, and no more than those are brought back', async () => {
    for (const table of recordTables)
      await run(`DELETE FROM ${table} WHERE MOD(ABS(HASH(${keyOf(table)})), 2) = 0`);
    const found = await check();
    expect(found.losses.map(({ table }) => table)).to.have.members([...recordTables]);
    for (const { lost, rows } of found.losses)
      expect([rows, lost > 0 && lost < 40]).to.deep.equal([40, true]);
    await mend(found);
    expect(await check()).to.deep.equal(nothing);
    for (const table of recordTables) {
      const [row] = await query(`SELECT COUNT(*) AS N FROM ${table}`);
      expect([table, Number(row!.N)]).to.deep.equal([table, 40]);
    }
  });

  long(
    'are missed where a table is replaced by an empty one, and UNDROP brings the former back',
    async () => {
      for (const table of recordTables) await run(`CREATE OR REPLACE TABLE ${table} LIKE ${table}_BEFORE`);
      await fillRecords(ctx, 'LOS_EVENTS', 2, 'later');
      const found = await check();
      expect(lost(found)).to.deep.equal(everyTable('40 of 40'));
      for (const { next } of found.losses) expect(next).to.contain('UNDROP TABLE');
      await mend(found);
      expect(await check()).to.deep.equal(nothing);
      const [row] = await query('SELECT COUNT(*) AS N FROM LOS_EVENTS');
      expect(Number(row!.N)).to.equal(42);
    },
  );

  it('have each revision of an admission once, though it was predicted again before they were back', async () => {
    await run('UPDATE LOS_PREDICTION_LOG SET REVISION = 1');
    await run('CREATE OR REPLACE TABLE LOS_PREDICTION_LOG_BEFORE CLONE LOS_PREDICTION_LOG');
    await run('TRUNCATE TABLE LOS_PREDICTION_LOG');
    await run(
      "INSERT INTO LOS_PREDICTION_LOG SELECT * REPLACE ('later' AS RUN_ID, CURRENT_TIMESTAMP() AS PREDICTED_AT) FROM LOS_PREDICTION_LOG_BEFORE WHERE CASE_ID = 'made up 7'",
    );
    await mend(await check());
    expect(await check()).to.deep.equal(nothing);
    const revisions = await query(
      "SELECT RUN_ID, REVISION FROM LOS_PREDICTION_LOG WHERE CASE_ID = 'made up 7' ORDER BY REVISION",
    );
    expect(revisions.map(({ RUN_ID, REVISION }) => [RUN_ID, Number(REVISION)])).to.deep.equal([
      ['made up 7', 1],
      ['later', 2],
    ]);
    await run("DELETE FROM LOS_PREDICTION_LOG WHERE RUN_ID = 'later'");
    await run("CALL ACCEPT_CHANGES('LOS_PREDICTION_LOG')");
  });

  it('hides no loss of another table where one is gone or has other columns', async () => {
    await run('ALTER TABLE LOS_RUN_LOG RENAME TO LOS_RUN_LOG_AWAY');
    await run('ALTER TABLE LOS_ALARMS RENAME COLUMN BEGAN_ON TO BEGUN_ON');
    await run("DELETE FROM LOS_MODEL_REGISTRY WHERE VERSION = 'made up 7'");
    const found = await check();
    expect(lost(found)).to.deep.equal({ LOS_MODEL_REGISTRY: '1 of 40' });
    expect(found.uncounted.map(({ table }) => table)).to.deep.equal(['LOS_ALARMS']);
    await run('ALTER TABLE LOS_RUN_LOG_AWAY RENAME TO LOS_RUN_LOG');
    await run('ALTER TABLE LOS_ALARMS RENAME COLUMN BEGUN_ON TO BEGAN_ON');
  });

  it('are an alarm until a person accepts their loss', async () => {
    const alarms = async () =>
      (
        await query(
          "SELECT SUBJECT, SEVERITY, MESSAGE, LOOK_AT FROM LOS_ALARMS WHERE KIND = 'tables' AND ENDED_ON IS NULL",
        )
      ).map(({ SUBJECT, SEVERITY, LOOK_AT }) => [SUBJECT, SEVERITY, LOOK_AT]);
    await run('CALL WATCH_SCORING()');
    await run('CALL WATCH_SCORING()');
    expect(await alarms()).to.deep.equal([['LOS_MODEL_REGISTRY', 'critical', 'tables']]);
    const events = await query(
      "SELECT MESSAGE FROM LOS_EVENTS WHERE SUBJECT = 'LOS_MODEL_REGISTRY' AND KIND = 'alarm'",
    );
    expect(events).to.have.length(1);
    expect(String(events[0]!.MESSAGE)).to.match(
      /^LOS_MODEL_REGISTRY has lost 1 of 40 rows since .*INSERT INTO \S+ SELECT b\.\* FROM/,
    );
    const [accepted] = await query("CALL ACCEPT_CHANGES('LOS_MODEL_REGISTRY')");
    expect(variant<object>(accepted!.ACCEPT_CHANGES)).to.include.keys('table', 'acceptedBy', 'run');
    await run('CALL WATCH_SCORING()');
    expect(await alarms()).to.deep.equal([]);
    expect(await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_X'))).to.equal(false);
  });

  it('are missed by the second count where what was counted has gone with them, until that is mended or accepted', async () => {
    const table = 'LOS_PREDICTION_LOG';
    await check();
    const [{ N: all } = {}] = await query(`SELECT COUNT(*) AS N FROM ${table}`);
    const [shown] = await query("SHOW TABLES LIKE 'LOS_RUN_LOG'");
    const signed = signedComment(
      String(shown!.comment),
      '2026-12-03T01:00:00Z',
      { [table]: Number(all) },
      'health',
    );
    await run(`COMMENT ON TABLE LOS_RUN_LOG IS '${signed.replace(/'/g, "''")}'`);
    const uncount = () => run('TRUNCATE TABLE LOS_TABLE_COUNTS');
    await uncount();
    expect(await check(), 'counted again').to.deep.equal(nothing);
    await run(`CREATE OR REPLACE TABLE WHOLE CLONE ${table}`);
    const lose = () => run(`DELETE FROM ${table} WHERE CASE_ID <= 'made up 2'`);
    await lose();
    await uncount();
    const [{ N: rest } = {}] = await query(`SELECT COUNT(*) AS N FROM ${table}`);
    for (let look = 0; look < 2; look++) {
      const found = await check();
      expect(lost(found)).to.deep.equal({ [table]: `${Number(all) - Number(rest)} of ${all}` });
      expect(found.losses[0]!.what).to.contain('The counts of it in LOS_TABLE_COUNTS are gone too');
    }
    await run(
      `INSERT INTO ${table} SELECT w.* FROM WHOLE AS w WHERE w.CASE_ID NOT IN (SELECT CASE_ID FROM ${table})`,
    );
    expect(await check(), 'mended').to.deep.equal(nothing);
    await lose();
    await uncount();
    expect((await check()).losses).to.have.length(1);
    await query(`CALL ACCEPT_CHANGES('${table}')`);
    expect(await check(), 'accepted').to.deep.equal(nothing);
    expect(await check(), 'accepted').to.deep.equal(nothing);
    await run(
      `INSERT INTO ${table} SELECT w.* FROM WHOLE AS w WHERE w.CASE_ID NOT IN (SELECT CASE_ID FROM ${table})`,
    );
    await run('DROP TABLE WHOLE');
    await check();
  });

  it('are no loss where an admission is erased', async () => {
    await run("UPDATE LOS_EVALUATION SET VERSION = 'health-v1'");
    await check();
    for (const id of ['made up 3', 'made up 4']) {
      const [row] = await query(`CALL FORGET_ADMISSION('${id}')`);
      expect(variant<{ rows: number }>(row!.FORGET_ADMISSION).rows).to.equal(3);
    }
    expect(await check()).to.deep.equal(nothing);
    await run("DELETE FROM LOS_PREDICTION_LOG WHERE CASE_ID = 'made up 5'");
    expect(lost(await check())).to.deep.equal({ LOS_PREDICTION_LOG: '1 of 38' });
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_PREDICTION_LOG'));
  });

  it('are no loss where they have had their time', async () => {
    const days = ctx.settings.watch.keepDays;
    for (const [table, column] of [
      ['LOS_RUN_LOG', 'STARTED_AT'],
      ['LOS_EVENTS', 'DAY'],
      ['LOS_ALARMS', 'BEGAN_ON'],
    ]) {
      await drive(ctx, acceptLoss(ctx.settings, 'health', table!));
      await run(
        `UPDATE ${table} SET ${column} = DATEADD(day, -${days - 2}, ${column}) WHERE MOD(ABS(HASH(${keyOf(table!)})), 2) = 0`,
      );
    }
    await run('UPDATE LOS_ALARMS SET ENDED_ON = BEGAN_ON');
    // With a version that was removed long ago its metrics go.
    await run(
      `UPDATE LOS_MODEL_REGISTRY SET STATUS = 'REMOVED', CREATED_AT = DATEADD(day, -${days + 2}, CREATED_AT) WHERE VERSION < 'made up 3'`,
    );
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_MODEL_REGISTRY'));
    // Monitoring goes on from the last day that it was at.
    await run('DELETE FROM LOS_WATCH_PIPELINE');
    await drive(ctx, acceptLoss(ctx.settings, 'health', 'LOS_WATCH_PIPELINE'));
    expect(await check()).to.deep.equal(nothing);
    await run('CALL WATCH_PREDICTIONS()');
    expect(await check()).to.deep.equal(nothing);
    // Of alarms the made-up ones: how many a look raises meanwhile is another matter.
    for (const [table, most] of [
      ["LOS_ALARMS WHERE ALARM_ID LIKE 'made up%'", 39],
      ['LOS_EVALUATION_METRICS', 25],
    ] as const) {
      const [row] = await query(`SELECT COUNT(*) AS N FROM ${table}`);
      expect(Number(row!.N), table).to.be.above(0);
      expect(Number(row!.N), table).to.be.at.most(most);
    }
  });
});
