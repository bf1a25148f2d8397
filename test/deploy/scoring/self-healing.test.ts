import { expect } from 'chai';
import { longTests } from '../../long.js';
import { Ward } from './ward.js';

const { long } = longTests(import.meta.url);

describe('scoring from state', () => {
  const ward = new Ward();
  before(() => ward.open());
  after(() => ward.close());
  beforeEach(() => ward.startOver());

  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i }));
  const logged = async () => (await ward.log('CASE_ID')).map(({ CASE_ID }) => Number(CASE_ID));
  /** As if the last comparison of everything with everything had been yesterday. */
  const tomorrow = () =>
    ward.run(
      "UPDATE LOS_RUN_LOG SET STARTED_AT = DATEADD(hour, -25, STARTED_AT) WHERE KIND = 'reconciliation'",
    );

  it('loses no one when the queue is emptied by hand', async () => {
    await ward.promote();
    await ward.admit(...ids(1, 5));
    await ward.build();
    await ward.run('TRUNCATE TABLE HEALTH_SCORING_QUEUE');
    expect(
      (await ward.query("CALL RESCORE_ADMISSIONS({'missing': TRUE})"))[0]!.RESCORE_ADMISSIONS,
    ).to.include({
      rows: 5,
    });
    await ward.score();
    expect(await logged()).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('finds them again by itself within a day', async () => {
    await ward.promote();
    await ward.admit(...ids(1, 5));
    await ward.build();
    await ward.run('TRUNCATE TABLE HEALTH_SCORING_QUEUE');
    await ward.build();
    expect(await ward.waiting()).to.deep.equal([]);
    await tomorrow();
    await ward.build();
    expect(await ward.waiting()).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('loses no one when the stream that wakes the graph is recreated', async () => {
    await ward.promote();
    await ward.admit(...ids(1, 5));
    await ward.build();
    await ward.run(
      'DROP STREAM HEALTH_UNSCORED',
      'CREATE STREAM HEALTH_UNSCORED ON TABLE HEALTH_SCORING_QUEUE APPEND_ONLY = TRUE SHOW_INITIAL_ROWS = TRUE',
    );
    const awake = async () =>
      Object.values((await ward.query("SELECT SYSTEM$STREAM_HAS_DATA('HEALTH_UNSCORED')"))[0]!)[0];
    expect(await awake()).to.equal(true);
    await ward.score();
    expect(await logged()).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await awake()).to.equal(false);
  });

  for (const [what, statements] of [
    [
      'was dropped and recreated',
      [
        'DROP STREAM HEALTH_ADMISSIONS_CHANGES',
        'CREATE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS SHOW_INITIAL_ROWS = TRUE',
      ],
    ],
    ['has lost its table', ['CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS SELECT * FROM HEALTH_ADMISSIONS']],
  ] as const)
    it(`takes every change, deletions too, although the raw stream ${what}`, async () => {
      await ward.promote();
      await ward.admit(...ids(1, 5));
      await ward.round();
      await ward.admit(...ids(6, 8));
      await ward.run("UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-04' WHERE CASE_ID = 1");
      await ward.run('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 2');
      await ward.run(...statements);
      await tomorrow();
      await ward.round();
      expect(await logged()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await ward.log('ACTUAL_LOS')).to.deep.include({ ACTUAL_LOS: 3 });
      expect(
        await ward.query('SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE WITHDRAWN_AT IS NOT NULL'),
      ).to.deep.equal([{ CASE_ID: '2' }]);
      expect(await ward.build()).to.include({ rows: 0 });
    });

  long('scores again by day and by version, on demand, and once per demand', async () => {
    await ward.promote();
    await ward.admit({ id: 1, admitted: '2026-10-01' }, { id: 2 }, { id: 3 });
    await ward.round();
    await ward.model("f.SEVERITY_OF_ILLNESS === 'never'");
    const rescore = async (options: string) =>
      (await ward.query(`CALL RESCORE_ADMISSIONS(${options})`))[0]!.RESCORE_ADMISSIONS;
    expect(await rescore("{'since': '2026-11-01'}")).to.include({ rows: 2 });
    expect(await ward.score()).to.include({ rows: 2 });
    expect(await ward.score()).to.include({ rows: 0 });
    expect(await ward.log('CASE_ID, REVISION')).to.deep.equal([
      { CASE_ID: '1', REVISION: 1 },
      { CASE_ID: '2', REVISION: 1 },
      { CASE_ID: '2', REVISION: 2 },
      { CASE_ID: '3', REVISION: 1 },
      { CASE_ID: '3', REVISION: 2 },
    ]);
    expect(await rescore("{'version': 'health-v1', 'since': '2026-10-15'}")).to.include({ rows: 2 });
    expect(await rescore("{'version': 'health-v7'}")).to.include({ rows: 0 });
    for (const [wrong, says] of [
      ['{}', 'YYYY-MM-DD'],
      ['NULL', 'YYYY-MM-DD'],
      ["{'when': 'now'}", 'Its options are since, version, missing'],
      ["{'since': 'now'}", 'is no day'],
      [`PARSE_JSON('{"since": null, "version": "health-v1"}')::OBJECT`, 'The option since is null'],
      ["{'missing': 'no'}", 'The option missing is "no"'],
      ["{'missing': TRUE, 'version': 'health-v1'}", 'takes missing alone'],
    ] as const)
      await rescore(wrong).then(
        () => expect.fail(`it took ${wrong}`),
        (error: unknown) => expect((error as Error).message).to.include(says),
      );
  });

  it('forgets an admission everywhere, and says where and what stays', async () => {
    await ward.promote();
    await ward.admit(...ids(1, 3), { id: 4, deposit: 1e300 });
    await ward.round();
    const [call] = await ward.query("CALL FORGET_ADMISSION('2')");
    const result = call!.FORGET_ADMISSION as { erased: Record<string, number>; stays: string[] };
    expect(result.erased).to.deep.equal({ HEALTH_ADMISSIONS: 1, HEALTH_FEATURES: 1, LOS_PREDICTION_LOG: 1 });
    expect(result.stays.join()).to.match(/S3.*HEALTH_ENCODED.*Time Travel.*Fail-safe/s);
    expect((await ward.query("CALL FORGET_ADMISSION('4')"))[0]!.FORGET_ADMISSION).to.deep.include({
      erased: { HEALTH_ADMISSIONS: 1, HEALTH_FEATURES: 1, LOS_QUARANTINE: 1 },
    });
    await tomorrow();
    await ward.round();
    expect(await logged()).to.deep.equal([1, 3]);
    for (const table of (await ward.query('SHOW TABLES')).map(({ name }) => String(name))) {
      const found = await ward.query(`SELECT TO_JSON(OBJECT_CONSTRUCT(*)) AS ROW_TEXT FROM ${table}`);
      for (const { ROW_TEXT } of found)
        expect(`${table} ${ROW_TEXT}`).to.not.match(/"(CASE_ID|ID)":"?[24]\b/);
    }
  });

  it('writes a run down before it begins', async () => {
    await ward.promote();
    await ward.admit(...ids(1, 3));
    await ward.build();
    // The model looks at the run log, as another session would, in the middle of the run.
    await ward.run(`CREATE OR REPLACE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT AS
      $$ SELECT OBJECT_CONSTRUCT('days', COUNT(*), 'version', 'health-v1') FROM LOS_RUN_LOG WHERE KIND = 'scoring' AND STATUS = 'RUNNING' $$`);
    await ward.score();
    expect(await ward.log('PREDICTED_LOS')).to.deep.equal(
      Array.from({ length: 3 }, () => ({ PREDICTED_LOS: 1 })),
    );
    expect(await ward.query("SELECT STATUS FROM LOS_RUN_LOG WHERE KIND = 'scoring'")).to.deep.equal([
      { STATUS: 'SUCCEEDED' },
    ]);
  });
});
