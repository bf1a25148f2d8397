import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCsv } from '../../../contracts/files/load-csv.js';
import { ChangingHospital, USUAL } from '../../../demo/simulate/hospital.js';
import { callProcedure } from '../../../deploy/clients/call.js';
import { carryOut } from '../../../deploy/commands/command.js';
import { command as train } from '../../../deploy/commands/train.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { longTests } from '../../long.js';
import { csvOf, planted } from '../dataset/planted-leaks.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('a training with a bill among its features', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;
  const patients = Array.from({ length: 20 }, (_, day) =>
    new ChangingHospital(100 + day, () => USUAL, day * 1000).admissions(day, 60),
  ).flat();
  const contract = (bill: string) => `name: billing
table: BILLING
id: ID
los: DAYS
columns: { ID: NUMBER, DAYS: NUMBER, WARD: VARCHAR, AGE: VARCHAR, BILL: FLOAT }
features: { WARD: { type: categorical }, AGE: { type: categorical }, BILL: ${bill} }
`;

  /** The context of a contract in which the bill is said to be so. */
  function said(bill: string) {
    const file = join(local.folder, 'contract.yaml');
    writeFileSync(file, contract(bill));
    return forDataset(root, file);
  }

  before(async () => {
    local = await embeddedCloud('training: { candidates: [squared-error] }', {}, 'applied');
    root = await local.open();
    const { ctx, contract } = said('{ type: numeric }');
    await apply(ctx);
    const days = patients.map(({ stay }) => stay);
    const csv = join(local.folder, 'billing.csv');
    writeFileSync(
      csv,
      csvOf({
        ID: patients.map(({ id }) => id),
        DAYS: days,
        WARD: patients.map(({ WARD_TYPE }) => WARD_TYPE),
        AGE: patients.map(({ AGE }) => AGE),
        BILL: planted(days, 5, { BILL_90: 1 }).BILL_90_1!.values,
      }),
    );
    await loadCsv(ctx, contract, csv, contract.table);
    await runGraph(ctx, contract);
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  type Row = {
    readonly STATUS: string;
    readonly STATE: string;
    readonly MESSAGE: string;
    readonly NEXT_STEP: string;
  };

  /** Steps a run until its rows are divided, or it has failed; while the task LOS_TRAIN holds it, a step passes it by. */
  async function divide(run: string): Promise<Row> {
    for (;;) {
      await root.snowflake.query('CALL STEP_TRAINING()');
      const [row] = await root.snowflake.query<Row>(
        'SELECT STATUS, STATE, MESSAGE, NEXT_STEP FROM LOS_TRAINING_RUNS WHERE RUN_ID = ?',
        [run],
      );
      if (row!.STATUS !== 'OPEN' || !['MAKE_ROOM', 'DIVIDE'].includes(row!.STATE)) return row!;
    }
  }

  const words = /^BILL reveals the stay: BILL alone explains \d\d % of the variance of stays/;

  it('ends before anything is paid, by name, called by SQL and by the task', async () => {
    const { snowflake } = root;
    const { run } = await callProcedure<{ run: string }>(root, 'TRAIN_MODEL', [{ object: {} }]);
    const ended = await divide(run);
    expect(ended).to.include({ STATUS: 'FAILED', STATE: 'DIVIDE' });
    expect(ended.MESSAGE).to.match(words);
    expect(ended.NEXT_STEP)
      .to.match(/^If BILL is not known on admission, name it in afterAdmission/)
      .and.to.contain('knownAtAdmission: true')
      .and.not.to.match(/--resume|force/);
    const [billed] = await snowflake.query<{ S: number }>(
      'SELECT COALESCE(SUM(BILLED_SECONDS), 0) AS S FROM LOS_TRAINING_STEPS WHERE RUN_ID = ?',
      [run],
    );
    expect(Number(billed!.S)).to.equal(0);
  });

  it('says the same on the terminal and in the mail', async () => {
    const { ctx } = said('{ type: numeric }');
    const mails: { event: string; error?: string; next?: string }[] = [];
    const send: typeof ctx.mail.send = async (event, data) => mails.push({ ...data, event }) > 0;
    const args = {
      dataset: join(local.folder, 'contract.yaml'),
      target: 'local',
      json: false,
      verbose: false,
    } as const;
    const error = await Promise.resolve(
      carryOut(train, 'train', { ...ctx, mail: { ...ctx.mail, send } }, args),
    ).then(
      () => expect.fail('it trained'),
      (error: UserError) => error,
    );
    expect(error.message).to.match(words);
    expect(mails).to.have.length(1);
    expect(mails[0]).to.include({ event: 'failure', error: error.message, next: error.next });
  });

  long('goes on where the contract says that it is known on admission', async () => {
    const { ctx } = said('{ type: numeric, knownAtAdmission: true }');
    await apply(ctx);
    const { run } = await callProcedure<{ run: string }>(root, 'TRAIN_MODEL', [{ object: {} }]);
    expect((await divide(run)).STATUS).to.equal('OPEN');
  });
});
