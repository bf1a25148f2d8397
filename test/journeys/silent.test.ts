import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { demo } from '../../demo/demo.js';
import { callProcedure } from '../../deploy/clients/call.js';
import { command as bedsCommand } from '../../deploy/commands/beds.js';
import { carryOut } from '../../deploy/commands/command.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { report } from '../../deploy/operate/report.js';
import { notify } from '../../deploy/watching/notify.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Silence } from '../../procedures/watching/measures/silence.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { refuseProducts } from '../deploy/products.js';
import { loginWith } from '../security/person.js';

/** Small, and yet with a week that passes day by day. */
const ROWS = 3000;
/** The prediction of a single stay or night as it may stand anywhere: three digits behind the point and more tell it from a figure. */
const DIGITS = 5;

describe('a silent period in the made-up hospital', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let contract: Contract;
  const query = <T extends Record<string, unknown>>(sql: string) => ctx.snowflake.query<T>(sql);

  refuseProducts({ runs: ['sql/watching/silent.sql'] });
  before(async () => {
    cloud = await embeddedCloud('tasks: { silent: 28 }');
    const found = forDataset(await cloud.open(), 'general');
    ctx = found.ctx as OpenContext;
    contract = found.contract;
    await demo(ctx, contract, { rows: ROWS });
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  /** What a role reads of every table and view, by name. */
  async function readAll(role: string): Promise<Map<string, string>> {
    const person = await loginWith(cloud, ctx, role);
    try {
      const read = new Map<string, string>();
      for (const { TABLE_NAME } of await query(
        "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'LOS'",
      ))
        await person.query(`SELECT * FROM ${TABLE_NAME}`).then(
          (rows) => read.set(String(TABLE_NAME), JSON.stringify(rows)),
          () => undefined,
        );
      return read;
    } finally {
      await person.close();
    }
  }

  /** Predictions of stays and of beds as texts, in the log's digits and in those of views for people. */
  async function predictions(): Promise<string[]> {
    const rows = await query<{ V: number }>(
      `SELECT PREDICTED_LOS AS V FROM LOS_PREDICTION_LOG UNION SELECT HIGH_LOS FROM LOS_PREDICTION_LOG
UNION SELECT LONG_STAY FROM LOS_PREDICTION_LOG UNION SELECT MEAN FROM LOS_BED_FORECASTS`,
    );
    return rows.map(({ V }) => String(V)).filter((text) => text.replace(/^\d+\./, '').length >= DIGITS);
  }

  it('predicts everybody, and shows no reader of figures or patients a prediction in any view', async () => {
    const values = await predictions();
    expect(values.length).to.be.greaterThan(500);
    for (const role of ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN']) {
      const read = await readAll(role);
      expect([...read.keys()], role).to.include('LOS_ALARMS');
      expect(read.get('LOS_RUN_LOG') ?? '', role).not.to.match(/forecast to (leave|come)/);
      for (const [name, text] of read)
        expect(
          values.filter((value) => text.includes(value)),
          `${role} reads ${name}`,
        ).to.deep.equal([]);
      for (const name of [
        'LOS_BEDS',
        'LOS_BED_BOARD',
        'LOS_BED_BOARD_FIGURES',
        'LOS_PREDICTIONS',
        'LOS_EXPECTED_DISCHARGES',
        'LOS_HUDDLE',
        'LOS_DATES',
        'LOS_DATE_ERRORS',
        'LOS_DATE_ACCURACY',
      ])
        expect(read.has(name), `${role}, ${name}`).to.equal(false);
      const person = await loginWith(cloud, ctx, role);
      for (const call of ['SELECT predict_los(OBJECT_CONSTRUCT())', 'CALL FORECAST_BEDS()'])
        expect(await person.attempt(call), `${role}: ${call}`).to.match(
          /does not exist|privilege|not authorized|Unknown/i,
        );
      await person.close();
    }
    // The model owner reads what readers will, and rows of patients no more than before.
    const owner = await readAll('LOS_OPERATE');
    expect([...owner.keys()]).to.include.members(['LOS_BEDS', 'LOS_BED_BOARD_FIGURES']);
    expect(owner.has('LOS_PREDICTIONS')).to.equal(false);
  });

  it('shows none in a mail or on a page, and mails no forecast that is asked for', async () => {
    await notify(ctx);
    const values = await predictions();
    const folder = ctx.target.mailFolder!;
    const kinds: string[] = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml'))) {
      const mail = await simpleParser(readFileSync(join(folder, file)));
      kinds.push(String(mail.headers.get('x-predict-los-event')));
      const text = `${mail.text} ${mail.html}`;
      expect(
        values.filter((value) => text.includes(value)),
        mail.subject,
      ).to.deep.equal([]);
      expect(text, mail.subject).not.to.match(/<svg|beds are expected|will be occupied/);
    }
    expect(kinds.length).to.be.greaterThan(3);
    expect(kinds).not.to.include('beds');
    const refused = await carryOut(bedsCommand, 'beds', ctx, {
      ...{ target: 'local', json: false, verbose: false, mail: true },
    }).then(
      () => 'mailed',
      (error: Error) => error.message,
    );
    expect(refused).to.equal('No forecast is mailed: a silent period runs.');
    const page = await report(ctx, contract, { patients: true });
    expect(page).to.contain('No prediction is shown: a silent period runs (tasks.silent).');
    expect(values.filter((value) => page.includes(value))).to.deep.equal([]);
  });

  it('ends with a report of what it would have shown, once, which equals a recomputation', async () => {
    const watch = () => callProcedure<{ events: { kind: string }[] }>(ctx, 'WATCH_PREDICTIONS', []);
    const silence = () =>
      query<{ DETAILS: Silence }>("SELECT DETAILS FROM LOS_EVENTS WHERE KIND = 'silence over'");
    await watch();
    expect(await silence()).to.deep.equal([]);
    await query('UPDATE LOS_PREDICTION_LOG SET PREDICTED_AT = DATEADD(day, -29, PREDICTED_AT)');
    // Forecasts of nights before the demo's last week: from four beds too few to four too many.
    await query(`INSERT INTO LOS_BED_FORECASTS SELECT f.* REPLACE (n.NIGHT AS NIGHT, DATEADD(day, -1, n.NIGHT) AS MADE_ON, n.TAKEN + MOD(DAY(n.NIGHT), 9) - 4 AS MEAN,
  n.TAKEN + MOD(DAY(n.NIGHT), 9) - 6 AS P10, n.TAKEN + MOD(DAY(n.NIGHT), 9) - 2 AS P90)
FROM (SELECT * FROM LOS_BED_FORECASTS WHERE LEVEL = 'all' AND HORIZON = 1 AND KIND = 'forecast' QUALIFY ROW_NUMBER() OVER (ORDER BY NIGHT) = 1) AS f
JOIN LOS_BED_NIGHTS AS n ON n.DATASET = f.DATASET AND n.LEVEL = f.LEVEL AND n.UNIT = f.UNIT AND EQUAL_NULL(n.CENSUS, f.CENSUS) AND n.NIGHT < f.NIGHT`);
    expect((await watch()).events.map(({ kind }) => kind)).to.include('silence over');
    await watch();
    const found = await silence();
    expect(found).to.have.length(1);
    const { from, to, admissions, ended, stays, nights } = found[0]!.DETAILS;
    const rows = await query<{ LOS: number | null; P: number; M: number; LOW: number; HIGH: number }>(
      `SELECT ACTUAL_LOS AS LOS, PREDICTED_LOS AS P, MEDIAN_LOS AS M, LOW_LOS AS LOW, HIGH_LOS AS HIGH FROM LOS_PREDICTION_LOG
WHERE REVISION = 1 AND WITHDRAWN_AT IS NULL AND PREDICTED_LOS IS NOT NULL AND NOT COALESCE(AFTER_DISCHARGE, FALSE)`,
    );
    const gone = rows.filter(({ LOS }) => LOS !== null) as {
      LOS: number;
      P: number;
      M: number;
      LOW: number;
      HIGH: number;
    }[];
    expect([admissions, ended]).to.deep.equal([rows.length, gone.length]);
    const mean = (of: (row: (typeof gone)[number]) => number) =>
      gone.reduce((sum, row) => sum + of(row), 0) / gone.length;
    // As many digits as a tenth of the stays has (coarseFigures).
    const digits = String(Math.floor(gone.length / 10)).length;
    const rounded = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;
    expect(stays).to.deep.equal({
      meanStay: rounded(
        mean(({ LOS }) => LOS),
        digits - 1,
      ),
      predicted: rounded(
        mean(({ P }) => P),
        digits - 1,
      ),
      mae: rounded(
        mean(({ LOS, M }) => Math.abs(M - LOS)),
        digits - 1,
      ),
      coverage: rounded(
        mean(({ LOS, LOW, HIGH }) => (LOS >= LOW && LOS <= HIGH ? 1 : 0)),
        digits,
      ),
    });
    expect(nights).to.deep.equal(await recomputeNights(from, to));
    expect(nights!.count).to.be.at.least(20);
    expect(nights!.coverage).to.be.within(0.3, 0.9);
  });

  /** How far forecasts of tonight's beds are from who lay in the hospital by its own table of encounters. */
  async function recomputeNights(from: string, to: string): Promise<Silence['nights']> {
    const rows = await query<{ MEAN: number; P10: number; P90: number; TAKEN: number }>(
      `SELECT f.MEAN, f.P10, f.P90, COUNT(*) AS TAKEN FROM LOS_BED_FORECASTS AS f
JOIN GENERAL_HOSPITAL.CORE.ENCOUNTERS AS e ON TO_DATE(e.ADMITTED_AT) <= f.NIGHT AND (e.DISCHARGED_AT IS NULL OR TO_DATE(e.DISCHARGED_AT) > f.NIGHT)
WHERE f.LEVEL = 'all' AND f.HORIZON = 1 AND f.KIND = 'forecast' AND f.NIGHT BETWEEN '${from}' AND LEAST('${to}', CURRENT_DATE() - 1)
GROUP BY f.NIGHT, f.MADE_ON, f.MEAN, f.P10, f.P90`,
    );
    const mean = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return {
      count: rows.length,
      mae: Math.round(mean(({ MEAN, TAKEN }) => Math.abs(MEAN - TAKEN))),
      coverage: Math.round(10 * mean(({ P10, P90, TAKEN }) => (TAKEN >= P10 && TAKEN <= P90 ? 1 : 0))) / 10,
    };
  }

  it('goes on until a person ends it: then readers have their views', async () => {
    await apply({ ...ctx, settings: { ...ctx.settings, tasks: { ...ctx.settings.tasks, silent: null } } });
    const read = await readAll('LOS_READ');
    expect([...read.keys()]).to.include.members(['LOS_BEDS', 'LOS_BED_BOARD_FIGURES', 'LOS_ACCURACY']);
    const patients = await readAll('LOS_PATIENTS');
    // The search above finds predictions where they are shown.
    const values = await predictions();
    expect(values.some((value) => patients.get('LOS_PREDICTION_LOG')?.includes(value))).to.equal(true);
  });
});
