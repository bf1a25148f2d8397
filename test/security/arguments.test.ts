// "What held" of the security review: injection by arguments of procedures. None may do what it says.
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { loginWith } from './person.js';

const SCHEMA = 'PREDICT_LOS.LOS';
const DROP = `'); DROP TABLE ${SCHEMA}.LOS_MODEL_REGISTRY; --`;
const OR = `' OR '1'='1`;
const UNION = `x' UNION SELECT PATIENTID FROM ${SCHEMA}.HEALTH_ADMISSIONS --`;

/** Procedure and its arguments, as SQL with a ? for each text; an OBJECT is given as JSON. */
const ATTACKS: readonly (readonly [call: string, ...binds: (string | null)[]])[] = [
  ...[DROP, OR, UNION, '', 'health-v1\u0000', '$$', "health-v1' /*", '__proto__', 'constructor', null].map(
    (text) => ['PROMOTE_MODEL(?)', text] as const,
  ),
  ...[DROP, OR, '%', null].map((text) => ['CHECK_MODEL(?)', text] as const),
  ...[DROP, OR, '%', '_', '', ' ', null].map((text) => ['FORGET_ADMISSION(?)', text] as const),
  ...[DROP, OR, '%', '', null].map((text) => ['FORGET_PATIENT(?)', text] as const),
  ...[DROP, OR, null].map((text) => ['SHADOW_MODEL(?)', text] as const),
  ...[DROP, OR, `LOS_RUN_LOG" ; --`, `"LOS_RUN_LOG"; DELETE`, null].map(
    (text) => ['ACCEPT_CHANGES(?)', text] as const,
  ),
  ['COMPARE_MODELS(?, ?)', DROP, OR],
  ['COMPARE_MODELS(?, ?)', null, null],
  ...[
    { since: DROP },
    { since: "2026-01-01' OR TRUE --" },
    { version: OR },
    { missing: 'no' },
    { [DROP]: true },
    { __proto__x: 1 },
  ].map((options) => ['RESCORE_ADMISSIONS(PARSE_JSON(?)::OBJECT)', JSON.stringify(options)] as const),
  ...[
    '{"promote":"no"}',
    '{"__proto__":{"promote":true}}',
    '{"constructor":{"prototype":{"force":true}}}',
    '{"candidates":[{"name":"x","hyperparameters":{"sagemaker_program":"x"}}]}',
    '{"candidates":"x"}',
    '{"candidates":[{"name":null}]}',
    `{"repeat":${JSON.stringify(DROP)}}`,
    `{"resume":${JSON.stringify(OR)}}`,
    '{"recentDays":"1 OR 1=1"}',
    '{"recentDays":-1}',
  ].map((json) => ['TRAIN_MODEL(PARSE_JSON(?)::OBJECT)', json] as const),
  ...['{"as_of":"2022-01-01\' OR TRUE --"}', '{"as_of":["2022-01-01"]}', '{"as_of":{"x":1}}'].map(
    (json) => ['FORECAST_BEDS(PARSE_JSON(?)::OBJECT)', json] as const,
  ),
];

describe('arguments that are SQL', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let operator: Awaited<ReturnType<typeof loginWith>>;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    admin = await cloud.open();
    operator = await loginWith(cloud, admin, admin.settings.snowflake.roles.operate);
  });
  after(async () => {
    await operator?.close();
    await admin?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  /** Rows of each table but those that a call writes of itself, and which version answers. */
  const state = async () => {
    const tables = await admin.snowflake.query(`SHOW TABLES IN SCHEMA ${SCHEMA}`);
    const champion = await admin.snowflake.query(
      `SELECT VERSION, STATUS FROM ${SCHEMA}.LOS_MODEL_REGISTRY ORDER BY VERSION`,
    );
    return {
      champion,
      rows: tables
        .map(({ name, rows }) => `${name} ${rows}`)
        .filter((line) => !/^(LOS_RUN_LOG|LOS_TABLE_COUNTS) /.test(line))
        .sort(),
    };
  };

  it('held: change no table and no version, and are answered in words that leak none', async () => {
    expect(ATTACKS.length).to.be.at.least(28);
    const before = await state();
    for (const [call, ...binds] of ATTACKS) {
      const said = await operator.attempt(`CALL ${SCHEMA}.${call}`, binds);
      const what = `${call} ${binds.map((bind) => JSON.stringify(bind)).join(', ')}`;
      // NULL is the newest version for some; an id or version that none has changes nothing.
      if (said !== 'done')
        expect(said, what).not.to.match(/is not a function|undefined|Cannot read|at line \d+, position/);
      else
        expect(what).to.match(/^(PROMOTE_MODEL|CHECK_MODEL)\(\?\) (null|"")$|^FORGET_|^RESCORE\S* .*version/);
      expect(await state(), what).to.deep.equal(before);
    }
  });

  it('held: of SELECTs and casts are refused where a text is asked for', async () => {
    const before = await state();
    for (const sql of [
      `CALL ${SCHEMA}.PROMOTE_MODEL((SELECT PATIENTID::VARCHAR FROM ${SCHEMA}.HEALTH_ADMISSIONS LIMIT 1))`,
      `CALL ${SCHEMA}.FORGET_ADMISSION(); DROP TABLE ${SCHEMA}.LOS_RUN_LOG`,
      `CALL ${SCHEMA}.LOS_REGISTER_VERSION('x', 'y')`,
    ])
      expect(await operator.attempt(sql), sql).not.to.equal('done');
    expect(await state()).to.deep.equal(before);
  });
});
