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
    await query('UPDATE LOS_PREDICTION_LOG SET PREDICTED_AT = DATEADD(day, -40, PREDICTED_AT)');
    expect((await watch()).events.map(({ kind }) => kind)).to.include('silence over');
    await watch();
    const found = await silence();
    expect(found).to.have.length(1);
    const { admissions, ended, stays } = found[0]!.DETAILS;
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
  });

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
